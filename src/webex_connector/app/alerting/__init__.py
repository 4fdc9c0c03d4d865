"""
Telling people of alerts where they look: a webhook, a mailbox.
"""
