"""
The SCIM 2.0 door (RFC 7643, RFC 7644): Okta, Entra, One Identity, SailPoint, midPoint and Ping provision Webex here.

It knows the model alone. `mapping.py` says what a table of a resource type looks like; `users.py`, `groups.py` and
`catalogues.py` hold the tables.
"""
