"""
The attributes of a site's user as data: what each is called in the model, and which element of a user it is.

The names are those of the elements (https://developer.cisco.com/docs/webex-xml-api-reference-guide), wherever
an attribute is one element.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.webex.meetings_xml.user_fields import (
    LANGUAGES,
    STATES,
    USER_FIELDS,
    UserField,
    user_field,
)

SESSION_TYPES, PRIVILEGE_CLASS, TIME_ZONES = "SESSION_TYPES", "PRIVILEGES", "TIME_ZONES"


class Form(Enum):
    """
    How an attribute stands in the elements of a user.
    """

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    SECRET = "secret"  # noqa: S105 - a form, not a password
    MOMENT = "moment"
    PHONE = "phone"
    """Country, area and number with commas between, which a site fills up with commas."""

    STATE = "state"
    """`ACTIVATED` is true, everything else false."""

    NUMBERS = "numbers"
    """A list of numbers that is written in whole."""

    FLAGS = "flags"
    """The names of those elements below the path that are true; each is written by itself."""

    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Held:
    """
    An attribute, and where a user holds it.
    """

    info: AttributeInfo
    path: str
    form: Form
    listed: bool = False
    """Whether the listing shows it too, so that it costs no request for each user."""


_TYPES: Mapping[Form, AttributeType] = {
    Form.NUMBER: AttributeType.INTEGER,
    Form.FLAG: AttributeType.BOOLEAN,
    Form.STATE: AttributeType.BOOLEAN,
    Form.SECRET: AttributeType.SECRET,
    Form.MOMENT: AttributeType.TIMESTAMP,
}
_MANY = frozenset({Form.NUMBERS, Form.FLAGS, Form.TEXTS})


def _field(path: str) -> UserField | None:
    return user_field(path) if any(each.path == path for each in USER_FIELDS) else None


def _held(  # noqa: PLR0913 - the facts of an attribute, each by its name
    name: str,
    text: str,
    path: str | None = None,
    form: Form = Form.TEXT,
    *,
    listed: bool = False,
    required: bool = False,
    case_sensitive: bool = False,
    refers_to: str | None = None,
    allowed: tuple[str, ...] = (),
    creatable: bool = True,
    updateable: bool = True,
    looked_up: bool = False,
) -> Held:
    path = path or name
    field = _field(path)
    readable = field is None or field.readable
    info = AttributeInfo(
        name,
        text,
        _TYPES.get(form, AttributeType.STRING),
        many=form in _MANY,
        required=required,
        creatable=creatable and (field is None or field.creatable),
        updateable=updateable and (field is None or field.settable),
        readable=readable,
        returned_by_default=listed,
        returned_when_read=readable and not listed,
        case_sensitive=case_sensitive,
        refers_to=refers_to,
        allowed=allowed or (field.allowed if field is not None else ()),
        looked_up=looked_up,
    )
    return Held(info, path, form, listed)


def _below(path: str) -> tuple[str, ...]:
    return tuple(
        each.path.removeprefix(f"{path}/")
        for each in USER_FIELDS
        if each.path.startswith(f"{path}/") and each.kind.value == "flag"
    )


def _set(name: str, text: str, path: str, *, refers_to: str | None = None) -> Held:
    return _held(name, text, path, Form.FLAGS, case_sensitive=True, refers_to=refers_to, allowed=_below(path))


HELD: tuple[Held, ...] = (
    _held("webExId", "The name to log in with. Given once.", listed=True, required=True, updateable=False),
    _held("email", "The e-mail address; one user of the site has it.", listed=True, required=True),
    _held("firstName", "Given name.", listed=True, required=True),
    _held("lastName", "Family name.", listed=True, required=True),
    _held(names.ENABLE, "Whether the user may log in.", "active", Form.STATE, listed=True),
    _held(
        "active",
        "The state behind __ENABLE__; REQUEST_TO_ACTIVATE waits for an administrator.",
        listed=True,
        creatable=False,
        updateable=False,
        allowed=STATES,
    ),
    _held("timeZoneID", "The number of the time zone.", listed=True, case_sensitive=True, refers_to=TIME_ZONES),
    _held(
        "registrationDate",
        "When the user was made, by the clock of the site, whose zone is not told: it is taken for UTC.",
        form=Form.MOMENT,
        listed=True,
    ),
    _held(names.PASSWORD, "The password; some sites let administrators only reset it.", "password", Form.SECRET),
    _held(
        names.LOCK_OUT, "Whether the user is locked out, as after failed log-ins.", "security/lockAccount", Form.FLAG
    ),
    _held(
        "forceChangePassword",
        "Whether the password must be changed at the next log-in; cannot be taken back.",
        "security/forceChangePassword",
        Form.FLAG,
    ),
    _held(
        "resetPassword",
        "True makes the site give the user a new password by mail; it must be changed at the next log-in.",
        "security/resetPassword",
        Form.FLAG,
    ),
    _held(
        "sessionTypes",
        "The numbers of the session types that the user may host.",
        "meetingTypes/meetingType",
        Form.NUMBERS,
        case_sensitive=True,
        refers_to=SESSION_TYPES,
    ),
    _set("privileges", "What the user may do.", "privilege", refers_to=PRIVILEGE_CLASS),
    _set("supportedServices", "The services that the user may use.", "supportedServices"),
    _held("title", "Job title."),
    _held("company", "Company."),
    _held("description", "A description."),
    _held("categoryId", "The number of the office category.", form=Form.NUMBER),
    _held("officeGreeting", "The greeting of the personal office."),
    _held("officeUrl", "Its address.", "officeurl"),
    _held("personalUrl", "The last part of the personal page's address."),
    _held("email2", "A second address."),
    _held("addressType", "PERSONAL or GLOBAL.", "address/addressType"),
    _held("address1", "Street and number.", "address/address1"),
    _held("address2", "A second line.", "address/address2"),
    _held("city", "City.", "address/city"),
    _held("state", "State or province.", "address/state"),
    _held("zipCode", "Postal code.", "address/zipCode"),
    _held("country", "The country's name as the site lists it; many sites show its calling code.", "address/country"),
    _held("phone", "Telephone: country code, area code and number, with commas.", "phones/phone", Form.PHONE),
    _held("mobilePhone", "Mobile telephone, likewise.", "phones/mobilePhone", Form.PHONE),
    _held("fax", "Fax, likewise.", "phones/fax", Form.PHONE),
    _held("phone2", "A second telephone.", "phones/phone2", Form.PHONE),
    _held("mobilePhone2", "A second mobile telephone.", "phones/mobilePhone2", Form.PHONE),
    _held("pager", "Pager.", "phones/pager", Form.PHONE),
    _held("PIN", "The PIN of telephone conferences.", "phones/PIN", Form.SECRET),
    *(
        _held(f"trackingCode{number}", f"Tracking code {number}.", f"tracking/trackingCode{number}")
        for number in range(1, 11)
    ),
    _held("language", f"The language: {LANGUAGES[0]}, {LANGUAGES[1]} and so on."),
    _held("locale", "The region whose dates and numbers are shown."),
    _held("schedulingPermission", "WebEx IDs that may schedule for the user, with semicolons between."),
    _held("scheduleFor", "For whom the user may schedule.", "scheduleFor/webExID", Form.TEXTS),
    _held("service", "The kind of office."),
    _held("expirationDate", "When the account ends.", form=Form.MOMENT),
    _set("profileOptions", "What others see, and of what the user is told.", "options"),
    _set("commOptions", "By what and about what Webex may write to the user.", "commOptions"),
    _set("myWebEx", "The parts of My WebEx that the user has.", "myWebEx"),
    _held(
        "defaultSessionType",
        "The session type that new meetings have.",
        "sessionOptions/defaultSessionType",
        case_sensitive=True,
        refers_to=SESSION_TYPES,
    ),
    _held("defaultServiceType", "The service that new meetings have.", "sessionOptions/defaultServiceType"),
    _held("personalMeetingRoomTitle", "The name of the personal room.", "personalMeetingRoom/title"),
    _held("personalMeetingRoomWelcome", "Its greeting.", "personalMeetingRoom/welcomeMessage"),
    _held("personalMeetingRoomUrl", "Its address.", "personalMeetingRoom/personalMeetingRoomURL"),
    _held("sipUrl", "Its SIP address.", "personalMeetingRoom/sipURL"),
    _held("hostPIN", "The host's PIN.", "personalMeetingRoom/hostPIN", Form.SECRET),
    _held("mpProfileNumber", "The MeetingPlace profile; one user of the site has it."),
    _held("sendWelcome", "Whether the site writes to the new user.", form=Form.FLAG),
    _held("userId", "The number that the site gave.", form=Form.NUMBER),
    _held("visitCount", "How often the user logged in.", form=Form.NUMBER),
    _held("passwordExpires", "Whether the password ends.", form=Form.FLAG),
    _held("passwordDaysLeft", "In how many days.", form=Form.NUMBER),
)
"""
Every attribute, in the order in which forms and pages show them.
"""

BY_NAME: Mapping[str, Held] = {each.info.name: each for each in HELD}

LISTED: frozenset[str] = frozenset(each.info.name for each in HELD if each.listed)
"""
What the listing shows.
"""

OBJECT_GUID = AttributeInfo(
    "objectGUID",
    "The person in Control Hub, on sites that it manages. Only the listing shows it.",
    creatable=False,
    updateable=False,
    returned_by_default=False,
    case_sensitive=True,
)

ACCOUNT = ObjectClassInfo(
    names.ACCOUNT,
    "Users of the site.",
    (*(each.info for each in HELD), OBJECT_GUID),
    name_attribute="webExId",
    when_deleted="The site deactivates users and erases none: WebEx ID and address stay taken.",
)
"""
The object class. Its uid is the WebEx ID, by which alone a site reads and changes a user.
"""
