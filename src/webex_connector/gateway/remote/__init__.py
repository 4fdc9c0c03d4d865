"""
The remote connector server: identity platforms written in Java use the connector as if it were one of their own.
"""
