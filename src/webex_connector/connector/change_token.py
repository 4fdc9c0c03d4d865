"""
The sync token: where a consumer is in a change stream. Small, whatever the size of the organisation. Pure.

It is opaque to its holder: a version and JSON in base64url. What the stream has told of is in the inventory.
"""

import base64
import binascii
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from webex_connector.icf.errors import InvalidOption

_VERSION = 1

AGAIN = "Start again: without a token, which tells of everything, or with the latest token after a full comparison"
"""
What a consumer without a usable token does.
"""

T = TypeVar("T")

Counted = Annotated[int, Meta(ge=0)]
"""
A number of things, or of milliseconds.
"""


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    A place in the change stream of one object class. Moments are milliseconds since 1970, by Webex's clock.
    """

    object_class: str
    stream: str
    number: Counted
    """
    The last change that the holder was told of.
    """
    since: Counted | None = None
    """
    Every modification before this moment has been told of; None while not everything has been told of once.
    """
    audited: Counted = 0
    """
    Audit events up to this moment have been looked at.
    """
    count: Counted = 0
    """
    How many objects the holder knows.
    """
    version: int = _VERSION


class Marks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    A place in the streams of several object classes: the token of each, absent where it has not begun.
    """

    parts: dict[str, str]
    version: int = _VERSION


def written(mark: Mark | Marks) -> str:
    """
    Return the token.
    """
    return base64.urlsafe_b64encode(msgspec.json.encode(mark)).decode().rstrip("=")


def mark_in(token: str, object_class: str) -> Mark:
    """
    Return the place that a token names. Raises InvalidOption for one that was not made here for this object class.
    """
    mark = _read(token, Mark)
    if mark.object_class != object_class:
        raise InvalidOption(f"The sync token is one of {mark.object_class}, not of {object_class}. {AGAIN}")
    return mark


def marks_in(token: str) -> dict[str, str]:
    """
    Return the tokens of the object classes in one of `__ALL__`. Raises InvalidOption for any other text.
    """
    return _read(token, Marks).parts


def _read(token: str, kind: type[T]) -> T:
    try:
        padded = token + "=" * (-len(token) % 4)
        found = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise InvalidOption(f"The sync token is damaged, or of another system or object class. {AGAIN}") from error
    if getattr(found, "version", None) != _VERSION:
        raise InvalidOption(f"The sync token was made by another version. {AGAIN}")
    return found
