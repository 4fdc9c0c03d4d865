"""
The filter language of `_queryFilter`, from text to the model's tree.

    expression = and { "or" and }                 "and" binds tighter than "or"
    and        = unary { "and" unary }
    unary      = "!" unary | "(" expression ")" | "true" | "false" | pointer "pr" | pointer operator value
    operator   = "eq" | "co" | "sw" | "ew" | "lt" | "le" | "gt" | "ge" | "ca" | "in"
    value      = "text" | 'text' | integer | decimal | "true" | "false"

Source: PingIDM, "CREST queries", and `QueryFilterParser` in commons. Beyond it: words in any case, `!` without a space
behind it, and a position in every error.
"""

import math
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

import msgspec

from webex_connector.icf import names
from webex_connector.icf.attributes import Value
from webex_connector.icf.errors import InvalidFilter
from webex_connector.icf.filters import (
    EVERYTHING,
    MAX_DEPTH,
    NOTHING,
    And,
    Compare,
    ContainsAll,
    Filter,
    Not,
    Operator,
    Or,
    Present,
)

MAX_LENGTH: Final = 32_768
"""
How many characters a filter may have.
"""

_TOKEN: Final = re.compile(
    r"""
    (?P<space>\ +)
    | (?P<mark>[()!])
    | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<word>[^\s()"'!][^\s()"']*)
    """,
    re.VERBOSE | re.DOTALL,
)
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_OPERATORS: Final = {operator.value: operator for operator in Operator}
_CONSTANTS: Final = {"true": EVERYTHING, "false": NOTHING}


@dataclass(frozen=True, slots=True)
class Token:
    """
    One piece of the text; `column` counts from 1.
    """

    kind: str
    text: str
    column: int

    @property
    def word(self) -> str:
        """
        The text in the case in which words of the language compare; empty for a string, which is never one.
        """
        return "" if self.kind == "string" else self.text.lower()


def parse(text: str) -> Filter:
    """
    Return the filter that the text says. Raises InvalidFilter with the column where it stops making sense.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidFilter(f"the filter is longer than {MAX_LENGTH} characters", position=MAX_LENGTH + 1)
    parser = _Parser(_tokens(text), len(text) + 1)
    node = parser.expression(0)
    parser.refuse_more()
    return node


def attribute_of(pointer: str) -> str:
    """
    Return the attribute that a JSON pointer (RFC 6901) of one level means; the leading slash may be missing.

    `_id` is the uid. Raises ValueError when the pointer has no level or several.
    """
    segments = pointer.removeprefix("/").split("/")
    if len(segments) != 1 or not segments[0]:
        raise ValueError(f"Only one level JsonPointer supported, not '{pointer}'")
    name = unquote(segments[0]).replace("~1", "/").replace("~0", "~")
    return names.UID if name == "_id" else name


def _tokens(text: str) -> list[Token]:
    tokens = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            problem = "this text has no end" if text[place] in "\"'" else f"unexpected character {text[place]!r}"
            raise InvalidFilter(problem, position=place + 1)
        if match.lastgroup != "space":
            tokens.append(Token(match.lastgroup or "", match.group(), place + 1))
        place = match.end()
    return tokens


class _Parser:
    """
    Recursive descent over the tokens; each level of nesting takes two calls.
    """

    def __init__(self, tokens: list[Token], end: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._end = Token("end", "", end)

    def expression(self, depth: int) -> Filter:
        alternatives: list[Filter] = []
        parts = [self._unary(depth)]
        while self._peek().word in {"and", "or"}:
            if self._take().word == "or":
                alternatives.append(_joined(And, parts))
                parts = []
            parts.append(self._unary(depth))
        return _joined(Or, [*alternatives, _joined(And, parts)])

    def refuse_more(self) -> None:
        if self._next < len(self._tokens):
            raise _surprise("'and', 'or' or the end", self._peek())

    def _unary(self, depth: int) -> Filter:
        token = self._take()
        if depth > MAX_DEPTH:
            raise InvalidFilter(f"the filter is nested deeper than {MAX_DEPTH} levels", position=token.column)
        if token.text == "!":
            return Not(self._unary(depth + 1))
        if token.text == "(":
            node = self.expression(depth + 1)
            closing = self._take()
            if closing.text != ")":
                raise _surprise("')'", closing)
            return node
        if token.kind != "word":
            raise _surprise("an attribute, '(' or '!'", token)
        if token.word in _CONSTANTS:
            return _CONSTANTS[token.word]
        return self._assertion(token)

    def _assertion(self, pointer: Token) -> Filter:
        try:
            attribute = attribute_of(pointer.text)
        except ValueError as problem:
            raise InvalidFilter(str(problem), position=pointer.column) from None
        operator = self._take()
        match operator.word:
            case "pr":
                return Present(attribute)
            case "ca":
                return ContainsAll(attribute, _several(self._take()))
            case "in":
                alternatives = [Compare(attribute, Operator.EQUALS, each) for each in _listed(self._take())]
                return _joined(Or, list(alternatives)) if alternatives else NOTHING
            case "ne":
                raise InvalidFilter("there is no operator 'ne'; write !(a eq value)", position=operator.column)
            case word if word in _OPERATORS:
                return Compare(attribute, _OPERATORS[word], _value(self._take()))
            case _:
                raise _surprise(f"one of {', '.join(_OPERATORS)}, ca, in, pr after '{pointer.text}'", operator)

    def _peek(self) -> Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else self._end

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token


def _joined(kind: type[And] | type[Or], parts: list[Filter]) -> Filter:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _surprise(expected: str, token: Token) -> InvalidFilter:
    found = "the end" if token.kind == "end" else f"'{token.text}'"
    return InvalidFilter(f"expected {expected}, found {found}", position=token.column)


def _value(token: Token) -> Value:
    """
    Return the value of a token. A backslash takes the next character as it is; it has no other meaning.
    """
    if token.kind == "string":
        return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)
    if token.word in {"true", "false"}:
        return token.word == "true"
    if _INTEGER.fullmatch(token.text):
        number = int(token.text)
        if -(2**63) <= number < 2**63:
            return number
    elif _DECIMAL.fullmatch(token.text) and math.isfinite(decimal := float(token.text)):
        return decimal
    raise _surprise('a value: "text" in quotes, a number, true or false', token)


def _listed(token: Token) -> list[Value]:
    """
    Return the values that `in` takes: one text that holds a JSON array of plain values.
    """
    try:
        return list(msgspec.json.decode(str(_value(token)), type=list[str | int | float | bool]))
    except (msgspec.DecodeError, RecursionError):
        raise _surprise("""a JSON array in quotes, as in '["a","b"]',""", token) from None


def _several(token: Token) -> tuple[Value, ...]:
    """
    Return the values that `ca` takes: a JSON array in quotes, or a single value.
    """
    if token.kind == "string" and str(_value(token)).startswith("["):
        return tuple(_listed(token))
    return (_value(token),)
