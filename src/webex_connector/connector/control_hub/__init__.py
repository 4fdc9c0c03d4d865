"""
Webex Control Hub: one file for each object class.
"""
