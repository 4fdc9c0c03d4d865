"""
How the tables came to be what they are, step by step; the same steps on both databases.
"""
