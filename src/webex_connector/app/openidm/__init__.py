"""
Mappings of OpenIDM and PingIDM, read as they are.
"""
