"""
The demonstration: a simulated organisation, a door in front of it, and a walk through the reference page's requests.
"""
