"""
Bytes to values. Everything a peer may send wrong raises Malformed, and nothing else.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.fields import Field, Form, Shape
from webex_connector.gateway.remote.codec.framing import TRUSTED, Bounds
from webex_connector.gateway.remote.codec.primitives import ARRAY, BARE, END, NAMED, NO_TYPE, TYPE, Cursor, Malformed
from webex_connector.gateway.remote.codec.sealing import opened, opened_text
from webex_connector.gateway.remote.codec.shapes import ALIASES, BY_NAME, ENUMS
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Map, SecretBytes, Set, Value

_ARRAY, _TYPE, _NO_TYPE = ARRAY[0], TYPE[0], NO_TYPE[0]
_BARE, _NAMED, _END = BARE[0], NAMED[0], END[0]

Fields: TypeAlias = Iterator[tuple[str | None, Cursor]]
"""
The fields of an object: name, None for those without, and what they hold.
"""


def decoded(
    body: bytes,
    names: Mapping[int, str],
    bounds: Bounds = TRUSTED,
    types: Container[str] | None = None,
) -> Value:
    """
    Return the value of an object, with the names of its stream. `types` are the only ones that it may have, if given.

    Raises Malformed.
    """
    cursor = Cursor(body)
    value = _Reading(names, bounds, types).object(cursor, 0)
    cursor.finish()
    return value


class _Reading:
    """
    The reading of one object.
    """

    def __init__(self, names: Mapping[int, str], bounds: Bounds, types: Container[str] | None) -> None:
        self._names = names
        self._depth = bounds.depth
        self._left = bounds.count
        self._types = types

    def _name(self, cursor: Cursor) -> str:
        code = cursor.int32()
        name = self._names.get(code)
        if name is None:
            raise Malformed(f"the number {code} stands for no name")
        return name

    def java_class(self, cursor: Cursor) -> JavaClass:
        """
        Read a class. Raises Malformed when it is null.
        """
        depth = 0
        while (tag := cursor.tag()) == _ARRAY:
            depth += 1
            if depth > self._depth:
                raise Malformed("an array has too many dimensions")
        if tag != _TYPE:
            raise Malformed(f"{tag:02x} is no class")
        return JavaClass(self._name(cursor), depth)

    def object(self, cursor: Cursor, depth: int) -> Value:
        """
        Read an object from its class to its end.
        """
        self._left -= 1
        if depth > self._depth or self._left < 0:
            raise Malformed("objects are nested too deep, or there are too many")
        if cursor.is_null:
            cursor.tag()
            cursor.tag()
            return None
        kind = self.java_class(cursor)
        if self._types is not None and (kind.depth or kind.name not in self._types):
            raise Malformed("another type is expected here")
        fields = self._fields(cursor)
        if kind.depth:
            component = JavaClass(kind.name, kind.depth - 1)
            return Array(component, tuple(self.object(part, depth + 1) for part in _unnamed(fields)))
        name = ALIASES.get(kind.name, kind.name)
        shape = BY_NAME.get(name)
        if shape is not None:
            return self._declared(name, shape, fields, depth)
        if name in ENUMS:
            return self._member(ENUMS[name], fields)
        read = _READERS.get(name)
        if read is None:
            raise Malformed("there is no such type")
        return read(self, fields, depth)

    def _fields(self, cursor: Cursor) -> Fields:
        while (tag := cursor.tag()) != _END:
            if tag not in (_BARE, _NAMED):
                raise Malformed(f"{tag:02x} begins no field")
            name = self._name(cursor) if tag == _NAMED else None
            yield name, cursor.part()

    def _declared(self, name: str, shape: Shape, fields: Fields, depth: int) -> Value:
        found: dict[str, Any] = {} if shape.family is None else {"kind": shape.family(name)}
        unnamed, others = iter(shape.unnamed), []
        for given, part in fields:
            field = shape.named.get(given) if given is not None else next(unnamed, None)
            if field is not None:
                found[field.attribute] = self._held(field, part, depth)
            elif given is None and shape.others is not None:
                others.append(self.object(part, depth + 1))
        if shape.others is not None:
            found[shape.others.attribute] = tuple(others)
        lacking = [each.attribute for each in shape.fields if each.needed and each.attribute not in found]
        if lacking:
            raise Malformed(f"{name} lacks {', '.join(lacking)}")
        return shape.python(**found)

    def _held(self, field: Field, part: Cursor, depth: int) -> Any:
        if field.wire.form is not Form.OBJECT and part.is_null:
            value = None
        else:
            value = _CONTENTS[field.wire.form](self, part, depth)
            part.finish()
        if field.accepted is not None and not isinstance(value, field.accepted):
            raise Malformed(f"{field.attribute} may not be of type {type(value).__name__}")
        return value

    def _member(self, kind: type[Enum], fields: Fields) -> Value:
        texts = [part.text() for name, part in fields if name == "value"]
        try:
            return kind(texts[0] if texts else None)
        except ValueError:
            raise Malformed(f"{kind.__name__} has no such value") from None

    def list_of(self, fields: Fields, depth: int) -> Value:
        """
        Read a list.
        """
        return tuple(self.object(part, depth + 1) for part in _unnamed(fields))

    def set_of(self, fields: Fields, depth: int) -> Value:
        """
        Read a set.
        """
        folded, members = self._collection(fields, depth)
        return Set(tuple(members), folded)

    def map_of(self, fields: Fields, depth: int) -> Value:
        """
        Read a map.
        """
        folded, entries = self._collection(fields, depth)
        if not all(isinstance(each, _Entry) for each in entries):
            raise Malformed("a map holds something else than entries")
        return Map(tuple(each.pair for each in entries), folded)

    def entry(self, fields: Fields, depth: int) -> Value:
        """
        Read an entry of a map.
        """
        parts = [self.object(part, depth + 1) for part in _unnamed(fields)]
        if len(parts) != 2:  # noqa: PLR2004 - key and value
            raise Malformed("an entry of a map has a key and a value")
        return _Entry((parts[0], parts[1]))

    def _collection(self, fields: Fields, depth: int) -> tuple[bool, list[Any]]:
        folded, items = False, []
        for name, part in fields:
            if name is None:
                items.append(self.object(part, depth + 1))
            elif name == "caseInsensitive":
                folded = part.flag()
        return folded, items


class _Entry:
    """
    An entry of a map, which is a type of its own on the wire and nowhere else.
    """

    __slots__ = ("pair",)

    def __init__(self, pair: tuple[Value, Value]) -> None:
        self.pair = pair


def _unnamed(fields: Fields) -> Iterator[Cursor]:
    return (part for name, part in fields if name is None)


def _only(fields: Fields) -> Cursor:
    parts = list(_unnamed(fields))
    if len(parts) != 1:
        raise Malformed(f"a simple value has one field, not {len(parts)}")
    return parts[0]


_CONTENTS: Final[Mapping[Form, Callable[[_Reading, Cursor, int], Any]]] = MappingProxyType(
    {
        Form.TEXT: lambda _, part, __: part.text(),
        Form.INT: lambda _, part, __: part.int32(),
        Form.LONG: lambda _, part, __: part.int64(),
        Form.DOUBLE: lambda _, part, __: part.double(),
        Form.FLAG: lambda _, part, __: part.flag(),
        Form.BYTE: lambda _, part, __: part.byte(),
        Form.CLASS: lambda reading, part, _: reading.java_class(part),
        Form.OBJECT: lambda reading, part, depth: reading.object(part, depth + 1),
    },
)


def _whole(read: Callable[[_Reading, Cursor], Value]) -> Callable[[_Reading, Fields, int], Value]:
    def simple(reading: _Reading, fields: Fields, _: int) -> Value:
        part = _only(fields)
        value = read(reading, part)
        part.finish()
        return value

    return simple


_READERS: Final[Mapping[str, Callable[[_Reading, Fields, int], Value]]] = MappingProxyType(
    {
        "String": _whole(lambda _, part: part.text()),
        "Boolean": _whole(lambda _, part: part.flag()),
        "Integer": _whole(lambda _, part: part.int32()),
        "Double": _whole(lambda _, part: part.double()),
        "ByteArray": _whole(lambda _, part: part.blob()),
        "GuardedString": _whole(lambda _, part: Secret(opened_text(part.blob()))),
        "GuardedByteArray": _whole(lambda _, part: SecretBytes(opened(part.blob()))),
        "Class": _whole(lambda reading, part: reading.java_class(part)),
        "List": _Reading.list_of,
        "Set": _Reading.set_of,
        "Map": _Reading.map_of,
        "MapEntry": _Reading.entry,
    },
)
