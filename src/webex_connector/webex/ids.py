"""
The ids of `/v1`: base64, without padding, of `ciscospark://<region>/<KIND>/<value>`.

Treat ids as opaque when comparing them. Decode them only to join `/v1` with the APIs that want the UUID inside
(https://developer.webex.com/docs/api/v1/organization-contacts says to), and never rebuild an id that is at hand:
objects of other regions exist.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from uuid import UUID

_SCHEME = "ciscospark://"
_BARE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

# The kinds whose value begins with the UUID of the object itself; a licence's begins with its organisation's.
_OWN_UUID_FIRST = frozenset({"PEOPLE", "ORGANIZATION", "SCIM_GROUP", "LOCATION", "TEAM"})


@dataclass(frozen=True, slots=True)
class HydraId:
    """
    The parts of an id.
    """

    region: str
    kind: str
    """`PEOPLE`, `SCIM_GROUP`, `LICENSE`, `ROLE`, `ORGANIZATION`, …"""

    value: str


def decode(id_: str) -> HydraId:
    """
    Return the parts of an id, padded or not, of either base64 alphabet. Raise ValueError for any other text.
    """
    uri = _inside(id_)
    parts = uri.removeprefix(_SCHEME).split("/", 2)
    if not uri.startswith(_SCHEME) or len(parts) != len(HydraId.__slots__) or not all(parts):
        raise ValueError(f"{id_!r} is not an id of Webex: it does not hold {_SCHEME}region/KIND/value")
    return HydraId(*parts)


def is_id(text: str) -> bool:
    """
    Say whether a text has the form of an id, or of the bare UUID that Webex takes in its place.
    """
    try:
        decode(text)
    except ValueError:
        return _BARE.fullmatch(text) is not None
    return True


def encode(kind: str, value: str, region: str = "us") -> str:
    """
    Return the id of these parts.
    """
    return base64.urlsafe_b64encode(f"{_SCHEME}{region}/{kind}/{value}".encode()).decode().rstrip("=")


def uuid_of(id_: str) -> str:
    """
    Return the object's UUID, which SCIM and the identity paths want, in lower case.

    A bare UUID is returned as such, be it in base64, as audit events have it. Raise ValueError for an id that
    holds no UUID of its own (roles, licences, old locations) and for any other text.
    """
    try:
        return str(UUID(id_))
    except ValueError:
        inside = _inside(id_)
    if _BARE.fullmatch(inside):
        return inside.lower()
    parts = decode(id_)
    if parts.kind not in _OWN_UUID_FIRST:
        raise ValueError(f"an id of kind {parts.kind} holds no UUID of its own")
    return str(UUID(parts.value.split(":")[0]))


def _inside(id_: str) -> str:
    try:
        bare = id_.rstrip("=").replace("-", "+").replace("_", "/")
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{id_!r} is not an id of Webex: not base64") from error
