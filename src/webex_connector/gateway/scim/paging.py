"""
Which part of a list is asked for: by index (RFC 7644, section 3.4.2.4) or by cursor (RFC 9865). Pure.

Who says nothing gets pages by index, which older clients expect. A cursor is signed and belongs to one question of one
client: a wrong one is noticed, never passed on to Webex.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec

from webex_connector.base.seal import Seal
from webex_connector.gateway.scim.asked import Asked
from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.values import shown

USUAL_COUNT: Final = 100
"""
How many resources a page has when the client does not say.
"""
MOST_COUNT: Final = 1000
"""
How many resources a page has at most; a client that asks for more gets these.
"""
CURSOR_SECONDS: Final = 3600
"""
For how long a cursor can be gone on from.
"""

_DIGEST_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Page:
    """
    At most `count` resources from the place `start`, counted from 1.
    """

    start: int
    count: int


@dataclass(frozen=True, slots=True)
class Turn:
    """
    The at most `count` resources that follow `mark`; the first ones without a mark.
    """

    count: int
    mark: str | None = None


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    question: str
    count: int
    made: int
    mark: str


class Cursors:
    """
    Makes cursors and reads them.
    """

    def __init__(self, key: bytes) -> None:
        self._seal = Seal(key)

    def made(self, mark: str, count: int, question: str, now: float) -> str:
        """
        Return the cursor of the resources after a mark; it lasts for CURSOR_SECONDS; `now` is in seconds since 1970.
        """
        return self._seal.closed(msgspec.json.encode(_Cursor(question, count, int(now), mark)))

    def turn(self, asked: Asked, question: str, now: float) -> Turn:
        """
        Return what a request with a cursor asks for; an empty cursor asks for the first resources.

        Raises Problem (400): invalidCursor for a cursor that is none of ours or of another question, expiredCursor, and
        invalidCount for a number that is none, is negative, or is not the one of the page before.
        """
        count = _counted(asked.count)
        if not asked.cursor:
            return Turn(USUAL_COUNT if count is None else count)
        content = self._seal.opened(asked.cursor)
        cursor = None if content is None else msgspec.json.decode(content, type=_Cursor)
        if cursor is None or cursor.question != question:
            raise refused(Kind.INVALID_CURSOR, "The cursor is unknown here, or belongs to another question")
        if now - cursor.made > CURSOR_SECONDS:
            raise refused(Kind.EXPIRED_CURSOR, f"The cursor is older than {CURSOR_SECONDS} seconds; begin again")
        if count not in {None, cursor.count}:
            raise refused(Kind.INVALID_COUNT, f"The pages before had count {cursor.count}; it stays the same")
        return Turn(cursor.count, cursor.mark)


def question_of(asked: Asked, *about: str) -> str:
    """
    Return what a cursor is bound to: what is asked for, and whatever else makes it this question, as who asks.
    """
    words = (asked.filter, asked.attributes, asked.excluded_attributes, asked.sort_by, asked.sort_order, *about)
    return hashlib.blake2b(msgspec.json.encode(words), digest_size=_DIGEST_BYTES).hexdigest()


def page_of(asked: Asked) -> Page:
    """
    Return the page. A place below 1 is 1, a negative number is 0, and more than there may be is as many as there may.

    Raises Problem (400, invalidValue) for what is no number.
    """
    start = 1 if asked.start_index is None else _number("startIndex", asked.start_index)
    count = USUAL_COUNT if asked.count is None else _number("count", asked.count)
    return Page(max(1, start), min(max(0, count), MOST_COUNT))


def _counted(text: str | None) -> int | None:
    """
    Return the number of resources that a request by cursor asks for. Raises Problem (400, invalidCount).
    """
    try:
        count = None if text is None else int(text)
    except ValueError:
        count = -1
    if count is not None and count < 0:
        raise refused(Kind.INVALID_COUNT, f"count must be an integer of 0 or more, not {shown(text)}")
    return None if count is None else min(count, MOST_COUNT)


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise refused(Kind.INVALID_VALUE, f"{name} must be an integer, not {shown(text)}") from None
