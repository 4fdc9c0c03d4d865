"""
Values to bytes. One encoder writes one direction of one connection.
"""

import struct
from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.fields import Field, Form, Place, Shape
from webex_connector.gateway.remote.codec.messages import OperationResponsePart
from webex_connector.gateway.remote.codec.moulds import Moulds
from webex_connector.gateway.remote.codec.objects import Attribute, ToldObject
from webex_connector.gateway.remote.codec.primitives import (
    ARRAY,
    BARE,
    BYTE,
    DOUBLE,
    END,
    INT,
    LONG,
    NAMED,
    NULL,
    TYPE,
    blob,
    text,
)
from webex_connector.gateway.remote.codec.sealing import sealed, sealed_text
from webex_connector.gateway.remote.codec.shapes import SHAPES
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Map, SecretBytes, Set, Value

BEGIN: Final = INT.pack(0xFAFB) + INT.pack(2)
"""
What a stream begins with: the magic number, and the version of the format.
"""

_CASE = "caseInsensitive"
_BARE_TEXT: Final = struct.Struct(">cii")
_BARE: Final = struct.Struct(">ci")


class Encoder:
    """
    Writes one value after the other. Names of types and fields are sent once, and go by number after that.
    """

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}
        self.moulds: Final = Moulds(self._code, self.object)
        """
        For what streams are made of.
        """
        self._added: list[bytes] = []
        self._begun = False

    def encode(self, value: Value) -> bytes:
        """
        Return the next object of the stream. Raises TypeError for a value that cannot travel, ValueError for an
        integer that is too big for its type.
        """
        body = self.object(value)
        begin = b"" if self._begun else BEGIN
        self._begun = True
        names = b"".join(self._added)
        count = INT.pack(len(self._added))
        self._added.clear()
        return begin + count + names + body

    def _code(self, name: str) -> bytes:
        code = self._codes.get(name)
        if code is None:
            code = INT.pack(len(self._codes))
            self._codes[name] = code
            self._added.append(text(name) + code)
        return code

    def object(self, value: Value) -> bytes:
        """
        Return a value's bytes within the object that is being written.
        """
        if value is None:
            return NULL
        kind = type(value)
        write = _WRITERS.get(kind)
        if write is not None:
            return write(self, value)
        shape = SHAPES.get(kind)
        if shape is not None:
            return self.declared(value, shape)
        if isinstance(value, str):
            return self.text_object(value)
        if isinstance(value, Enum):
            head = TYPE + self._code(kind.__name__)
            return head + self._named("value", text(str(value.value))) + END
        raise TypeError(f"a value of type {kind.__name__} cannot travel")

    def text_object(self, value: str) -> bytes:
        """
        Return a text as an object.
        """
        raw = value.encode("utf-8", "replace")
        return TYPE + self._code("String") + _BARE_TEXT.pack(BARE, len(raw) + 4, len(raw)) + raw + END

    def declared(self, value: Any, shape: Shape) -> bytes:
        """
        Return a value of a type with marked fields, field by field.
        """
        name = shape.python.__name__ if shape.family is None else str(value.kind.value)
        parts = [TYPE, self._code(name)]
        for field in shape.fields:
            content = getattr(value, field.attribute)
            if field.wire.place is Place.ALL_OTHERS:
                parts += [self._bare(self.object(each)) for each in content]
            elif content is not None or (field.wire.spoken and field.wire.form is Form.OBJECT):
                parts.append(self._field(field, content))
        parts.append(END)
        return b"".join(parts)

    def _field(self, field: Field, content: Any) -> bytes:
        if field.wire.place is Place.IN_ORDER:
            return self._bare(_CONTENTS[field.wire.form](self, content))
        # The field's name gets its number before the names within it do.
        code = self._code(field.wire.name)
        return NAMED + code + blob(_CONTENTS[field.wire.form](self, content))

    def _named(self, name: str, content: bytes) -> bytes:
        return NAMED + self._code(name) + blob(content)

    def _bare(self, content: bytes) -> bytes:
        return _BARE.pack(BARE, len(content)) + content

    def simple(self, name: str, content: bytes) -> bytes:
        """
        Return an object of this type with one field that has no name.
        """
        return TYPE + self._code(name) + self._bare(content) + END

    def class_of(self, value: JavaClass) -> bytes:
        """
        Return a class.
        """
        return ARRAY * value.depth + TYPE + self._code(value.name)

    def class_object(self, value: JavaClass) -> bytes:
        """
        Return a class as an object.
        """
        # The type's name gets its number before the name within it does.
        head = TYPE + self._code("Class")
        return head + self._bare(self.class_of(value)) + END

    def list_of(self, value: tuple[Value, ...]) -> bytes:
        """
        Return a list.
        """
        head = TYPE + self._code("List")
        texts = [each for each in value if isinstance(each, str)]
        if texts and len(texts) == len(value):
            return head + self.moulds.texts(texts) + END
        return self._several(head, value)

    def set_of(self, value: Set) -> bytes:
        """
        Return a set.
        """
        return self._several(self._collection("Set", value.case_insensitive), value.members)

    def map_of(self, value: Map) -> bytes:
        """
        Return a map.
        """
        parts = [self._collection("Map", value.case_insensitive)]
        for key, each in value.pairs:
            head = TYPE + self._code("MapEntry")
            parts.append(self._bare(head + self._bare(self.object(key)) + self._bare(self.object(each)) + END))
        return b"".join([*parts, END])

    def array_of(self, value: Array) -> bytes:
        """
        Return an array.
        """
        return self._several(ARRAY + self.class_of(value.component), value.items)

    def _collection(self, name: str, case_insensitive: bool) -> bytes:  # noqa: FBT001 - one of its two facts
        head = TYPE + self._code(name)
        return head + self._named(_CASE, b"\x01") if case_insensitive else head

    def _several(self, head: bytes, items: tuple[Value, ...]) -> bytes:
        return b"".join([head, *[self._bare(self.object(each)) for each in items], END])


def _byte(value: int) -> bytes:
    if not -(2**7) <= value < 2**7:
        raise ValueError(f"{value} is too big for 8 bits")
    return BYTE.pack(value)


def _int(value: int) -> bytes:
    if not -(2**31) <= value < 2**31:
        raise ValueError(f"{value} is too big for 32 bits")
    return INT.pack(value)


def _long(value: int) -> bytes:
    if not -(2**63) <= value < 2**63:
        raise ValueError(f"{value} is too big for 64 bits")
    return LONG.pack(value)


def _part(encoder: Encoder, value: OperationResponsePart) -> bytes:
    return encoder.moulds.part(value) if value.exception is None else encoder.declared(value, SHAPES[type(value)])


_CONTENTS: Final[Mapping[Form, Callable[[Encoder, Any], bytes]]] = MappingProxyType(
    {
        Form.TEXT: lambda _, value: text(value),
        Form.INT: lambda _, value: _int(value),
        Form.LONG: lambda _, value: _long(value),
        Form.DOUBLE: lambda _, value: DOUBLE.pack(value),
        Form.FLAG: lambda _, value: b"\x01" if value else b"\x00",
        Form.BYTE: lambda _, value: _byte(value),
        Form.CLASS: Encoder.class_of,
        Form.OBJECT: Encoder.object,
    },
)

_WRITERS: Final[Mapping[type, Callable[[Encoder, Any], bytes]]] = MappingProxyType(
    {
        str: Encoder.text_object,
        Attribute: lambda encoder, value: encoder.moulds.attribute(value),
        ToldObject: lambda encoder, value: encoder.moulds.told(value),
        OperationResponsePart: _part,
        bool: lambda encoder, value: encoder.simple("Boolean", b"\x01" if value else b"\x00"),
        int: lambda encoder, value: encoder.simple("Integer", _int(value)),
        float: lambda encoder, value: encoder.simple("Double", DOUBLE.pack(value)),
        bytes: lambda encoder, value: encoder.simple("ByteArray", blob(value)),
        Secret: lambda encoder, value: encoder.simple("GuardedString", blob(sealed_text(value.reveal()))),
        SecretBytes: lambda encoder, value: encoder.simple("GuardedByteArray", blob(sealed(value.reveal()))),
        JavaClass: Encoder.class_object,
        tuple: Encoder.list_of,
        Set: Encoder.set_of,
        Map: Encoder.map_of,
        Array: Encoder.array_of,
    },
)
