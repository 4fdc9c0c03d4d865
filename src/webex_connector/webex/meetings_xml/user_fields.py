"""
The elements of a user, in the order of the published schema (`user.xsd`), as paths: `address/city`.

Sources: https://developer.cisco.com/docs/webex-xml-api-reference-guide (CreateUser, SetUser, GetUser) and the XML
schemas that Cisco published with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from webex_connector.base.secret import Secret
from webex_connector.webex.meetings_xml.operations import Field

Scalar: TypeAlias = str | int | bool | Secret

Values: TypeAlias = Mapping[str, Scalar | Sequence[Scalar]]
"""
Values of a user's elements by their path; a sequence repeats the last element of the path.
"""


class Kind(Enum):
    """
    What stands in an element.
    """

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    SECRET = "secret"  # noqa: S105 - a kind of element, not a password
    MOMENT = "moment"
    """`MM/DD/YYYY HH:MM:SS`, of no stated time zone."""


@dataclass(frozen=True, slots=True)
class UserField:
    """
    One element.
    """

    path: str
    kind: Kind = Kind.TEXT
    longest: int | None = None
    """Characters, where a limit is published."""

    allowed: tuple[str, ...] = ()
    many: bool = False
    creatable: bool = True
    settable: bool = True
    readable: bool = True


def _texts(parent: str, *names: str, longest: int | None = None) -> tuple[UserField, ...]:
    return tuple(UserField(f"{parent}{name}", longest=longest) for name in names)


def _flags(parent: str, *names: str) -> tuple[UserField, ...]:
    return tuple(UserField(f"{parent}/{name}", Kind.FLAG) for name in names)


def _read(path: str, kind: Kind = Kind.TEXT, *, many: bool = False) -> UserField:
    return UserField(path, kind, many=many, creatable=False, settable=False)


SERVICES = ("meetingCenter", "trainingCenter", "supportCenter", "eventCenter", "salesCenter")
"""
What a site can be used for; each can be allowed to a user.
"""

PRIVILEGES = (
    "host",
    "teleConfCallOut",
    "teleConfCallOutInternational",
    "teleConfCallIn",
    "teleConfTollFreeCallIn",
    "siteAdmin",
    "voiceOverIp",
    "roSiteAdmin",
    "labAdmin",
    "otherTelephony",
    "teleConfCallInInternational",
    "attendeeOnly",
    "recordingEditor",
    "meetingAssist",
    "HQvideo",
    "HDvideo",
    "isEnableCET",
    "isEnablePMR",
    "teleCLIAuthEnabled",
    "teleCLIPINEnabled",
    "allowExtAttendees",
)
"""
What a user may do. Those from `HQvideo` on came after the published schema.
"""

LANGUAGES = (
    "ENGLISH",
    "INTERNATIONAL ENGLISH",
    "SIMPLIFIED CHINESE",
    "TRADITIONAL CHINESE",
    "JAPANESE",
    "KOREAN",
    "FRENCH",
    "CANADIAN FRENCH",
    "GERMAN",
    "ITALIAN",
    "CASTILIAN SPANISH",
    "LATIN AMERICAN SPANISH",
    "SPANISH",
    "SWEDISH",
    "DUTCH",
    "BRAZILIAN PORTUGUESE",
    "PORTUGUESE",
)
"""
The languages of the published schema; later releases may know more.
"""

STATES = ("ACTIVATED", "REQUEST_TO_ACTIVATE", "DEACTIVATED")
"""
The values of `active`.
"""

USER_FIELDS: tuple[UserField, ...] = (
    *_texts("", "firstName", "lastName", longest=64),
    *_texts("", "title"),
    UserField("categoryId", Kind.NUMBER),
    UserField("description", longest=4000),
    *_texts("", "officeGreeting"),
    UserField("company", longest=128),
    UserField("webExId", longest=64),
    UserField("address/addressType", allowed=("PERSONAL", "GLOBAL")),
    *_texts("address/", "address1", "address2", longest=128),
    *_texts("address/", "city", "state", "zipCode"),
    UserField("address/country", longest=64),
    *_texts("phones/", "phone", "mobilePhone", "fax", "phone2", "mobilePhone2", "pager", longest=64),
    UserField("phones/PIN", Kind.SECRET, readable=False),
    *_texts("", "email", "email2", "officeurl"),
    UserField("password", Kind.SECRET, longest=60, readable=False),
    UserField("passwordHint"),
    UserField("passwordHintAnswer", Kind.SECRET, readable=False),
    UserField("personalUrl"),
    UserField("expirationDate", Kind.MOMENT),
    *_flags(
        "commOptions",
        *("prodAnnounce", "trainingInfo", "electronicInfo", "promos", "press", "email", "fax", "phone", "mail"),
    ),
    UserField("meetingTypes/meetingType", Kind.NUMBER, many=True),
    *_flags(
        "options",
        *("firstNameVisible", "lastNameVisible", "addressVisible", "workPhoneVisible", "cellPhoneVisible"),
        *("pagerVisible", "faxVisible", "officeUrlVisible", "pictureVisible", "notifyOnNewMessage"),
        *("notifyOnMeeting", "followMeEnable", "emailVisible", "listInCategory", "titleVisible"),
        *("folderRead", "folderWrite", "messageVisible", "iconSelect1", "iconSelect2", "acceptLinkRequest"),
        *("holdOnLinkRequest", "notifyOnLinkRequest", "supportVideo", "supportApp", "supportFileShare"),
        *("supportDesktopShare", "supportMeetingRecord", "supportAppshareRemote", "supportWebTourRemote"),
        *("supportDesktopShareRemote", "subscriptionOffice", "workPhoneCallback", "cellPhoneCallback"),
        *("faxCallback", "pagerCallback"),
    ),
    UserField("timeZoneID", Kind.NUMBER),
    _read("timeZone"),
    _read("timeZoneWithDST"),
    *_texts("tracking/", *(f"trackingCode{number}" for number in range(1, 11)), longest=128),
    UserField("service", allowed=("FREE_OFFICE", "STANDARD_OFFICE", "PRO_OFFICE")),
    *_flags("privilege", *PRIVILEGES),
    UserField("language"),
    UserField("locale"),
    UserField("schedulingPermission"),
    UserField("active", allowed=STATES),
    *_flags("supportedServices", *SERVICES),
    *_flags(
        "myWebEx",
        *("isMyWebExPro", "myContact", "myProfile", "myMeetings", "myFolders", "trainingRecordings", "recordedEvents"),
    ),
    UserField("myWebEx/totalStorageSize", Kind.NUMBER),
    *_flags("myWebEx", "myReports"),
    UserField("myWebEx/myComputer", Kind.NUMBER),
    *_flags("myWebEx", "personalMeetingRoom", "myPartnerLinks", "myWorkspaces"),
    *_texts("personalMeetingRoom/", "welcomeMessage", "photoURL"),
    *_flags("personalMeetingRoom", "headerImageBranding"),
    *_texts("personalMeetingRoom/", "headerImageURL", "title"),
    _read("personalMeetingRoom/personalMeetingRoomURL"),
    _read("personalMeetingRoom/sipURL"),
    _read("personalMeetingRoom/accessCode"),
    UserField("personalMeetingRoom/hostPIN", Kind.SECRET, readable=False),
    UserField("sessionOptions/defaultSessionType", Kind.NUMBER),
    UserField(
        "sessionOptions/defaultServiceType",
        allowed=("MeetingCenter", "EventCenter", "TrainingCenter", "SupportCenter", "SalesCenter"),
    ),
    *_flags("sessionOptions", "autoDeleteAfterMeetingEnd", "displayQuickStartHost", "displayQuickStartAttendees"),
    UserField("mpProfileNumber", longest=64),
    *_flags("security", "forceChangePassword", "resetPassword", "lockAccount"),
    _read("languageID", Kind.NUMBER),
    UserField("newWebExId", longest=64, creatable=False, readable=False),
    UserField("syncWebOffice", Kind.FLAG, readable=False),
    UserField("sendWelcome", Kind.FLAG, settable=False, readable=False),
    _read("registrationDate", Kind.MOMENT),
    _read("visitCount", Kind.NUMBER),
    _read("userId", Kind.NUMBER),
    _read("passwordExpires", Kind.FLAG),
    _read("passwordDaysLeft", Kind.NUMBER),
    _read("scheduleFor/webExID", many=True),
)
"""
What the connector reads and writes. Left out: accounts with telephony providers, Support Center, and sales teams.
"""

_BY_PATH: Mapping[str, UserField] = {each.path: each for each in USER_FIELDS}


def user_field(path: str) -> UserField:
    """
    Return the facts of an element. Raise KeyError for a path that is none.
    """
    return _BY_PATH[path]


def elements(values: Values) -> dict[str, Field]:
    """
    Return the values as elements within one another, in the schema's order. Raise KeyError for a path that is none.
    """
    unknown = values.keys() - _BY_PATH.keys()
    if unknown:
        raise KeyError(f"no element of a user: {', '.join(sorted(unknown))}")
    tree: dict[str, Field] = {}
    for each in USER_FIELDS:
        if each.path in values:
            parent, _, name = each.path.rpartition("/")
            place = tree.setdefault(parent, {}) if parent else tree
            if isinstance(place, dict):
                place[name] = values[each.path]
    return tree
