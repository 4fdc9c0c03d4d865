"""
The filter language of SCIM, from text to a tree; and the paths of PATCH, which are made of the same pieces. Pure.

    filter     = and { "or" and }                     "and" binds tighter than "or"
    and        = term { "and" term }
    term       = "not" "(" filter ")" | "(" filter ")" | path test | path "[" filter "]" [ "." part test ]
    test       = "pr" | operator value
    operator   = "eq" | "ne" | "co" | "sw" | "ew" | "gt" | "ge" | "lt" | "le"
    patch path = path [ "[" filter "]" [ "." part ] ]

Source: RFC 7644, sections 3.4.2.2 and 3.5.2. Beyond it: words in any case, a test behind a value path, and values
without quotation marks, as Entra's documentation shows them.

It is our own and no library's, since every error says where and what was expected, and the same pieces read sloppy
paths; the one complete library (scim2-models) brings two others with it, for the same few rules.
"""

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from webex_connector.gateway.scim.errors import Kind, Problem, refused
from webex_connector.gateway.scim.values import shown

MAX_LENGTH: Final = 16_384
"""
How many characters a filter or a path may have.
"""

MAX_NESTING: Final = 30
"""
How deep brackets may be nested. Each level is up to three of the model's filters, of which it takes a hundred.
"""


class Relation(Enum):
    """
    How a value is compared.
    """

    EQUAL = "eq"
    NOT_EQUAL = "ne"
    CONTAINS = "co"
    STARTS_WITH = "sw"
    ENDS_WITH = "ew"
    GREATER = "gt"
    GREATER_OR_EQUAL = "ge"
    LESS = "lt"
    LESS_OR_EQUAL = "le"


@dataclass(frozen=True, slots=True)
class Literal:
    """
    A value as it is written; what it is depends on the attribute.
    """

    text: str
    """
    Without quotation marks and escapes.
    """
    quoted: bool = True

    @property
    def is_null(self) -> bool:
        """
        Whether it is the word for "no value".
        """
        return not self.quoted and self.text.lower() == "null"


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    Holds when a value of the attribute stands in this relation to the literal.
    """

    path: str
    relation: Relation
    literal: Literal
    column: int = 1
    """
    Where it begins in the text, counted from 1.
    """


@dataclass(frozen=True, slots=True)
class Presence:
    """
    Holds when the attribute has a value.
    """

    path: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Within:
    """
    Holds when one value of a complex attribute fulfils a whole filter about its parts.
    """

    path: str
    part: "Node"
    column: int = 1


@dataclass(frozen=True, slots=True)
class Every:
    """
    Holds when all parts do.
    """

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """
    Holds when any part does.
    """

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """
    Holds when the part does not.
    """

    part: "Node"


Node: TypeAlias = Comparison | Presence | Within | Every | Some | Negation


@dataclass(frozen=True, slots=True)
class PatchPath:
    """
    What an operation of a PATCH is about.
    """

    attribute: str
    """
    As written, with URN and parts.
    """
    chosen: Node | None = None
    """
    Which values of the list are meant; None for all.
    """
    part: str | None = None
    """
    The part behind the brackets.
    """


def parsed(text: str) -> Node:
    """
    Return the tree of a filter. Raises Problem (400, invalidFilter) with the column where it stops making sense.
    """
    usual = _USUAL.fullmatch(text) if len(text) <= MAX_LENGTH else None
    relation = None if usual is None else _RELATIONS.get(usual[2].lower())
    if usual is not None and relation is not None and usual[1].lower() != "not":
        return Comparison(usual[1], relation, Literal(usual[3]), usual.start(1) + 1)
    parser = _Parser(text, Kind.INVALID_FILTER)
    node = parser.filter(0)
    parser.refuse_more("'and', 'or' or the end")
    return node


def parsed_path(text: str) -> PatchPath:
    """
    Return the pieces of a path of PATCH. Raises Problem (400, invalidPath).
    """
    return _Parser(text, Kind.INVALID_PATH).path()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int

    @property
    def word(self) -> str:
        return self.text.lower() if self.kind == "word" else ""


_TOKEN: Final = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<mark>[()\[\]])
    | (?P<text>"(?:\\.|[^"\\])*")
    | (?P<word>[^\s()\[\]"']+)
    """,
    re.VERBOSE | re.DOTALL,
)
_PATH: Final = re.compile(r"[A-Za-z$][\w$:./-]*")
_PART: Final = re.compile(r"\.([A-Za-z$][\w$-]*)")
_RELATIONS: Final = {each.value: each for each in Relation}
_JOINTS: Final = frozenset({"and", "or"})
# What clients ask for most, userName eq "ann@example.com", in one step. What is unusual is left to the parser.
_USUAL: Final = re.compile(rf'\s*({_PATH.pattern})\s+([A-Za-z][A-Za-z])\s+"([ !#-\[\]-~]*)"\s*')


class _Parser:
    """
    Recursive descent over the tokens.
    """

    def __init__(self, text: str, kind: Kind) -> None:
        self._kind = kind
        self._next = 0
        if len(text) > MAX_LENGTH:
            raise refused(kind, f"Longer than {MAX_LENGTH} characters")
        self._end = _Token("end", "", len(text) + 1)
        self._tokens = self._cut(text)

    def filter(self, depth: int) -> Node:
        alternatives: list[Node] = []
        parts = [self._term(depth)]
        while self._peek().word in _JOINTS:
            if self._take().word == "or":
                alternatives.append(_joined(Every, parts))
                parts = []
            parts.append(self._term(depth))
        return _joined(Some, [*alternatives, _joined(Every, parts)])

    def path(self) -> PatchPath:
        attribute = self._attribute()
        if self._peek().text != "[":
            self.refuse_more("'[' or the end")
            return PatchPath(attribute.text)
        chosen = self._brackets(0)
        part = self._part()
        self.refuse_more("the end" if part else "a part, as in '].value', or the end")
        return PatchPath(attribute.text, chosen, part)

    def refuse_more(self, expected: str) -> None:
        if self._next < len(self._tokens):
            raise self._surprise(expected, self._peek())

    def _cut(self, text: str) -> list[_Token]:
        tokens = []
        place = 0
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                problem = "A text without end" if text[place] == '"' else f"Unexpected {shown(text[place])}"
                hint = "; texts stand in double quotation marks" if text[place] == "'" else ""
                raise self._at(place + 1, f"{problem}{hint}")
            if match.lastgroup != "space":
                tokens.append(_Token(match.lastgroup or "", match.group(), place + 1))
            place = match.end()
        return tokens

    def _term(self, depth: int) -> Node:
        token = self._peek()
        if depth > MAX_NESTING:
            raise self._at(token.column, f"Nested deeper than {MAX_NESTING} levels")
        if token.word == "not":
            self._take()
            if self._peek().text != "(":
                raise self._surprise("'(' behind 'not'", self._peek())
            return Negation(self._group(depth))
        if token.text == "(":
            return self._group(depth)
        attribute = self._attribute()
        if self._peek().text != "[":
            return self._test(attribute.text, attribute.column)
        chosen = self._brackets(depth)
        part = self._part()
        if part is not None:
            chosen = Every((chosen, self._test(part, attribute.column)))
        return Within(attribute.text, chosen, attribute.column)

    def _group(self, depth: int) -> Node:
        return self._enclosed(")", depth)

    def _brackets(self, depth: int) -> Node:
        return self._enclosed("]", depth)

    def _enclosed(self, end: str, depth: int) -> Node:
        self._take()
        node = self.filter(depth + 1)
        closing = self._take()
        if closing.text != end:
            raise self._surprise(f"'{end}', 'and' or 'or'", closing)
        return node

    def _attribute(self) -> _Token:
        token = self._take()
        if token.kind != "word" or not _PATH.fullmatch(token.text):
            raise self._surprise("an attribute", token)
        return token

    def _part(self) -> str | None:
        match = _PART.fullmatch(self._peek().text)
        if match is None:
            return None
        self._take()
        return match.group(1)

    def _test(self, path: str, column: int) -> Node:
        operator = self._take()
        if operator.word == "pr":
            return Presence(path, column)
        relation = _RELATIONS.get(operator.word)
        if relation is None:
            raise self._surprise(f"one of {', '.join(_RELATIONS)}, pr behind '{path}'", operator)
        return Comparison(path, relation, self._literal(self._take()), column)

    def _literal(self, token: _Token) -> Literal:
        if token.kind == "word" and token.word not in _JOINTS:
            return Literal(token.text, quoted=False)
        if token.kind != "text":
            raise self._surprise('a value, as in "text"', token)
        try:
            text = json.loads(token.text, strict=False)
            # Half of a character that takes two escapes can be sent to nobody.
            text.encode()
            return Literal(text)
        except ValueError:
            raise self._at(token.column, f"{shown(token.text)} is no text of JSON") from None

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else self._end

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _surprise(self, expected: str, token: _Token) -> Problem:
        found = "the end" if token.kind == "end" else shown(token.text)
        return self._at(token.column, f"Expected {expected}, found {found}")

    def _at(self, column: int, problem: str) -> Problem:
        return refused(self._kind, f"{problem} (column {column})")


def _joined(kind: type[Every] | type[Some], parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
