"""
What may happen to the organisation and what follows from it; no HTTP here.
"""
