"""
The classic Webex Meetings XML API: https://developer.cisco.com/docs/webex-xml-api-reference-guide.
"""
