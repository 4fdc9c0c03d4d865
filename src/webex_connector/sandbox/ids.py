"""
Outward identifiers: base64 without padding of `ciscospark://us/<KIND>/<value>`, as the `/v1` API shows them.

Inside the organisation a person, group or location is known by its UUID, a role and a licence by their keys.
"""

import base64
import binascii
import re
from enum import Enum

from webex_connector.sandbox.problems import bad_request

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_URI = re.compile(r"ciscospark://[a-z0-9-]+/([A-Z_]+)/(.+)")
_MALFORMED = "Expect base64 ID or UUID."


class Kind(Enum):
    """
    What an identifier names; the value is the word inside it.
    """

    ORGANIZATION = "ORGANIZATION"
    PERSON = "PEOPLE"
    ROLE = "ROLE"
    LICENSE = "LICENSE"
    GROUP = "SCIM_GROUP"
    LOCATION = "LOCATION"
    TEAM = "TEAM"
    TEAM_MEMBERSHIP = "TEAM_MEMBERSHIP"


def encode(kind: Kind, value: str) -> str:
    """
    Return the identifier that callers see.
    """
    return base64.b64encode(f"ciscospark://us/{kind.value}/{value}".encode()).decode().rstrip("=")


def value_of(kind: Kind, text: str) -> str | None:
    """
    Return what stands inside an identifier of that kind; a bare UUID stands for itself.

    None when it is well formed but names another kind of thing. Raises a 400 when it is neither base64 nor a UUID.
    """
    if _UUID.fullmatch(text.lower()):
        return text.lower()
    uri = _URI.fullmatch(_decoded(text))
    if uri is None:
        raise bad_request(_MALFORMED)
    return uri[2] if uri[1] == kind.value else None


def known_value_of(kind: Kind, text: str) -> str | None:
    """
    Return the same as `value_of`, and None for a malformed text too: for fields that are dropped, not refused.
    """
    uri = _URI.fullmatch(_decoded(text, strict=False))
    if uri is None:
        return text.lower() if _UUID.fullmatch(text.lower()) else None
    return uri[2] if uri[1] == kind.value else None


def _decoded(text: str, *, strict: bool = True) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        if strict:
            raise bad_request(_MALFORMED) from None
        return ""
