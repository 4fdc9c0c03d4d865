"""
What mapping expressions are made of, what they see, and what they give.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Attributes: TypeAlias = Mapping[str, Sequence[object]]
"""
The values of a record by attribute.
"""


class Kind(Enum):
    """
    Of which kind an attribute's values are, in the words of the language.
    """

    TEXT = "str"
    INTEGER = "int"
    NUMBER = "float"
    TRUTH = "bool"
    BYTES = "bytes"
    MAP = "dict[str, Any]"


@dataclass(frozen=True, slots=True)
class Field:
    """
    What is known of an attribute. One of many values is a list, one of a single value is that value or None.
    """

    kind: Kind = Kind.TEXT
    many: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """
    The attributes that records have.
    """

    attributes: Mapping[str, Field] | None = None
    """
    None when nobody knows them beforehand: then one value is that value, several are a list.
    """


UNKNOWN = Shape()
"""
The shape of records that could have any attribute.
"""


@dataclass(frozen=True, slots=True)
class Expression:
    """
    One expression as it was written.
    """

    text: str
    place: str
    """
    The file and the line, for messages.
    """


@dataclass(frozen=True, slots=True)
class Subject:
    """
    What the expressions see of one record.
    """

    key: str
    """
    By which messages name it.
    """
    source: Attributes
    target: Attributes | None = None
    """
    The object on the other side as it is; None when there is none.
    """
    old: Attributes | None = None
    """
    The record as it was; None when that is not known.
    """
    link_qualifier: str = "default"


@dataclass(frozen=True, slots=True)
class Failure:
    """
    Why an expression gave nothing for a record.
    """

    expression: str
    """
    Its name.
    """
    place: str
    key: str
    """
    The record's.
    """
    raised: str

    def __str__(self) -> str:
        return f"{self.place}: {self.expression}, record {self.key}: {self.raised}"


def values_of(result: object) -> tuple[object, ...]:
    """
    Return what an expression gave as an attribute's values: nothing for None and an empty text, each element of a list
    that is something, else the one value.
    """
    given = result if isinstance(result, list | tuple) else (result,)
    return tuple(each for each in given if each is not None and each != "")
