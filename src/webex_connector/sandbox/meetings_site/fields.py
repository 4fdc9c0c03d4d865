"""
What a user of a classic site consists of, as data: names, order, kinds and limits of the published `userType`
(REF "Elements in WebEx XML schema definitions for the user service").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """
    What a value may be.
    """

    TEXT = "text"
    FLAG = "flag"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Field:
    """
    An element with a text.
    """

    name: str
    kind: Kind = Kind.TEXT
    limit: int = 0
    """The most characters; zero for any number."""
    choices: tuple[str, ...] = ()
    default: str = ""
    """What is read when nothing was written; empty for an element that is then left out."""
    prefix: str = "use"
    """The namespace of the element in answers."""
    is_written: bool = True
    """Whether it can be written at all; otherwise it is passed over."""


@dataclass(frozen=True, slots=True)
class Group:
    """
    An element with elements.
    """

    name: str
    members: tuple["Field | Group", ...]


LANGUAGES = {
    "ENGLISH": 1,
    "INTERNATIONAL ENGLISH": 2,
    "SIMPLIFIED CHINESE": 3,
    "TRADITIONAL CHINESE": 4,
    "JAPANESE": 5,
    "KOREAN": 6,
    "FRENCH": 7,
    "CANADIAN FRENCH": 8,
    "GERMAN": 9,
    "ITALIAN": 10,
    "CASTILIAN SPANISH": 11,
    "LATIN AMERICAN SPANISH": 12,
    "SWEDISH": 13,
    "DUTCH": 14,
    "BRAZILIAN PORTUGUESE": 15,
    "PORTUGUESE": 16,
    "SPANISH": 17,
}
"""
The languages and their numbers, of which 1 and 9 were seen; the others are invented.
"""

STATES = ("ACTIVATED", "REQUEST_TO_ACTIVATE", "DEACTIVATED")
"""
What `active` may be.
"""

CENTERS = ("meetingCenter", "trainingCenter", "supportCenter", "eventCenter", "salesCenter")
"""
The services a user may have.
"""

_SERVICE_TYPES = ("MeetingCenter", "EventCenter", "TrainingCenter", "SupportCenter", "SalesCenter")
_COMMUNICATION = "prodAnnounce trainingInfo electronicInfo promos press email fax phone mail"
_OPTIONS = (
    "firstNameVisible lastNameVisible addressVisible workPhoneVisible cellPhoneVisible pagerVisible faxVisible "
    "officeUrlVisible pictureVisible notifyOnNewMessage notifyOnMeeting followMeEnable emailVisible listInCategory "
    "titleVisible folderRead folderWrite messageVisible iconSelect1 iconSelect2 acceptLinkRequest holdOnLinkRequest "
    "notifyOnLinkRequest supportVideo supportApp supportFileShare supportDesktopShare supportMeetingRecord "
    "supportAppshareRemote supportWebTourRemote supportDesktopShareRemote subscriptionOffice workPhoneCallback "
    "cellPhoneCallback faxCallback pagerCallback"
)
_PRIVILEGES = (
    "host teleConfCallOut teleConfCallOutInternational teleConfCallIn teleConfTollFreeCallIn siteAdmin voiceOverIp "
    "roSiteAdmin labAdmin otherTelephony teleConfCallInInternational attendeeOnly recordingEditor meetingAssist "
    "HQvideo HDvideo isEnableCET isEnablePMR teleCLIAuthEnabled teleCLIPINEnabled allowExtAttendees"
)
PRIVILEGES = tuple(_PRIVILEGES.split())
"""
What a user may be allowed.
"""

IGNORED = frozenset(
    {
        "personalMeetingRoom/PRNotifications",
        "personalMeetingRoom/alternateHost",
        "personalTeleconf",
        "personalTeleconfNotification",
        "remoteAccess",
        "remoteSupport",
        "registrationDate",
        "salesCenter",
        "sendWelcome",
        "supportCenter",
        "syncWebOffice",
        "thirdPartyTeleconf",
        "tspAccount",
        "userId",
        "validateFormat",
        "visitCount",
        "webACDPrefs",
    }
)
"""
Elements of CreateUser and SetUser that are taken and not kept: telephony, legacy services, and what says how to write.
"""

APART = frozenset({"meetingTypes", "newWebExId", "password", "security"})
"""
Elements with rules of their own.
"""


def _flags(names: str) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.FLAG, default="false") for name in names.split())


def _texts(names: str, limit: int = 0, prefix: str = "use") -> tuple[Field, ...]:
    return tuple(Field(name, limit=limit, prefix=prefix) for name in names.split())


_ADDRESS = (
    Field("addressType", choices=("PERSONAL", "GLOBAL"), default="PERSONAL", prefix="com"),
    *_texts("address1 address2", 128, "com"),
    *_texts("city state zipCode", prefix="com"),
    Field("country", limit=64, prefix="com"),
)
_PHONES = (*_texts("phone mobilePhone fax", 64, "com"), *_texts("phone2 mobilePhone2 pager", 64), Field("PIN"))
_MY_WEBEX = (
    *_flags("isMyWebExPro myContact myProfile myMeetings myFolders trainingRecordings recordedEvents"),
    Field("totalStorageSize", Kind.WHOLE),
    *_flags("myReports"),
    Field("myComputer", Kind.WHOLE),
    *_flags("personalMeetingRoom myPartnerLinks myWorkspaces"),
    Field("additionalRecordingStorage", Kind.WHOLE),
)
_ROOM = (
    *_texts("welcomeMessage photoURL"),
    *_flags("headerImageBranding"),
    *_texts("headerImageURL title"),
    *(Field(name, is_written=False) for name in ("personalMeetingRoomURL", "sipURL", "accessCode")),
    Field("hostPIN"),
    *_flags("applyPMRForInstantMeeting PMRAutoLock"),
    Field("PMRAutoLockWaitTime", Kind.WHOLE),
)
_SESSIONS = (
    Field("defaultSessionType", Kind.WHOLE),
    Field("defaultServiceType", choices=_SERVICE_TYPES),
    *_flags("autoDeleteAfterMeetingEnd displayQuickStartHost displayQuickStartAttendees"),
)

USER_TYPE: tuple[Field | Group, ...] = (
    Field("firstName", limit=64),
    Field("lastName", limit=64),
    Field("title"),
    Field("categoryId", Kind.WHOLE, default="0"),
    Field("description", limit=4000),
    Field("officeGreeting"),
    Field("company", limit=128),
    Field("webExId", limit=64),
    Group("address", _ADDRESS),
    Group("phones", _PHONES),
    Field("email"),
    Field("email2"),
    Field("officeurl"),
    Field("password", limit=60),
    Field("passwordHint"),
    Field("passwordHintAnswer"),
    Field("personalUrl"),
    Field("expirationDate", default="12/31/2049 23:59:59"),
    Group("commOptions", _flags(_COMMUNICATION)),
    Group("meetingTypes", ()),
    Group("options", _flags(_OPTIONS)),
    Field("timeZoneID", Kind.WHOLE),
    Field("timeZone", is_written=False),
    Field("timeZoneWithDST", is_written=False),
    Group("tracking", tuple(Field(f"trackingCode{number}", limit=128, prefix="com") for number in range(1, 11))),
    Field("service", choices=("FREE_OFFICE", "STANDARD_OFFICE", "PRO_OFFICE"), default="FREE_OFFICE"),
    Group(
        "privilege",
        tuple(Field(n, Kind.FLAG, default="true" if n == "otherTelephony" else "false") for n in PRIVILEGES),
    ),
    Field("language", default="ENGLISH"),
    Field("locale", default="U.S."),
    Field("schedulingPermission"),
    Field("active", choices=STATES, default="ACTIVATED"),
    Group("supportedServices", _flags(" ".join(CENTERS))),
    Group("myWebEx", _MY_WEBEX),
    Group("personalMeetingRoom", _ROOM),
    Group("sessionOptions", _SESSIONS),
    Field("mpProfileNumber", limit=64),
    Group("security", _flags("forceChangePassword resetPassword lockAccount")),
    Field("languageID", Kind.WHOLE, is_written=False),
)
"""
A user, in the order of the schema.
"""


def leaves(of: tuple[Field | Group, ...] = USER_TYPE, path: str = "") -> Iterator[tuple[str, Field]]:
    """
    Yield all fields with their paths, such as `address/city`.
    """
    for part in of:
        if isinstance(part, Group):
            yield from leaves(part.members, f"{path}{part.name}/")
        else:
            yield f"{path}{part.name}", part


FIELDS = dict(leaves())
"""
All fields by path.
"""

GROUPS = {part.name: part for part in USER_TYPE if isinstance(part, Group)}
"""
The elements with elements.
"""
