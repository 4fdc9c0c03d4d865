"""
What sources hold, as values of records; and marks: values of a column as texts that bring the same value back.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from webex_connector.expressions.values import values_of
from webex_connector.icf.attributes import Value, Values

_KINDS: Final[Mapping[str, tuple[type, Callable[[str], Any]]]] = {
    "i": (int, int),
    "f": (float, float),
    "n": (Decimal, Decimal),
    "t": (datetime, datetime.fromisoformat),
    "d": (date, date.fromisoformat),
    "s": (str, str),
}


def parted(text: str, separator: str) -> Values:
    """
    Return the values that stand in one text.
    """
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def values_of_column(given: object, separator: str | None = None) -> Values:
    """
    Return what a column holds as an attribute's values: nothing for NULL and an empty text, the elements of an array,
    moments and days in ISO 8601, whole decimals as whole numbers. `separator` takes a text of several values apart.

    Raises ValueError for what is no value.
    """
    if separator is not None and isinstance(given, str):
        return parted(given, separator)
    return tuple(_value(each) for each in values_of(given))


def _value(given: object) -> Value:
    match given:
        case str() | bool() | int() | float() | bytes():
            return given
        case Decimal():
            return int(given) if given == given.to_integral_value() else float(given)
        case datetime() | date() | time():
            return given.isoformat()
        case timedelta():
            return given.total_seconds()
        case UUID():
            return str(given)
        case memoryview() | bytearray():
            return bytes(given)
        case Mapping():
            return dict(given)
    raise ValueError(f"is of a kind that cannot be read, {type(given).__name__}; CAST it to a text in the query")


def written_mark(given: object) -> str:
    """
    Return a mark as a text. Raises ValueError for a kind that has no order.
    """
    for letter, (kind, _) in _KINDS.items():
        if type(given) is kind:
            return f"{letter}{given.isoformat() if isinstance(given, datetime | date) else given}"
    raise ValueError(f"cannot be a mark, being of the kind {type(given).__name__}")


def read_mark(text: str) -> Any:
    """
    Return the value of a mark. Raises ValueError for what is none.
    """
    if text[:1] not in _KINDS:
        raise ValueError("is no mark")
    return _KINDS[text[0]][1](text[1:])
