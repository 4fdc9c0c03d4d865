"""
Where one object of a stream ends and the next begins, and the pool of names that they share.

It reads no more than it says: each step asks for a number of bytes and is sent exactly those, from wherever they come.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from webex_connector.gateway.remote.codec.encoder import BEGIN
from webex_connector.gateway.remote.codec.primitives import ARRAY, BARE, END, INT, NAMED, NO_TYPE, TYPE, Malformed


@dataclass(frozen=True, slots=True)
class Bounds:
    """
    How much of a peer's bytes is taken.
    """

    size: int = 16 * 2**20
    """
    Bytes of one object, names included.
    """
    depth: int = 128
    """
    Objects within objects.
    """
    count: int = 200_000
    """
    Objects within one object, nulls included.
    """


STRANGER: Final = Bounds(size=64 * 2**10, depth=16, count=1_000)
"""
What is taken of somebody who has not shown the key.
"""

TRUSTED: Final = Bounds()
"""
What is taken of somebody who has.
"""

NAMES: Final = 4_096
"""
How many names a stream may bring, all objects together. The protocol has some two hundred.
"""

NAME_SIZE: Final = 256
"""
How many bytes a name may have.
"""

Steps: TypeAlias = Generator[int, bytes, bytes]
"""
Asks for numbers of bytes, is sent them, and returns the bytes of an object.
"""


@dataclass(slots=True)
class Stream:
    """
    One direction of a connection, as it is read.
    """

    names: dict[int, str] = field(default_factory=dict)
    """
    The names that have come, by their numbers.
    """
    begun: bool = False

    def frame(self, bounds: Bounds = TRUSTED) -> Steps:
        """
        Take the next object. Raises Malformed at the step that shows that it is none, or too much.
        """
        room = _Room(bounds.size)
        if not self.begun:
            begin = yield room.less(len(BEGIN))
            if begin != BEGIN:
                raise Malformed("this is no stream of the connector protocol, version 2")
            self.begun = True
        yield from self._additions(room)
        return (yield from _body(room, bounds.depth))

    def _additions(self, room: "_Room") -> Generator[int, bytes, None]:
        count = _int((yield room.less(4)))
        if not 0 <= count <= NAMES - len(self.names):
            raise Malformed(f"{count} more names are announced; a stream has {NAMES} at most")
        for _ in range(count):
            size = _int((yield room.less(4)))
            if not 0 <= size <= NAME_SIZE:
                raise Malformed(f"a name of {size} bytes is announced; it has {NAME_SIZE} at most")
            # A step of no bytes would be taken for the end of the stream.
            raw = (yield room.less(size)) if size else b""
            code = _int((yield room.less(4)))
            if code in self.names:
                raise Malformed(f"the number {code} is given to two names")
            try:
                self.names[code] = raw.decode("utf-8")
            except UnicodeDecodeError:
                raise Malformed("a name is not UTF-8") from None


class _Room:
    """
    What is left of the bytes that one object may have.
    """

    def __init__(self, size: int) -> None:
        self._left = size

    def less(self, size: int) -> int:
        if not 0 <= size <= self._left:
            raise Malformed(f"{size} bytes are announced; {self._left} are left for this object")
        self._left -= size
        return size


def _int(raw: bytes) -> int:
    found: int = INT.unpack(raw)[0]
    return found


def _body(room: _Room, depth: int) -> Steps:
    body = bytearray()
    tag = yield room.less(1)
    while tag == ARRAY and len(body) < depth:
        body += tag
        tag = yield room.less(1)
    body += tag
    if tag == TYPE:
        body += yield room.less(4)
    elif tag != NO_TYPE:
        raise Malformed(f"{tag.hex()} begins no object")
    while (tag := (yield room.less(1))) != END:
        if tag not in (BARE, NAMED):
            raise Malformed(f"{tag.hex()} begins no field")
        head = yield room.less(8 if tag == NAMED else 4)
        body += tag + head
        size = _int(head[-4:])
        if size:
            body += yield room.less(size)
    return bytes(body + tag)
