"""
Webex Connector: one identity connector to Cisco Webex for every identity platform.

The folders are the architecture; `docs/architecture.md` says who may know whom.
"""

__version__ = "0.1.0"
