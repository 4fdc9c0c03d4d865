"""
The kinds of connectors, one file each: their properties, and how they are opened and named.
"""
