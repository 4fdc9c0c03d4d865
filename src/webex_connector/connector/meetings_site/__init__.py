"""
Classic Webex Meetings sites, by their XML API.
"""
