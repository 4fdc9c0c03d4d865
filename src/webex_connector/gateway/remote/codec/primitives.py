"""
Numbers, texts and byte strings as they lie on the wire: big-endian, texts UTF-8 with their length in front.
"""

import struct

INT = struct.Struct(">i")
LONG = struct.Struct(">q")
DOUBLE = struct.Struct(">d")
BYTE = struct.Struct(">b")

TYPE, ARRAY, NO_TYPE = b"\x3d", b"\x3e", b"\x3c"
BARE, NAMED, END = b"\x46", b"\x47", b"\x48"
NULL = NO_TYPE + END
"""
The null object: its class, and its end.
"""


class Malformed(Exception):
    """
    Bytes that are no message, or more of them than is taken.
    """


def blob(content: bytes) -> bytes:
    """
    Return a byte string with its length in front.
    """
    return INT.pack(len(content)) + content


def text(content: str) -> bytes:
    """
    Return a text with its length in front. Halves of surrogate pairs become question marks, as Java writes them.
    """
    return blob(content.encode("utf-8", "replace"))


class Cursor:
    """
    A place in bytes, and where they end. Nothing reads past the end: that raises Malformed.
    """

    __slots__ = ("_bytes", "_end", "_place")

    def __init__(self, content: bytes, place: int = 0, end: int | None = None) -> None:
        self._bytes = content
        self._place = place
        self._end = len(content) if end is None else end

    @property
    def left(self) -> int:
        """
        How many bytes there are from here to the end.
        """
        return self._end - self._place

    def _passed(self, size: int) -> int:
        place = self._place
        if not 0 <= size <= self._end - place:
            raise Malformed(f"{size} bytes are announced where {self._end - place} are left")
        self._place = place + size
        return place

    def tag(self) -> int:
        """
        Read one byte, unsigned.
        """
        return self._bytes[self._passed(1)]

    def byte(self) -> int:
        """
        Read one byte, signed.
        """
        found: int = BYTE.unpack_from(self._bytes, self._passed(1))[0]
        return found

    def int32(self) -> int:
        """
        Read an integer of 32 bits.
        """
        found: int = INT.unpack_from(self._bytes, self._passed(4))[0]
        return found

    def int64(self) -> int:
        """
        Read an integer of 64 bits.
        """
        found: int = LONG.unpack_from(self._bytes, self._passed(8))[0]
        return found

    def double(self) -> float:
        """
        Read a number of 64 bits.
        """
        found: float = DOUBLE.unpack_from(self._bytes, self._passed(8))[0]
        return found

    def flag(self) -> bool:
        """
        Read a truth value.
        """
        found = self.tag()
        if found > 1:
            raise Malformed(f"{found} is no truth value")
        return found == 1

    def blob(self) -> bytes:
        """
        Read a byte string.
        """
        size = self.int32()
        place = self._passed(size)
        return self._bytes[place : place + size]

    def text(self) -> str:
        """
        Read a text.
        """
        try:
            return self.blob().decode("utf-8")
        except UnicodeDecodeError as problem:
            raise Malformed(f"a text is not UTF-8: {problem.reason}") from None

    def part(self) -> "Cursor":
        """
        Read a length and return a cursor over that many bytes.
        """
        size = self.int32()
        place = self._passed(size)
        return Cursor(self._bytes, place, place + size)

    def finish(self) -> None:
        """
        Raise Malformed when bytes are left.
        """
        if self.left:
            raise Malformed(f"{self.left} bytes are left over")

    @property
    def is_null(self) -> bool:
        """
        Whether what is left is the null object.
        """
        return self._bytes[self._place : self._end] == NULL
