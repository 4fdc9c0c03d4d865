"""
`SESSION_TYPES`: what users of the site may host. They are given on the account, in `sessionTypes`.
"""

from webex_connector.connector.meetings_site.attributes import SESSION_TYPES
from webex_connector.connector.meetings_site.catalogue import Catalogue
from webex_connector.icf.attributes import Values
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.meetings_xml.meeting_types import MeetingType
from webex_connector.webex.meetings_xml.site import MeetingsSite


def _shown(name: str, text: str, kind: AttributeType = AttributeType.STRING, *, many: bool = False) -> AttributeInfo:
    return AttributeInfo(name, text, kind, many=many, creatable=False, updateable=False)


SESSION_TYPE = ObjectClassInfo(
    SESSION_TYPES,
    "What users may host. A site may no longer list them.",
    (
        _shown("name", "The name that users see."),
        _shown("prefix", "The product, as Webex abbreviates it: PRO, TRS, ONS and others."),
        _shown("active", "Whether it can be given.", AttributeType.BOOLEAN),
        _shown("services", "The services it belongs to, as MeetingCenter.", many=True),
        _shown("maximumUsers", "How many may take part.", AttributeType.INTEGER),
    ),
    name_attribute="name",
)


def session_types(site: MeetingsSite) -> Catalogue:
    """
    Return the handler of `SESSION_TYPES`.
    """

    async def read(call: Call) -> list[ConnectorObject]:
        return [_object(each) for each in await site.meeting_types.list(call)]

    return Catalogue(SESSION_TYPE, read)


def _object(found: MeetingType) -> ConnectorObject:
    values: dict[str, Values] = {
        "name": (found.name,),
        "prefix": (found.prefix,),
        "active": (found.active,),
        "services": found.services,
        "maximumUsers": (found.most_users,),
    }
    attributes = {name: each for name, each in values.items() if each and each[0] is not None}
    return ConnectorObject(SESSION_TYPES, str(found.id), found.name, attributes)
