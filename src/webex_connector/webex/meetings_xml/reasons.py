"""
What the codes of the XML API mean: one table from `exceptionID` to the tree in `webex/errors.py`.

Sources: https://developer.cisco.com/docs/webex-xml-api-reference-guide (error handling), its release notes, and what
Cisco's own administration pages show for these codes. Texts may change, says Cisco, so only codes are read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from webex_connector.webex.errors import (
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    ServerFailed,
    Throttled,
    TokenRefused,
    Unauthorized,
    WebexError,
)
from webex_connector.webex.meetings_xml.markup import Node

RATE_LIMIT_WAIT = 60.0
"""
Seconds for which a caller is turned away after too many requests (release notes of XML API 9.0 SP5.1).
"""

NO_RECORD = "000015"
"""
An empty list.
"""

NO_SUCH_USER = "030001"
"""
The user is not on the site: the one asked for, or the one who asks.
"""

TICKET_UNFIT = "030104"
"""
The operation takes a password and no session ticket.
"""

STALE_TICKETS = frozenset({"030046", "030047"})
"""
The session ticket has ended, or is none.
"""


class Category(Enum):
    """
    What a code is about.
    """

    EMPTY = "empty"
    PERMISSION = "permission"
    PASSING = "passing"
    """Something behind the site failed; the same request may succeed in a moment."""

    THROTTLE = "throttle"
    NOT_FOUND = "not found"
    LOGIN = "login"
    """The caller's own user name or password is wrong, or locked. Repeating it locks the account."""

    STATE = "state"
    """An account is in a state in which this cannot be done with it: the caller's, or the one asked for."""

    TICKET = "ticket"
    WAY_OF_LOGIN = "way of login"
    """The site, or the operation, wants another way of logging in."""

    CONFLICT = "conflict"
    QUOTA = "quota"
    """There are no free licences for it."""

    PASSWORD = "password"  # noqa: S105 - a kind of refusal, not a password
    """The site's rules for passwords refuse this one."""

    VALIDATION = "validation"
    UNSUPPORTED = "unsupported"
    """Sites of this kind do not do it; sites managed in Control Hub refuse much."""

    UNKNOWN = "unknown"
    """A code that the table lacks."""


_KINDS: Mapping[Category, type[WebexError]] = {
    Category.EMPTY: NotFound,
    Category.PERMISSION: Forbidden,
    Category.PASSING: ServerFailed,
    Category.THROTTLE: Throttled,
    Category.NOT_FOUND: NotFound,
    Category.LOGIN: Unauthorized,
    Category.STATE: Refused,
    Category.TICKET: TokenRefused,
    Category.WAY_OF_LOGIN: TokenRefused,
    Category.CONFLICT: Conflict,
    Category.QUOTA: Refused,
    Category.PASSWORD: Refused,
    Category.VALIDATION: Refused,
    Category.UNSUPPORTED: Refused,
    Category.UNKNOWN: Refused,
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """
    What a code says, in our words.
    """

    category: Category
    text: str
    field: str | None = None
    """The element of a user that it is about."""

    @property
    def kind(self) -> type[WebexError]:
        """
        The error it is.
        """
        return _KINDS[self.category]


_EMPTY, _PASSING, _VALIDATION, _QUOTA = Category.EMPTY, Category.PASSING, Category.VALIDATION, Category.QUOTA
_LOGIN, _STATE, _PASSWORD = Category.LOGIN, Category.STATE, Category.PASSWORD
_CONFLICT, _MISSING = Category.CONFLICT, Category.NOT_FOUND

MEANINGS: Mapping[str, Meaning] = {
    "000000": Meaning(_PASSING, "the site could not process the request"),
    "000001": Meaning(Category.PERMISSION, "the user who asks is not a full administrator of the site"),
    "000003": Meaning(_PASSING, "the site's database failed"),
    NO_RECORD: Meaning(_EMPTY, "there is no such record"),
    "000029": Meaning(_PASSING, "the site could not process the request"),
    "000035": Meaning(_PASSING, "a service behind the site does not answer"),
    "000045": Meaning(Category.THROTTLE, "too many requests in this minute"),
    "010086": Meaning(_VALIDATION, "the site has no hybrid audio"),
    NO_SUCH_USER: Meaning(_MISSING, "no such user on the site"),
    "030002": Meaning(_LOGIN, "user name or password is wrong"),
    "030003": Meaning(_PASSWORD, "the password is too short", "password"),
    "030004": Meaning(_CONFLICT, "the WebEx ID is taken on this site", "webExId"),
    "030005": Meaning(_CONFLICT, "the e-mail address is taken on this site", "email"),
    "030006": Meaning(_STATE, "the user was rejected"),
    "030007": Meaning(_STATE, "the account has expired"),
    "030008": Meaning(_STATE, "the account is not active"),
    "030009": Meaning(_VALIDATION, "WebEx ID, password, e-mail address, first or last name is missing"),
    "030010": Meaning(_QUOTA, "the site has no host licence left", "active"),
    "030011": Meaning(_VALIDATION, "the site has no call-in teleconferences", "privilege/teleConfCallIn"),
    "030012": Meaning(_VALIDATION, "the site has no call-back teleconferences", "privilege/teleConfCallOut"),
    "030013": Meaning(_VALIDATION, "the telephony provider's account is not authorised"),
    "030014": Meaning(_VALIDATION, "a user has one telephony provider's account as default"),
    "030015": Meaning(_QUOTA, "the site has no My WebEx Pro licence left", "myWebEx/isMyWebExPro"),
    "030016": Meaning(_QUOTA, "the storage of My WebEx is used up", "myWebEx/totalStorageSize"),
    "030017": Meaning(_QUOTA, "the computers of My WebEx are used up", "myWebEx/myComputer"),
    "030018": Meaning(_VALIDATION, "the telephony provider's account has a wrong index"),
    "030019": Meaning(_VALIDATION, "a user who may schedule is not on the site", "schedulingPermission"),
    "030021": Meaning(_VALIDATION, "the manager is not on the site"),
    "030022": Meaning(_VALIDATION, "the site allows no telephony provider's account"),
    "030023": Meaning(
        _VALIDATION, "the site has no international local call-in", "privilege/teleConfCallInInternational"
    ),
    "030025": Meaning(_VALIDATION, "the site does not support this type of service", "service"),
    "030029": Meaning(_STATE, "the password must be changed first"),
    "030030": Meaning(_LOGIN, "the account is locked"),
    "030031": Meaning(_STATE, "the password has expired"),
    "030032": Meaning(_PASSWORD, "the password was used before", "password"),
    "030036": Meaning(_VALIDATION, "the site has no toll-free call-in", "privilege/teleConfTollFreeCallIn"),
    "030037": Meaning(_VALIDATION, "the site does not support One-Click"),
    "030045": Meaning(_VALIDATION, "who only attends has no Service Desk"),
    "030046": Meaning(Category.TICKET, "the session ticket is not valid any more"),
    "030047": Meaning(Category.TICKET, "this is no session ticket"),
    "030048": Meaning(Category.TICKET, "the site cannot make a session ticket for this user"),
    "030050": Meaning(_VALIDATION, "the site has no voice over IP", "privilege/voiceOverIp"),
    "030051": Meaning(_CONFLICT, "the MeetingPlace profile number is taken", "mpProfileNumber"),
    "030053": Meaning(
        _VALIDATION, "who resets a password must force its change as well", "security/forceChangePassword"
    ),
    "030054": Meaning(_VALIDATION, "the site does not support recordings of trainings", "myWebEx/trainingRecordings"),
    "030055": Meaning(_VALIDATION, "without a new password it must be reset", "security/resetPassword"),
    "030056": Meaning(Category.PERMISSION, "administrators of this site may not set passwords; reset it", "password"),
    "030057": Meaning(
        _VALIDATION, "a change of the password that is pending cannot be called off", "security/forceChangePassword"
    ),
    "030058": Meaning(_PASSWORD, "the password has characters that the site does not take", "password"),
    "030059": Meaning(_STATE, "the account is not confirmed yet"),
    "030060": Meaning(_VALIDATION, "the site does not know the language", "language"),
    "030062": Meaning(_VALIDATION, "the e-mail address has characters that the site does not take", "email"),
    "030070": Meaning(_PASSING, "a service behind the site did not accept the site"),
    "030071": Meaning(_PASSING, "a service behind the site does not answer"),
    "030072": Meaning(_PASSING, "a service behind the site did not take the change over"),
    "030073": Meaning(_VALIDATION, "the site does not support recordings of events", "myWebEx/recordedEvents"),
    "030074": Meaning(_VALIDATION, "the site does not support external meetings"),
    "030077": Meaning(_VALIDATION, "personal conferences need the session type Meeting Center Pro", "meetingTypes"),
    "030098": Meaning(Category.UNSUPPORTED, "users of a site that Control Hub manages are made in Control Hub"),
    "030103": Meaning(Category.UNSUPPORTED, "the site does not let this role be assigned", "privilege"),
    TICKET_UNFIT: Meaning(Category.WAY_OF_LOGIN, "the operation takes no session ticket"),
    "030105": Meaning(_PASSING, "the user's profile could not be set up or changed"),
    "039001": Meaning(_MISSING, "no such WebEx ID"),
    "039002": Meaning(_MISSING, "no such member"),
    "039003": Meaning(_MISSING, "no such attendee"),
    "039004": Meaning(_MISSING, "no such user"),
    "039006": Meaning(_CONFLICT, "the e-mail address is taken", "email"),
    "039007": Meaning(_VALIDATION, "the site does not take the e-mail address", "email"),
    "060001": Meaning(_MISSING, "no such meeting"),
    "060019": Meaning(_MISSING, "no such host"),
    "060021": Meaning(Category.PERMISSION, "the user who asks may not schedule for this host"),
    "060026": Meaning(_VALIDATION, "the meeting's password is missing"),
    "060048": Meaning(_VALIDATION, "a meeting room needs call-in or voice over IP", "privilege/isEnableCET"),
    "060049": Meaning(_VALIDATION, "a meeting room needs call-in or voice over IP", "privilege/isEnableCET"),
    "110055": Meaning(_QUOTA, "the session type has no licence left", "meetingTypes"),
    "200005": Meaning(Category.WAY_OF_LOGIN, "the site's users log in through an identity provider"),
    "999999": Meaning(_PASSING, "the site could not process the request"),
    "AS0001": Meaning(_PASSING, "the authentication service failed"),
}

_UNKNOWN = Meaning(Category.UNKNOWN, "a code that is not published")


def meaning_of(error: WebexError) -> Meaning | None:
    """
    Return what the site's own code says; None for an error that did not come from the XML API.
    """
    return MEANINGS.get(error.codes[0], _UNKNOWN) if error.codes else None


def refusal(response: Node, request: str, tracking_id: str | None, hidden: Callable[[str], str]) -> WebexError:
    """
    Return the error for a failure. `hidden` masks what no text may show.

    What the site says while it runs on its backup servers is believed of the log-in and of nothing else: they may lag
    behind, so that what they do not find may well be there.
    """
    codes = tuple(_codes(response))
    meaning = MEANINGS.get(codes[0], _UNKNOWN) if codes else _UNKNOWN
    kind, text = meaning.kind, meaning.text
    backup = (response.word("gsbStatus") or "").upper() == "BACKUP"
    if backup and kind not in {Unauthorized, Throttled, TokenRefused}:
        kind, text = ServerFailed, f"the site runs on its backup servers: {text}"
    told = tuple(hidden(each) for each in _told(response))
    said = f" ({'; '.join(told)})" if told else ""
    return kind(
        f"{' '.join(codes) or 'no code'}: {text}{said}",
        request=request,
        # 030001 may be about the log-in; repeating that would count against it.
        status=None if backup and codes[:1] == (NO_SUCH_USER,) else 200,
        tracking_id=tracking_id,
        descriptions=told,
        codes=codes,
        wait=RATE_LIMIT_WAIT if kind is Throttled else None,
    )


def _codes(response: Node) -> list[str]:
    errors = [response, *(sub for each in response.all("subErrors") for sub in each.all("subError"))]
    found = (each.word("exceptionID") for each in errors)
    # Release notes write them with a letter before them.
    return [code[1:] if code[:1] == "E" and code[1:].isdigit() else code for code in found if code]


def _told(response: Node) -> list[str]:
    errors = [response, *(sub for each in response.all("subErrors") for sub in each.all("subError"))]
    found = (text for each in errors for text in (each.word("reason"), each.word("value")))
    return [text for text in found if text]
