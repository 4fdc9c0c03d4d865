"""
Reads requests as the real server does: prefixes need no declaration, and no prefix is asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

LARGEST = 4 * 1024 * 1024
"""
Bytes of the largest request that is read; what the real server allows is not published.
"""

_DEEPEST = 32
_OPERATION = re.compile(r"(?:^|[.:])(\w+)\.(\w+)\s*$")


class Unreadable(Exception):
    """
    The request is no XML of the kind that is read here; the text says why.
    """


@dataclass(slots=True)
class Node:
    """
    An element, without its prefix.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    """By name without prefix."""
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def child(self, name: str) -> "Node | None":
        """
        Return the first child of that name.
        """
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator["Node"]:
        """
        Yield the children of that name.
        """
        return (child for child in self.children if child.name == name)

    def value(self, *path: str) -> str:
        """
        Return the text at the end of a path of first children, without space around it; empty when there is none.
        """
        node: Node | None = self
        for name in path:
            node = node.child(name) if node else None
        return node.text.strip() if node else ""


NOTHING = Node("")
"""
An element that is absent.
"""


@dataclass(frozen=True, slots=True)
class Message:
    """
    A request.
    """

    context: Node
    """The security context."""
    operation: str
    """The service and the name of what is asked, such as `user.GetUser`; empty when it is not told."""
    content: Node
    """The content of the body."""


def message_in(body: bytes) -> Message:
    """
    Read a request. Raises Unreadable for what is no XML, no message, too large or too deep, and for a DOCTYPE.
    """
    if len(body) > LARGEST:
        raise Unreadable(f"more than {LARGEST} bytes")
    root = _tree(body)
    if root.name != "message":
        raise Unreadable(f"the root is {root.name}, not message")
    header, content = root.child("header") or NOTHING, (root.child("body") or NOTHING).child("bodyContent") or NOTHING
    found = _OPERATION.search(content.attributes.get("type", ""))
    operation = f"{found[1]}.{found[2]}" if found else ""
    return Message(header.child("securityContext") or NOTHING, operation, content)


def _tree(body: bytes) -> Node:
    parser = expat.ParserCreate()
    top = Node("")
    stack = [top]

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise Unreadable(f"elements within each other more than {_DEEPEST} deep")
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()})
        stack[-1].children.append(node)
        stack.append(node)

    def end(_name: str) -> None:
        stack.pop()

    def text(part: str) -> None:
        stack[-1].text += part

    def refused(*_declared: object) -> None:
        raise Unreadable("a document type is declared")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refused
    parser.buffer_text = True
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes it by place alone
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise Unreadable(str(problem)) from None
    return top.children[0]


def _local(name: str) -> str:
    return name.rpartition(":")[2]
