"""
The sections of the sync file, one file each: what may stand there, and how it is read.
"""
