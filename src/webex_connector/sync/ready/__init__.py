"""
Ready mappings, to be copied into a sync file: those of well-known platforms.
"""
