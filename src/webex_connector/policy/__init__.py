"""
Floor 3: pure rules. What is safe, and who may not be touched.
"""
