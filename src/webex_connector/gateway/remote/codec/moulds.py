"""
The bytes that everything of one kind has in common, made once for a stream of objects: names and types are there
already, and values are poured in. What comes out is what the encoder would write piece by piece.
"""

import struct
from collections.abc import Callable
from typing import Final

from webex_connector.gateway.remote.codec.messages import OperationResponsePart
from webex_connector.gateway.remote.codec.objects import Attribute, ObjectClass, ToldObject, Uid
from webex_connector.gateway.remote.codec.primitives import BARE, END, NAMED, NULL, TYPE, blob, text
from webex_connector.gateway.remote.codec.values import Value

_MEMBER: Final = struct.Struct(">ci")
_TEXT: Final = struct.Struct(">ci6sii")
_AROUND_TEXT: Final = 15
"""
How many bytes longer than its content a text is as an object.
"""
_AROUND_LIST: Final = _AROUND_TEXT + 11
"""
How many bytes longer than it a list is that has one text.
"""


class Moulds:
    """
    Those of one stream. `code` gives the number of a name, `write` the bytes of any other value.
    """

    def __init__(self, code: Callable[[str], bytes], write: Callable[[Value], bytes]) -> None:
        self._code, self._write = code, write
        self._heads: dict[str, bytes] = {}
        self._texts: dict[str, Callable[[bytes, int], bytes]] = {}
        self._flags: dict[tuple[str, bool], bytes] = {}
        self._classes: dict[str, bytes] = {}
        self._part = b""
        self._uids: tuple[bytes, bytes] | None = None

    def part(self, value: OperationResponsePart) -> bytes:
        """
        Return one object of a stream, or what an operation returns.
        """
        if not self._part:
            head = self._type("OperationResponsePart") + self._field("exception") + blob(NULL)
            self._part = head + self._field("result")
        return self._part + blob(self._write(value.result)) + END

    def told(self, value: ToldObject) -> bytes:
        """
        Return an object with all its attributes.
        """
        head = self._classes.get(value.object_class)
        if head is None:
            head = self._type("ConnectorObject") + self._field("ObjectClass")
            head += blob(self._write(ObjectClass(value.object_class))) + self._field("Attributes")
            self._classes[value.object_class] = head
        parts = [self._type("Set"), _member(self._uid(value)), _member(self._name(value.name))]
        texts = self._texts
        for name, values in value.attributes:
            one = values[0] if len(values) == 1 else None
            if isinstance(one, str):
                raw = one.encode("utf-8", "replace")
                pour = texts.get(name) or self._mould_of(name)
                parts.append(pour(raw, len(raw)))
            elif isinstance(one, bool):
                parts.append(self._flag(name, one))
            else:
                parts.append(_member(self._attribute(name, values)))
        parts.append(END)
        return head + blob(b"".join(parts)) + END

    def attribute(self, value: Attribute) -> bytes:
        """
        Return an attribute.
        """
        return self._attribute(value.name, value.values)

    def _attribute(self, name: str, values: tuple[Value, ...] | None) -> bytes:
        return self._head(name) + blob(self._write(values)) + END

    def texts(self, values: list[str]) -> bytes:
        """
        Return what stands in a list for texts.
        """
        of_text = self._type("String") + BARE
        parts: list[bytes] = []
        for each in values:
            raw = each.encode("utf-8", "replace")
            size = len(raw)
            parts += (_TEXT.pack(BARE, size + _AROUND_TEXT, of_text, size + 4, size), raw, END)
        return b"".join(parts)

    def _uid(self, value: ToldObject) -> bytes:
        if value.revision is not None:
            return self._write(Uid(value.uid, value.revision))
        if not self._uids:
            self._uids = self._type("Uid") + self._field("uid"), self._field("nameHint") + blob(NULL) + END
        head, end = self._uids
        return head + blob(text(value.uid)) + end

    def _name(self, name: str) -> bytes:
        return self._type("Name") + BARE + blob(text(name)) + END

    def _flag(self, name: str, one: bool) -> bytes:  # noqa: FBT001 - the value
        made = self._flags.get((name, one))
        if made is None:
            made = self._flags[name, one] = _member(self._attribute(name, (one,)))
        return made

    def _mould_of(self, name: str) -> Callable[[bytes, int], bytes]:
        """
        Make the mould for an attribute with one text, as a member of a set.
        """
        head = self._head(name)
        one, of_text = self._type("List") + BARE, self._type("String") + BARE
        pack, ends = struct.Struct(f">ci{len(head)}si6si6sii").pack, END * 3
        around = len(head) + 4 + _AROUND_LIST + 1

        def pour(raw: bytes, size: int) -> bytes:
            listed, inner = size + _AROUND_LIST, size + _AROUND_TEXT
            return pack(BARE, size + around, head, listed, one, inner, of_text, size + 4, size) + raw + ends

        self._texts[name] = pour
        return pour

    def _head(self, name: str) -> bytes:
        head = self._heads.get(name)
        if head is None:
            head = self._type("Attribute") + self._field("name") + blob(text(name)) + self._field("Values")
            self._heads[name] = head
        return head

    def _type(self, name: str) -> bytes:
        return TYPE + self._code(name)

    def _field(self, name: str) -> bytes:
        return NAMED + self._code(name)


def _member(content: bytes) -> bytes:
    return _MEMBER.pack(BARE, len(content)) + content
