"""
How the fields of a Python value lie on the wire, read off its own annotations: a message is declared once, as a frozen
dataclass whose name is that of the wire type.
"""

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints


class Form(Enum):
    """
    What a field holds. The wire does not say; both sides know.
    """

    TEXT = "text"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    FLAG = "flag"
    BYTE = "byte"
    CLASS = "class"
    OBJECT = "object"


class Place(Enum):
    """
    How a field is found.
    """

    NAMED = "named"
    IN_ORDER = "in order"
    """
    Without a name, by its place among those without.
    """
    ALL_OTHERS = "all others"
    """
    A tuple of all objects without a name.
    """


@dataclass(frozen=True, slots=True)
class Wire:
    """
    What stands in a field's annotation.
    """

    form: Form
    name: str = ""
    place: Place = Place.NAMED
    spoken: bool = False
    """
    Whether an object that is None is written; texts, numbers and classes that are None never are.
    """


def text(name: str) -> Wire:
    """
    Return the mark of a named text.
    """
    return Wire(Form.TEXT, name)


def int32(name: str) -> Wire:
    """
    Return the mark of a named integer of 32 bits.
    """
    return Wire(Form.INT, name)


def int64(name: str) -> Wire:
    """
    Return the mark of a named integer of 64 bits.
    """
    return Wire(Form.LONG, name)


def flag(name: str) -> Wire:
    """
    Return the mark of a named truth value.
    """
    return Wire(Form.FLAG, name)


def class_name(name: str) -> Wire:
    """
    Return the mark of a named class.
    """
    return Wire(Form.CLASS, name)


def whole(name: str) -> Wire:
    """
    Return the mark of a named object, which is written when it is None, too.
    """
    return Wire(Form.OBJECT, name, spoken=True)


def omissible(name: str) -> Wire:
    """
    Return the mark of a named object that is left out when it is None.
    """
    return Wire(Form.OBJECT, name)


def bare(form: Form) -> Wire:
    """
    Return the mark of a field without a name.
    """
    return Wire(form, place=Place.IN_ORDER, spoken=True)


OTHERS: Final = Wire(Form.OBJECT, place=Place.ALL_OTHERS)
"""
The mark of a tuple of all objects that have no name.
"""

Accepted: TypeAlias = tuple[type, ...] | None
"""
The types that a field's object may have; None for any.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field of a Python value.
    """

    attribute: str
    wire: Wire
    accepted: Accepted
    needed: bool
    """
    Whether an object without it is malformed: nothing stands for it, not even None.
    """


@dataclass(frozen=True, slots=True)
class Shape:
    """
    A Python type as it lies on the wire.
    """

    python: type
    fields: tuple[Field, ...]
    """
    In the order in which they are written.
    """
    named: Mapping[str, Field]
    unnamed: tuple[Field, ...]
    others: Field | None
    family: type[Enum] | None
    """
    For types that differ in name alone: their names, which the field `kind` holds.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """
        The names of the wire types that it stands for.
        """
        if self.family is None:
            return (self.python.__name__,)
        return tuple(str(each.value) for each in self.family)


@cache
def shape_of(python: type) -> Shape:
    """
    Return the shape of a dataclass whose fields are marked.
    """
    hints = get_type_hints(python, include_extras=True)
    fields, family = [], None
    for each in dataclasses.fields(python):
        hint = hints[each.name]
        if get_origin(hint) is not Annotated:
            family = hint
            continue
        inner, wire = get_args(hint)
        accepted = _accepted(inner)
        needed = each.default is dataclasses.MISSING and accepted is not None and type(None) not in accepted
        fields.append(Field(each.name, wire, accepted, needed))
    return Shape(
        python,
        tuple(fields),
        {each.wire.name: each for each in fields if each.wire.place is Place.NAMED},
        tuple(each for each in fields if each.wire.place is Place.IN_ORDER),
        next((each for each in fields if each.wire.place is Place.ALL_OTHERS), None),
        family,
    )


def _accepted(hint: Any) -> Accepted:
    if hint in (Any, object):
        return None
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(one for each in get_args(hint) for one in _accepted(each) or (object,))
    return (get_origin(hint) or hint,)
