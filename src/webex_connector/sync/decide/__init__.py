"""
What is decided, without reading or writing anything.
"""
