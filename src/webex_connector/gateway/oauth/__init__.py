"""
The token endpoint (RFC 6749): clients exchange what they show for a short-lived access token.
"""
