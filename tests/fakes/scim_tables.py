"""
The resource types of the SCIM door, bound to the Control Hub connector.
"""

from webex_connector.app.kinds import control_hub
from webex_connector.connector.properties import PROPERTIES
from webex_connector.gateway.scim.dialects import Dialect, Groups, resources_of
from webex_connector.gateway.scim.mapping import Resource, bound
from webex_connector.icf.configuration import configured
from webex_connector.icf.schema import Schema

VALUES = {
    "serviceUri": "https://webexapis.com/v1",
    "clientId": "c",
    "clientSecret": "s",
    "refreshToken": "r",
    "objectClasses": ["TEAMS"],
}


def schema(**more: object) -> Schema:
    """
    Return the schema of the connector with these properties. Nothing is sent.
    """
    return control_hub.schema(configured(PROPERTIES, {**VALUES, **more}), {})


def resource(
    name: str, dialect: Dialect = Dialect.STANDARD, groups: Groups = Groups.GROUPS, **properties: object
) -> Resource:
    """
    Return a resource type by its name. Raises StopIteration when there is none.
    """
    found = next(each for each in resources_of(dialect, groups) if each.name == name)
    return bound(found, schema(**properties).object_class(found.object_class))
