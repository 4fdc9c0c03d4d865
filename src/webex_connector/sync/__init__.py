"""
Floor 4: the sync engine: sources, mappings, correlation, situations, a plan, and what becomes of it.
"""
