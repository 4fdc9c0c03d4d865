"""
One file for each table of the settings file: what may stand in it, and how it is read.
"""
