"""
What scripts of mappings are made of: the part of JavaScript and Groovy that computes a value and does nothing else.
"""

from dataclasses import dataclass
from typing import TypeAlias


class Untranslatable(Exception):
    """
    A script does something that no expression can say; the text says what.
    """


@dataclass(frozen=True, slots=True)
class Literal:
    """
    A text, a whole number, true, false, or None for null and undefined.
    """

    value: str | int | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """
    A regular expression as it stands between slashes, and its flags.
    """

    text: str
    flags: str


@dataclass(frozen=True, slots=True)
class Name:
    """
    A variable.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """
    A member of something, by name or by number.
    """

    of: "Node"
    key: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """
    A function or method called.
    """

    function: "Node"
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """
    An operator in front of something.
    """

    operator: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """
    An operator between two.
    """

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Choice:
    """
    One of two, by a condition.
    """

    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Several:
    """
    A list.
    """

    elements: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Members:
    """
    An object written down.
    """

    members: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Function:
    """
    A function written down.
    """

    parameters: tuple[str, ...]
    body: tuple["Statement", ...]


@dataclass(frozen=True, slots=True)
class Assign:
    """
    A variable or a member that gets a value.
    """

    to: "Node"
    value: "Node"


@dataclass(frozen=True, slots=True)
class Return:
    """
    The value of a function.
    """

    value: "Node"


@dataclass(frozen=True, slots=True)
class If:
    """
    Statements by a condition.
    """

    condition: "Node"
    then: tuple["Statement", ...]
    otherwise: tuple["Statement", ...]


Node: TypeAlias = Literal | Pattern | Name | Member | Call | Unary | Binary | Choice | Several | Members | Function
Statement: TypeAlias = Node | Assign | Return | If
