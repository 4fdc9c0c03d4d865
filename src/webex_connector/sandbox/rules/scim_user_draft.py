"""
A user as a caller writes it by SCIM, with the limits of
https://developer.webex.com/docs/api/v1/scim2-user/create-a-user.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from webex_connector.sandbox import urns
from webex_connector.sandbox.problems import invalid_value
from webex_connector.sandbox.profile import Entry
from webex_connector.sandbox.records import Address, Phone
from webex_connector.sandbox.rules.scim_patch import Shape

Text = Annotated[str, Meta(max_length=256)]
LongText = Annotated[str, Meta(max_length=512)]
Url = Annotated[str, Meta(max_length=1000)]
Few = Annotated[tuple[Entry, ...], Meta(max_length=10)]
Some = Annotated[tuple[Entry, ...], Meta(max_length=50)]
Many = Annotated[tuple[Entry, ...], Meta(max_length=100)]


class NameDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    The parts of a name.
    """

    given_name: Text | None = None
    family_name: Text | None = None
    middle_name: Text | None = None
    honorific_prefix: Text | None = None
    honorific_suffix: Text | None = None
    formatted: LongText | None = None


class ManagerDraft(msgspec.Struct, frozen=True):
    """
    Who is above; name and address of that person are read-only.
    """

    value: str | None = None


class EnterpriseDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    The enterprise section (RFC 7643 section 4.3).
    """

    employee_number: Text | None = None
    cost_center: Text | None = None
    organization: LongText | None = None
    division: LongText | None = None
    department: LongText | None = None
    manager: ManagerDraft | None = None


class UserDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    None stands for absent and for null; unknown attributes and read-only ones are ignored.
    """

    schemas: tuple[str, ...] = ()
    external_id: Text | None = None
    user_name: Annotated[str, Meta(max_length=254)] | None = None
    password: Text | None = None
    """Never stored, for nobody signs in here."""
    active: bool | None = None
    user_type: str | None = None
    display_name: LongText | None = None
    nick_name: Text | None = None
    title: LongText | None = None
    name: NameDraft | None = None
    emails: Few | None = None
    phone_numbers: Annotated[tuple[Phone, ...], Meta(max_length=50)] | None = None
    ims: Some | None = None
    photos: Some | None = None
    addresses: Annotated[tuple[Address, ...], Meta(max_length=10)] | None = None
    roles: Many | None = None
    entitlements: Many | None = None
    preferred_language: str | None = None
    locale: str | None = None
    timezone: str | None = None
    profile_url: Url | None = None
    x509_certificates: Annotated[tuple[Entry, ...], Meta(max_length=30)] | None = msgspec.field(
        name="x509Certificates", default=None
    )
    enterprise: EnterpriseDraft | None = msgspec.field(name=urns.ENTERPRISE, default=None)
    webex: dict[str, Any] | None = msgspec.field(name=urns.WEBEX_USER, default=None)


_NUMBERED = tuple(
    f"{kind}Attribute{number}" for kind in ("extension", "external", "crossOrg") for number in range(1, 16)
)
_WEBEX_LISTS = (
    *_NUMBERED,
    "accountStatus",
    "userSettings",
    "userPreferences",
    "managedOrgs",
    "managedGroups",
    "managedSites",
    "trainSiteNames",
    "linkedTrainSiteNames",
    "loginIds",
    "extLinkedAccts",
    "macAddresses",
)
_WEBEX_PLAIN = (
    "primaryLinkedTrainSiteName",
    "isTeamsOnJabberEnabled",
    "isUCCallOnJabberEnabled",
    "mfaEnabled",
    "authProvider",
    "userNameType",
    "pronouns",
)
_WEBEX_READ_ONLY = (
    "sipAddresses",
    "licenseID",
    "provisionSource",
    "toBeConverted",
    "teamsClusterId",
    "avatarSyncEnabled",
)
_FREE_TEXT = re.compile(r"extensionAttribute\d+")
_FREE_TEXTS = Annotated[list[str], Meta(max_length=100)]


def _named(names: Iterable[str]) -> dict[str, str]:
    return {name.lower(): name for name in names}


SHAPE = Shape(
    names={
        "": _named(
            field.encode_name for field in msgspec.structs.fields(UserDraft) if not field.encode_name.startswith("urn:")
        ),
        urns.ENTERPRISE: _named(field.encode_name for field in msgspec.structs.fields(EnterpriseDraft)),
        urns.WEBEX_USER: _named((*_WEBEX_LISTS, *_WEBEX_PLAIN)),
    },
    lists=frozenset(
        {
            *_WEBEX_LISTS,
            "schemas",
            "emails",
            "phoneNumbers",
            "ims",
            "photos",
            "addresses",
            "roles",
            "entitlements",
            "x509Certificates",
        },
    ),
    read_only=frozenset({"id", "meta", "groups", "inheritances", *_WEBEX_READ_ONLY}),
)
"""
What a PATCH can reach.
"""


def read(document: Any) -> UserDraft:
    """
    Read a document. Raises a 400 `invalidValue` that says which attribute is of the wrong kind or too long.
    """
    try:
        return msgspec.convert(document, UserDraft)
    except msgspec.ValidationError as error:
        raise invalid_value(str(error)) from None


def webex_section(given: dict[str, Any] | None) -> tuple[tuple[str, ...], dict[str, Any]]:
    """
    Return the states of the account and what else is known of the Cisco section; the rest is ignored.

    A state may be written as one text or as a list. Raises a 400 `invalidValue` for a free attribute that is no list
    of at most a hundred texts.
    """
    known = {
        name: value
        for name, value in (given or {}).items()
        if name in _WEBEX_LISTS + _WEBEX_PLAIN and value not in (None, "", [], {})
    }
    status = known.pop("accountStatus", ())
    try:
        for name, value in known.items():
            if _FREE_TEXT.fullmatch(name):
                msgspec.convert(value, _FREE_TEXTS)
        states = (status,) if isinstance(status, str) else msgspec.convert(status, tuple[str, ...])
    except msgspec.ValidationError as error:
        raise invalid_value(f"{urns.WEBEX_USER}: {error}") from None
    return states, known
