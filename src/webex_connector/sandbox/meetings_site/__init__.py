"""
A simulated classic Webex Meetings site that speaks the XML API; it shares no code with the client.

Facts follow the XML API Reference Guide (https://developer.cisco.com/docs/webex-xml-api-reference-guide), whose pages
are cited here as REF with their titles, and the schemas of its user, site and meeting-type services; what is published
nowhere is a switch in `quirks.py`.
"""
