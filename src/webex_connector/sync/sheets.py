"""
Rows on their way into a staging database: many of them as one value, so that one statement puts all of them in. It runs
without Python, which makes the next rows meanwhile, on another core.
"""

import msgspec

from webex_connector.sync.records import DIGEST_BYTES

SOURCES = f"""
INSERT INTO sources SELECT ?3 + key, CAST(substr(?1, value ->> 2, value ->> 3) AS TEXT), ?4, value ->> 0,
NULLIF(substr(?1, value ->> 1, {DIGEST_BYTES}), zeroblob({DIGEST_BYTES})), substr(?1, value ->> 4, value ->> 5)
FROM json_each(?2)
"""  # noqa: S608 - a number of our own
"""
Puts a sheet of records in, given what it is made of, the id of the first and the qualifier of all.
"""

TARGETS = f"""
INSERT INTO targets SELECT ?3 + key, CAST(substr(?1, value ->> 2, value ->> 3) AS TEXT), value ->> 0,
substr(?1, value ->> 1, {DIGEST_BYTES}), substr(?1, value ->> 4, value ->> 5)
FROM json_each(?2)
"""  # noqa: S608 - a number of our own
"""
Puts a sheet of objects in, given what it is made of and the id of the first. An object without a digest has one that no
record has.
"""

_NO_DIGEST = bytes(DIGEST_BYTES)
_encode = msgspec.json.Encoder().encode


class Sheet:
    """
    Some rows: a text, whether it counts, the digest if there is one, and the content.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._places: list[tuple[bool, int, int, int, int, int]] = []
        self._end = 1

    def add(self, text: str, digest: bytes | None, content: bytes, *, counts: bool) -> None:
        """
        Add a row.
        """
        name = text.encode()
        begin = self._end + DIGEST_BYTES
        then = begin + len(name)
        self._parts += (digest or _NO_DIGEST, name, content)
        self._places.append((counts, self._end, begin, len(name), then, len(content)))
        self._end = then + len(content)

    def __len__(self) -> int:
        return len(self._places)

    def made_of(self) -> tuple[bytes, str]:
        """
        Return all texts and contents, one after the other, and as JSON where each of them is.
        """
        return b"".join(self._parts), _encode(self._places).decode()
