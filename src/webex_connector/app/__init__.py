"""
Floor 6: settings, wiring, serving. The only room that knows everyone.
"""
