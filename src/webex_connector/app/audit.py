"""
The journal for those who check what was done: every entry as a line of JSON or CSV; and forgetting people.
"""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from webex_connector.store.journal import Entry

COLUMNS: Final = (
    "key",
    "began",
    "ended",
    "system",
    "objectClass",
    "change",
    "actor",
    "door",
    "uid",
    "outcome",
    "error",
    "reason",
    "trackingId",
    "intent",
    "before",
    "after",
    "notApplied",
)
"""
What an entry has, in this order.
"""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def row_of(entry: Entry) -> Mapping[str, Any]:
    """
    Return an entry whole, for machines.
    """
    opening, ending = entry.opening, entry.ending
    return {
        "key": entry.key,
        "began": entry.began.isoformat(),
        "ended": None if entry.ended is None else entry.ended.isoformat(),
        "system": opening.system,
        "objectClass": opening.object_class,
        "change": opening.change,
        "actor": opening.actor,
        "door": opening.door,
        "uid": ending.uid,
        "outcome": ending.outcome.value,
        "error": ending.error,
        "reason": ending.reason,
        "trackingId": ending.tracking_id,
        "intent": _json(opening.intent),
        "before": _json(ending.before),
        "after": _json(ending.after),
        "notApplied": _json(ending.not_applied),
    }


async def json_lines(entries: AsyncIterator[Sequence[Entry]]) -> AsyncIterator[bytes]:
    """
    Stream entries as JSON, one on each line.
    """
    encoder = msgspec.json.Encoder()
    async for some in entries:
        yield encoder.encode_lines([row_of(each) for each in some])


async def csv_lines(entries: AsyncIterator[Sequence[Entry]]) -> AsyncIterator[bytes]:
    """
    Stream entries as CSV (RFC 4180) in UTF-8, with a line of names first; what is JSON is JSON in its cell.

    A text that a spreadsheet would take for a formula has an apostrophe before it
    (https://owasp.org/www-community/attacks/CSV_Injection).
    """
    yield _lines([COLUMNS])
    async for some in entries:
        yield _lines([[_cell(value) for value in row_of(each).values()] for each in some])


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return f"'{text}" if text.startswith(_FORMULA) else text


def _json(text: str | None) -> object:
    return None if text is None else msgspec.json.decode(text)
