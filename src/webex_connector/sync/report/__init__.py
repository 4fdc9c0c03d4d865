"""
A plan as people read it, one file a form.
"""
