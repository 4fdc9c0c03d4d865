"""
The door for people: pages that show the systems and connect them to Webex.
"""
