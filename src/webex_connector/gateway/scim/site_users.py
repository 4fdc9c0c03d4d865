"""
The tables of a classic meeting site: its users, and what they can be given.

What RFC 7643, section 4.1, has a place for stands there; everything else that the object class has stands in an
extension, under its own name.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from webex_connector.gateway.scim.mapping import (
    Attribute,
    Mutability,
    Part,
    Resource,
    Returned,
    ScimType,
    Shape,
    Slot,
    Table,
)
from webex_connector.gateway.scim.users import CORE, USER_URN, common, entry_parts
from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

SITE_USER_URN: Final = "urn:webex-connector:params:scim:schemas:extension:meetings:2.0:User"
SESSION_TYPE_URN: Final = "urn:webex-connector:params:scim:schemas:core:2.0:SessionType"
PRIVILEGE_URN: Final = "urn:webex-connector:params:scim:schemas:core:2.0:Privilege"
TIME_ZONE_URN: Final = "urn:webex-connector:params:scim:schemas:core:2.0:TimeZone"

_LOG_IN_NAME: Final = "webExId"
_CREATED: Final = "registrationDate"
_READ_ONLY: Final = Mutability.READ_ONLY

_WORDS: Final = {row.name: row for row in CORE.attributes}

_PHONE_NUMBERS: Final = Attribute(
    "phoneNumbers",
    "Telephone numbers, one of each type, with commas: country code, area code, number.",
    shape=Shape.MAPS,
    parts=(
        Part("value", "The number.", "value", required=True),
        Part("type", "What it is for.", "type", canonical=("work", "mobile", "fax", "pager", "other")),
    ),
    type=ScimType.COMPLEX,
    slots=(
        Slot("work", {"value": "phone"}),
        Slot("mobile", {"value": "mobilePhone"}),
        Slot("fax", {"value": "fax"}),
        Slot("pager", {"value": "pager"}),
        Slot("other", {"value": "phone2"}),
    ),
)

_ADDRESSES: Final = Attribute(
    "addresses",
    "The postal address.",
    shape=Shape.MAPS,
    parts=(
        Part("streetAddress", "Street and number.", "streetAddress"),
        Part("locality", "The city.", "locality"),
        Part("region", "State or province.", "region"),
        Part("postalCode", "The postal code.", "postalCode"),
        Part("country", "The country's name as the site lists it; many sites show its calling code.", "country"),
        Part("type", "work.", "type", canonical=("work",)),
    ),
    type=ScimType.COMPLEX,
    slots=(
        Slot(
            "work",
            {
                "streetAddress": "address1",
                "locality": "city",
                "region": "state",
                "postalCode": "zipCode",
                "country": "country",
            },
        ),
    ),
)

_CORE: Final = Table(
    USER_URN,
    "User",
    "A user of the site.",
    (
        Attribute("userName", "The WebEx ID, given once.", _LOG_IN_NAME, required=True, unique=True),
        _WORDS["name"],
        _WORDS["title"],
        Attribute("active", "Whether the user may log in.", names.ENABLE, type=ScimType.BOOLEAN),
        Attribute(
            "password",
            "The password, by the site's rules.",
            names.PASSWORD,
            mutability=Mutability.WRITE_ONLY,
            returned=Returned.NEVER,
            case_exact=True,
        ),
        replace(_WORDS["emails"], help="The e-mail address; one user of the site has it.", model="email"),
        _PHONE_NUMBERS,
        _ADDRESSES,
        replace(
            _WORDS["entitlements"],
            help="The session types that the user may host.",
            model="sessionTypes",
            parts=entry_parts("the session type", ("SessionType",)),
        ),
        replace(
            _WORDS["roles"],
            help="The privileges of the user.",
            model="privileges",
            parts=entry_parts("the privilege", ("Privilege",)),
        ),
    ),
)

# Under their own names these would be taken for attributes of the standard, which mean something else.
_RENAMED: Final[Mapping[str, str]] = {
    names.LOCK_OUT: "locked",
    "active": "accountState",
    "locale": "siteLocale",
}
_TYPES: Final[Mapping[AttributeType, ScimType]] = {
    AttributeType.BOOLEAN: ScimType.BOOLEAN,
    AttributeType.INTEGER: ScimType.INTEGER,
    AttributeType.TIMESTAMP: ScimType.DATE_TIME,
}


def is_site(account: ObjectClassInfo) -> bool:
    """
    Say whether the people of a system are users of a site, who are known by a WebEx ID.
    """
    return account.has(_LOG_IN_NAME)


def site_resources(account: ObjectClassInfo) -> tuple[Resource, ...]:
    """
    Return the resource types of a site whose users are such objects.
    """
    return (_user(account), _SESSION_TYPE, _PRIVILEGE, _TIME_ZONE)


def _user(account: ObjectClassInfo) -> Resource:
    told = {_CREATED}.union(*(row.sources for row in _CORE.attributes))
    told |= {row.model for row in _CORE.attributes if row.model is not None}
    more = tuple(_row(each) for each in account.attributes if each.name not in told)
    extension = Table(SITE_USER_URN, "SiteUser", "What a site has beside the attributes of the standard.", more)
    return Resource("User", "Users", "Users of the site.", names.ACCOUNT, _CORE, (extension,), _common())


def _row(info: AttributeInfo) -> Attribute:
    row = Attribute(
        _RENAMED.get(info.name, info.name),
        info.help,
        info.name,
        type=_TYPES.get(info.type, ScimType.STRING),
        case_exact=info.case_sensitive,
    )
    if not info.readable:
        return replace(row, mutability=Mutability.WRITE_ONLY, returned=Returned.NEVER)
    if not info.many:
        return row
    value = Part("value", info.help, "value", row.type, case_exact=info.case_sensitive)
    return replace(row, shape=Shape.ENTRIES, parts=(value,), type=ScimType.COMPLEX)


def _common() -> Table:
    """
    Return the attributes that every resource type has, with the moment of registration as that of creation.
    """
    plain = common("externalId")
    rows = (
        replace(
            row,
            parts=tuple(replace(part, source=_CREATED) if part.name == "created" else part for part in row.parts),
        )
        for row in plain.attributes
    )
    return replace(plain, attributes=tuple(rows))


def _given(name: str, endpoint: str, text: str, urn: str, object_class: str, *more: Attribute) -> Resource:
    shown = Attribute("displayName", "The name.", names.NAME, mutability=_READ_ONLY)
    return Resource(name, endpoint, text, object_class, Table(urn, name, text, (shown, *more)), (), common(None))


_SESSION_TYPE: Final = _given(
    "SessionType",
    "SessionTypes",
    "What users may host.",
    SESSION_TYPE_URN,
    "SESSION_TYPES",
    Attribute("prefix", "The product, as Webex abbreviates it.", "prefix"),
    Attribute("active", "Whether it can be given.", "active", type=ScimType.BOOLEAN),
    Attribute("maximumUsers", "How many may take part.", "maximumUsers", type=ScimType.INTEGER),
)
_PRIVILEGE: Final = _given("Privilege", "Privileges", "What users may do.", PRIVILEGE_URN, "PRIVILEGES")
_TIME_ZONE: Final = _given(
    "TimeZone",
    "TimeZones",
    "Time zones of users, by their numbers.",
    TIME_ZONE_URN,
    "TIME_ZONES",
    Attribute("offset", "Minutes east of Greenwich.", "offset", type=ScimType.INTEGER),
)
