"""
What one look at a source has found: every key, and the records that are other than before. It lies in a database that
SQLite keeps in memory while it is small and in a nameless file beyond that (https://sqlite.org/inmemorydb.html), so a
million records take no more memory than a thousand.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

import msgspec

from webex_connector.sync.records import Record

_PIECE = 1000
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode

# A page of a thousand takes three milliseconds: not worth a thread.
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE seen (key TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID;
CREATE TABLE changed (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, digest BLOB, content BLOB);
BEGIN;
"""


class Seen:
    """
    One look.
    """

    def __init__(self) -> None:
        self._link = sqlite3.connect("", isolation_level=None)
        self._link.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._link.close()

    def add(self, records: Iterable[Record]) -> tuple[Record, str | None] | None:
        """
        Take records that are there. Return the first whose key has come before, and where that was.
        """
        for each in records:
            try:
                self._link.execute("INSERT INTO seen VALUES (?, ?)", (each.key, each.place))
            except sqlite3.IntegrityError:
                (place,) = self._link.execute("SELECT place FROM seen WHERE key = ?", (each.key,)).fetchone()
                return each, place
        return None

    def add_keys(self, keys: Iterable[str]) -> None:
        """
        Take keys of records that are there; one may come again.
        """
        self._link.executemany("INSERT OR IGNORE INTO seen VALUES (?, NULL)", ((key,) for key in keys))

    def missing(self, keys: Sequence[str]) -> list[str]:
        """
        Return those of these keys that are not there.
        """
        found = self._link.execute(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT key FROM seen)",
            (msgspec.json.encode(keys).decode(),),
        )
        return [key for (key,) in found]

    def change(self, record: Record, digest: bytes) -> None:
        """
        Keep a record that is new or other than before; the last one of its key counts.
        """
        self._link.execute(
            "INSERT OR REPLACE INTO changed (key, digest, content) VALUES (?, ?, ?)",
            (record.key, digest, _pack((record.attributes, record.place))),
        )

    def lose(self, keys: Iterable[str]) -> None:
        """
        Keep that records are gone.
        """
        self._link.executemany("INSERT OR REPLACE INTO changed (key) VALUES (?)", ((key,) for key in keys))

    def count(self) -> int:
        """
        Return how many records are new, other or gone.
        """
        (found,) = self._link.execute("SELECT COUNT(*) FROM changed").fetchone()
        return int(found)

    def changes(self) -> Iterator[list[tuple[str, bytes | None, Record | None]]]:
        """
        Return the changes in the order in which they were found, in lists: keys, digests, records. Records that are
        gone have neither.
        """
        cursor = self._link.execute("SELECT key, digest, content FROM changed ORDER BY id")
        while some := cursor.fetchmany(_PIECE):
            yield [(key, digest, _record(key, content)) for key, digest, content in some]


def _record(key: str, content: bytes | None) -> Record | None:
    if content is None:
        return None
    attributes, place = _unpack(content)
    return Record(key, {name: tuple(values) for name, values in attributes.items()}, place)
