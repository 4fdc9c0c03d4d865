"""
`PRIVILEGES`: what users of a site may do. They are given on the account, in `privileges`.

The API has no list of them, so these are those of its schema and its release notes; which of them a site supports shows
when one is given (https://developer.cisco.com/docs/webex-xml-api-reference-guide).
"""

from collections.abc import Mapping

from webex_connector.connector.meetings_site.attributes import PRIVILEGE_CLASS
from webex_connector.connector.meetings_site.catalogue import Catalogue
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.meetings_xml.user_fields import PRIVILEGES

MEANINGS: Mapping[str, str] = {
    "host": "Hosts meetings; takes a host licence.",
    "teleConfCallOut": "Lets the meeting call participants.",
    "teleConfCallOutInternational": "Lets the meeting call participants abroad.",
    "teleConfCallIn": "Lets participants call in.",
    "teleConfTollFreeCallIn": "Lets participants call in free of charge.",
    "siteAdmin": "Administers the site.",
    "voiceOverIp": "Uses the computer's audio.",
    "roSiteAdmin": "Sees the administration of the site and changes nothing.",
    "labAdmin": "Administers hands-on labs.",
    "otherTelephony": "Uses telephony of other providers.",
    "teleConfCallInInternational": "Lets participants call in by local numbers abroad.",
    "attendeeOnly": "Takes part in meetings and hosts none.",
    "recordingEditor": "Edits recordings.",
    "meetingAssist": "Asks for assistance in meetings.",
    "HQvideo": "Sends video in high quality.",
    "HDvideo": "Sends video in high definition.",
    "isEnableCET": "Has collaboration meeting rooms.",
    "isEnablePMR": "Has a personal room.",
    "teleCLIAuthEnabled": "Is known by the number that calls.",
    "teleCLIPINEnabled": "Is asked for a PIN when calling.",
    "allowExtAttendees": "Lets people from outside take part.",
}
"""
What each allows, in a sentence.
"""


def _shown(name: str, text: str) -> AttributeInfo:
    return AttributeInfo(name, text, creatable=False, updateable=False)


PRIVILEGE = ObjectClassInfo(
    PRIVILEGE_CLASS,
    "What users may do.",
    (_shown("name", "Its name in the API."), _shown("description", "What it allows.")),
    name_attribute="name",
)


def privileges() -> Catalogue:
    """
    Return the handler of `PRIVILEGES`.
    """
    known = [
        ConnectorObject(PRIVILEGE_CLASS, name, name, {"name": (name,), "description": (MEANINGS[name],)})
        for name in PRIVILEGES
    ]

    async def read(_call: Call) -> list[ConnectorObject]:
        return known

    return Catalogue(PRIVILEGE, read)
