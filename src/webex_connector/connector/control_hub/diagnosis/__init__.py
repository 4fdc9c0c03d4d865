"""
The test of the connector: what works, what does not or cannot be told, and what an administrator can do about it.
"""
