"""
What the organisation was like, and when; what has changed since, and by whom; which licences are used.
"""
