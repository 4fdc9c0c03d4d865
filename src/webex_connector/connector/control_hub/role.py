"""
`ROLES`: the administrator roles there are (https://developer.webex.com/docs/api/v1/roles). They are granted on the
account.
"""

from webex_connector.connector.control_hub.catalogue import Catalogue
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo
from webex_connector.webex.client import WebexClient

ROLE = ObjectClassInfo(
    "ROLES",
    "Administrator roles.",
    (
        AttributeInfo(
            "name",
            "The role's name, which is its __NAME__ too.",
            creatable=False,
            updateable=False,
            returned_by_default=False,
        ),
    ),
    name_attribute="name",
)


def roles(client: WebexClient) -> Catalogue:
    """
    Return the handler of `ROLES`.
    """
    return Catalogue(ROLE, client.roles)
