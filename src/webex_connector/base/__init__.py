"""
Floor 1: clock and sleeping, secrets that never print, a structured log with redaction.
"""
