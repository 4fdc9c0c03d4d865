"""
SCIM filters as trees (RFC 7644 section 3.4.2.2); what may be asked, and what it means, is decided elsewhere.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec

from webex_connector.sandbox.problems import invalid_filter

_DEEPEST = 20
_TOKEN = re.compile(r'\s*([()\[\]]|"(?:[^"\\]|\\.)*"|[^\s()\[\]"]+)')


class Operator(Enum):
    """
    A comparison.
    """

    EQ = "eq"
    NE = "ne"
    CO = "co"
    SW = "sw"
    EW = "ew"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    PR = "pr"
    """The attribute has a value; there is nothing to compare it with."""


Literal = str | bool | int | float | None
"""
What can stand to the right of an operator.
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    One attribute compared with one value.
    """

    path: str
    operator: Operator
    value: Literal = None


@dataclass(frozen=True, slots=True)
class Element:
    """
    A list has an element for which all of the inner filter is true: `phoneNumbers[type eq "work"]`.
    """

    path: str
    inner: "Filter"


@dataclass(frozen=True, slots=True)
class AllOf:
    """
    Everything is true.
    """

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """
    At least one is true.
    """

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """
    It is not true.
    """

    part: "Filter"


Filter = Comparison | Element | AllOf | AnyOf | Negation
"""
A filter.
"""

_ORDERED: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: lambda left, right: left == right,
    Operator.NE: lambda left, right: left != right,
    Operator.CO: lambda left, right: right in left,
    Operator.SW: lambda left, right: left.startswith(right),
    Operator.EW: lambda left, right: left.endswith(right),
    Operator.GT: lambda left, right: left > right,
    Operator.GE: lambda left, right: left >= right,
    Operator.LT: lambda left, right: left < right,
    Operator.LE: lambda left, right: left <= right,
}


def parse(text: str) -> Filter:
    """
    Read a filter. Raises a 400 `invalidFilter` for a text that is none.
    """
    reader = _Reader(text)
    found = reader.any_of()
    if reader.peek():
        raise invalid_filter(f"Unexpected {reader.peek()!r} in filter: {text}")
    return found


def holds(comparison: Comparison, values: Iterable[Literal]) -> bool:
    """
    Tell whether a comparison is true for any of an attribute's values. Texts compare without regard to case.
    """
    if comparison.operator is Operator.PR:
        return any(value not in {None, ""} for value in values)
    compare, right = _ORDERED[comparison.operator], _comparable(comparison.value)
    try:
        return any(compare(_comparable(value), right) for value in values)
    except (TypeError, AttributeError):
        return False


def fits(condition: Filter, element: Any) -> bool:
    """
    Tell whether a filter is true for one element of a list; `value` alone stands for an element that is no object.
    """
    match condition:
        case AllOf(parts=parts):
            return all(fits(part, element) for part in parts)
        case AnyOf(parts=parts):
            return any(fits(part, element) for part in parts)
        case Negation(part=part):
            return not fits(part, element)
        case Comparison(path=path):
            fields = element if isinstance(element, dict) else {"value": element}
            found = next((value for name, value in fields.items() if name.lower() == path.lower()), None)
            return found is not None and holds(condition, (found,))
        case Element():
            return False


def _comparable(value: Literal) -> Literal:
    return value.casefold() if isinstance(value, str) else value


class _Reader:
    """
    Reads a filter word by word; each level of precedence is one method.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = _words(text)
        self._at = 0
        self._depth = 0

    def peek(self) -> str:
        """
        Return the next word; empty at the end.
        """
        return self._words[self._at] if self._at < len(self._words) else ""

    def any_of(self) -> Filter:
        """
        Read what `or` joins.
        """
        parts = [self._all_of()]
        while self.peek().lower() == "or":
            self._take()
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all_of(self) -> Filter:
        parts = [self._one()]
        while self.peek().lower() == "and":
            self._take()
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self) -> Filter:
        word = self._take()
        if word.lower() == "not" and self.peek() == "(":
            return Negation(self._one())
        if word == "(":
            return self._until(")")
        if not word or word[0] in '")[]':
            raise self._bad()
        if self.peek() == "[":
            self._take()
            return Element(word, self._until("]"))
        return self._comparison(word)

    def _until(self, closing: str) -> Filter:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise invalid_filter(f"The filter is nested more than {_DEEPEST} deep.")
        inner = self.any_of()
        if self._take() != closing:
            raise self._bad()
        self._depth -= 1
        return inner

    def _comparison(self, path: str) -> Filter:
        try:
            operator = Operator(self._take().lower())
        except ValueError:
            raise self._bad() from None
        if operator is Operator.PR:
            return Comparison(path, operator)
        try:
            return Comparison(path, operator, msgspec.json.decode(self._take(), type=Literal))
        except msgspec.MsgspecError:
            raise self._bad() from None

    def _take(self) -> str:
        word = self.peek()
        self._at += 1
        return word

    def _bad(self) -> Exception:
        return invalid_filter(f"The filter cannot be understood: {self._text}")


def _words(text: str) -> list[str]:
    words, at = list[str](), 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise invalid_filter(f"The filter cannot be understood: {text}")
        words.append(found[1])
        at = found.end()
    return words
