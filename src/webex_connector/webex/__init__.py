"""
Floor 2: the Webex API client: tokens, pacing, transport, and one file for each resource.
"""
