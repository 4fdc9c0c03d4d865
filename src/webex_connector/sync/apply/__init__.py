"""
What becomes of an approved plan.
"""
