"""
`LICENSES`: the licences of the organisation (https://developer.webex.com/docs/api/v1/licenses). They are given on the
account. Names change from time to time: tell licences apart by uid.
"""

from webex_connector.connector.control_hub.catalogue import Catalogue
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.webex.client import WebexClient


def _fact(name: str, text: str, kind: AttributeType = AttributeType.STRING) -> AttributeInfo:
    return AttributeInfo(name, text, kind, creatable=False, updateable=False)


LICENSE = ObjectClassInfo(
    "LICENSES",
    "Licences that people and workspaces can hold.",
    (
        _fact("name", "The licence's name, which is its __NAME__ too."),
        _fact("totalUnits", "How many there are; free licences show as many as are used.", AttributeType.INTEGER),
        _fact("consumedUnits", "How many are used.", AttributeType.INTEGER),
        _fact("consumedByUsers", "How many of them by people.", AttributeType.INTEGER),
        _fact("consumedByWorkspaces", "How many of them by workspaces.", AttributeType.INTEGER),
        _fact("subscriptionId", "The subscription it belongs to; free licences have none."),
        _fact("siteUrl", "The meetings site it is for."),
        _fact("siteType", "Who manages that site."),
    ),
    name_attribute="name",
)


def licenses(client: WebexClient) -> Catalogue:
    """
    Return the handler of `LICENSES`.
    """
    return Catalogue(LICENSE, client.licenses)
