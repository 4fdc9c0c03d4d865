"""
Floor 2: the identity-connector model. It knows neither Webex nor any network nor any database.

The words follow the Identity Connector Framework (ConnId, OpenICF): object class, uid, name, attribute, delta, filter,
operation options, schema.
"""
