"""
What every connector promises, as checks that anyone can run against an object class of any connector.
"""
