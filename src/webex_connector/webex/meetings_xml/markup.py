"""
Reading XML that may be anything: no document type, no entity of its own, no more depth and length than an answer needs.

A document that declares a type is refused before the declaration is read, so neither entities that expand without end
nor ones that fetch a file have a place to stand (https://owasp.org/www-community/vulnerabilities/XML_Entity_Expansion).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from webex_connector.webex.meetings_xml.namespaces import USUAL, is_webex

LONGEST = 32 * 1024 * 1024
"""
Bytes. A page of 500 users is a quarter of a megabyte.
"""

DEEPEST = 32
"""
Elements within one another. Nothing of the published schema goes deeper than ten.
"""


MOST = 500_000
"""
Elements in all. A page of 500 users has some five thousand.
"""


class Unreadable(ValueError):
    """
    A text is no XML, or none that is taken.
    """


@dataclass(frozen=True, slots=True)
class Node:
    """
    One element. Children of other makers' namespaces are left out: there is nothing for us in them.
    """

    namespace: str
    name: str
    """Without a prefix."""

    text: str = field(repr=False)
    """Without white space around it; empty for an element that has children. It may be a session ticket."""

    children: tuple["Node", ...] = ()

    def all(self, name: str) -> Iterator["Node"]:
        """
        Yield the children of that name, in their order.
        """
        return (child for child in self.children if child.name == name)

    def at(self, *path: str) -> "Node | None":
        """
        Return the first element at a path of names; None when there is none.
        """
        node: Node | None = self
        for name in path:
            node = None if node is None else next(node.all(name), None)
        return node

    def word(self, *path: str) -> str | None:
        """
        Return the text of the first element at a path; None when there is none, or it is empty.
        """
        node = self.at(*path)
        return (node.text or None) if node else None

    def number(self, *path: str) -> int | None:
        """
        Return the number at a path; None when there is none. Raise Unreadable when something else stands there.
        """
        word = self.word(*path)
        try:
            return None if word is None else int(word)
        except ValueError as error:
            raise Unreadable(f"{'/'.join(path)} is no whole number") from error

    def flag(self, *path: str) -> bool | None:
        """
        Return the yes or no at a path; None when there is none. Raise Unreadable when something else stands there.
        """
        word = self.word(*path)
        if word is None:
            return None
        if word.lower() not in _FLAGS:
            raise Unreadable(f"{'/'.join(path)} is neither true nor false")
        return _FLAGS[word.lower()]


_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def parsed(document: bytes) -> Node:
    """
    Return the outermost element. Raise Unreadable for anything that is no XML, or that goes beyond the bounds above.
    """
    if len(document) > LONGEST:
        raise Unreadable(f"it is longer than {LONGEST} bytes")
    builder = _Builder()
    # Prefixes are resolved here and not by the parser, which would refuse one that nobody declared.
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.EntityDeclHandler = builder.doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        parser.Parse(document, True)  # noqa: FBT003 - the library takes it by position alone
    except expat.ExpatError as error:
        raise Unreadable(str(error)) from error
    except (LookupError, UnicodeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"its encoding is not known: {error}") from error
    if builder.root is None:
        raise Unreadable("it has no element")
    return builder.root


@dataclass(slots=True)
class _Open:
    tag: str
    scope: Mapping[str, str]
    text: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._begun = 0

    def doctype(self, *_facts: object) -> NoReturn:
        raise Unreadable("it declares a document type, which no answer needs")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise Unreadable(f"its elements go deeper than {DEEPEST}")
        self._begun += 1
        if self._begun > MOST:
            raise Unreadable(f"it has more than {MOST} elements")
        scope: Mapping[str, str] = self._open[-1].scope if self._open else USUAL
        declared = {
            name.partition(":")[2]: uri
            for name, uri in attributes.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        self._open.append(_Open(tag, {**scope, **declared} if declared else scope))

    def characters(self, text: str) -> None:
        self._open[-1].text.append(text)

    def end(self, tag: str) -> None:
        closed = self._open.pop()
        prefix, colon, name = tag.rpartition(":")
        namespace = closed.scope.get(prefix if colon else "", "")
        text = "" if closed.children else "".join(closed.text).strip()
        node = Node(namespace, name, text, tuple(closed.children))
        if not self._open:
            self.root = node
        elif not namespace or is_webex(namespace):
            self._open[-1].children.append(node)
