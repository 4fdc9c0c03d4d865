"""
Both sides of a comparison in a database of their own: a SQLite file that one run makes and throws away. A million pairs
are compared where they lie; only those that differ become objects.

It holds nothing that cannot be read again, so it is written without waiting for the disk; a run that dies starts anew.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import msgspec

from webex_connector.icf.attributes import Attributes, Value
from webex_connector.store.decisions import Decision
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.mapped import Link, Mapped, Target
from webex_connector.sync.errors import RunRefused

T = TypeVar("T")
Row: TypeAlias = tuple[Any, ...]

_CHUNK = 1000
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder().decode

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA cache_size = -65536;
CREATE TABLE sources (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, qualifier TEXT NOT NULL, qualifies INTEGER NOT NULL, digest BLOB,
    content BLOB NOT NULL
);
CREATE TABLE targets (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL, valid INTEGER NOT NULL, digest BLOB, content BLOB NOT NULL
);
CREATE TABLE links (id INTEGER PRIMARY KEY, key TEXT NOT NULL, qualifier TEXT NOT NULL, uid TEXT NOT NULL,
    condemned TEXT
);
CREATE TABLE dead_links (key TEXT NOT NULL, qualifier TEXT NOT NULL, uid TEXT NOT NULL, dead TEXT NOT NULL);
CREATE TABLE source_matches (rule INTEGER NOT NULL, value TEXT NOT NULL, source INTEGER NOT NULL);
CREATE TABLE parents (source INTEGER NOT NULL, key TEXT NOT NULL);
CREATE TABLE target_matches (rule INTEGER NOT NULL, value TEXT NOT NULL, target INTEGER NOT NULL);
CREATE TABLE pairs (
    source INTEGER PRIMARY KEY, link INTEGER, targets INTEGER NOT NULL, target INTEGER, taken INTEGER NOT NULL,
    depth INTEGER NOT NULL DEFAULT 0, decided TEXT
);
CREATE TABLE decisions (
    key TEXT NOT NULL, qualifier TEXT NOT NULL, choice TEXT NOT NULL, uid TEXT, PRIMARY KEY (key, qualifier)
);
"""

_INDEXES = """
CREATE INDEX sources_key ON sources (key, qualifier);
CREATE INDEX targets_uid ON targets (uid);
CREATE INDEX links_key ON links (key, qualifier);
CREATE INDEX links_uid ON links (uid);
CREATE INDEX source_matches_source ON source_matches (source, rule);
CREATE INDEX parents_source ON parents (source);
CREATE INDEX target_matches_value ON target_matches (rule, value, target);
"""

# Whoever is there again is pardoned, as if they had been disabled since, to be deleted later.
_REVIVED = """
INSERT INTO links SELECT NULL, d.key, d.qualifier, d.uid, MIN(d.dead) FROM dead_links d
JOIN sources s ON s.key = d.key AND s.qualifier = d.qualifier AND s.qualifies JOIN targets t ON t.uid = d.uid
WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.qualifier = d.qualifier AND (l.key = d.key OR l.uid = d.uid))
GROUP BY d.uid, d.qualifier HAVING COUNT(*) = 1
"""


@dataclass(frozen=True, slots=True)
class Repeated:
    """
    Something that must be one and is there several times.
    """

    what: str
    count: int
    places: tuple[str, ...]
    """
    Where the first two of them stand, as far as the source says.
    """


class Staging:
    """
    One comparison. Everything is loaded first; then `ready` makes it fit to be asked.
    """

    def __init__(self, link: sqlite3.Connection, thread: ThreadPoolExecutor | None, comparison: Comparison) -> None:
        self._link, self._thread, self._comparison = link, thread, comparison
        self._sources = self._targets = 0

    async def add_sources(self, records: Sequence[Mapped]) -> None:
        """
        Take records as the target should have them.
        """
        rows, matches, parents = [], [], []
        for each in records:
            self._sources += 1
            whole = each.problem is None and not each.references and not each.elsewhere
            missing = self._comparison.attributes - each.attributes.keys()
            digest = self._comparison.digest(each.attributes) if whole and not missing else None
            rows.append((self._sources, each.key, each.qualifier, each.qualifies, digest, packed_source(each)))
            matches += [(rule, value, self._sources) for rule, value in each.matches]
            parents += [(self._sources, str(key)) for keys in each.references.values() for key in keys]
        await self.run(lambda link: _insert(link, sources=rows, source_matches=matches, parents=parents))

    async def add_targets(self, objects: Sequence[Target], apart: Collection[str] = ()) -> None:
        """
        Take objects as they are. Those whose uids are `apart` are as no record would have them.
        """
        rows, matches = [], []
        for each in objects:
            self._targets += 1
            digest = b"" if each.uid in apart else self._comparison.digest(each.attributes)
            rows.append((self._targets, each.uid, each.valid, digest, packed_target(each)))
            matches += [(rule, value, self._targets) for rule, value in each.matches]
        await self.run(lambda link: _insert(link, targets=rows, target_matches=matches))

    async def add_links(self, links: Iterable[Link]) -> None:
        """
        Take what is known to belong together.
        """
        rows, dead = list[Row](), list[Row]()
        for each in links:
            if each.dead is not None:
                dead.append((each.key, each.qualifier, each.uid, each.dead.isoformat()))
            else:
                since = each.condemned and each.condemned.isoformat()
                rows.append((None, each.key, each.qualifier, each.uid, since))
        await self.run(lambda link: _insert(link, links=rows, dead_links=dead))

    async def add_decisions(self, decisions: Iterable[Decision]) -> None:
        """
        Take what people have decided; where there is a link by now, it has been carried out.
        """
        rows = [(each.source_key, each.qualifier, each.choice.value, each.target_uid) for each in decisions]
        await self.run(lambda link: _insert(link, decisions=rows))

    async def ready(self) -> None:
        """
        Make it fit to be asked, once everything is there.
        """

        def indexed(link: sqlite3.Connection) -> None:
            link.execute("COMMIT")
            link.executescript(_INDEXES)
            link.execute(_REVIVED)

        await self.run(indexed)

    async def repeated(self) -> Repeated | None:
        """
        Return a key of the source that comes twice, if there is one.
        """
        text = "SELECT key, qualifier, COUNT(*) FROM sources GROUP BY key, qualifier HAVING COUNT(*) > 1 LIMIT 1"
        row = await self.run(lambda link: link.execute(text).fetchone())
        if row is None:
            return None
        key, qualifier, count = row
        where = "SELECT content FROM sources WHERE key = ? AND qualifier = ? ORDER BY id LIMIT 2"
        found = await self.run(lambda link: link.execute(where, (key, qualifier)).fetchall())
        return Repeated(key, count, tuple(place for (each,) in found if (place := source_of(each).place)))

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """
        Do work on the database, in the one thread that has it. Raises RunRefused when there is no room for it.
        """
        try:
            if self._thread is None:
                return work(self._link)
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._link)
        except sqlite3.OperationalError as problem:
            why = f"Both sides cannot be kept while they are compared: {problem}; make room in the data folder"
            raise RunRefused(why) from problem

    async def rows(self, text: str, values: Sequence[object] = ()) -> AsyncIterator[list[Row]]:
        """
        Stream what a query finds, in lists.
        """
        cursor = await self.run(lambda link: link.execute(text, values))
        while some := await self.run(lambda _: cursor.fetchmany(_CHUNK)):
            yield some


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a comparison takes place: a file that is not there yet. `inline` works in the calling thread: right in tests
    whose time is not that of threads.
    """

    file: Path
    inline: bool = False


@asynccontextmanager
async def staging(place: Place, comparison: Comparison) -> AsyncIterator[Staging]:
    """
    Make a staging database, and remove it in the end.
    """
    thread = None if place.inline else ThreadPoolExecutor(1, "staging")
    loop = asyncio.get_running_loop()
    try:
        link = _opened(place.file) if thread is None else await loop.run_in_executor(thread, _opened, place.file)
        staged = Staging(link, thread, comparison)
        try:
            yield staged
        finally:
            await staged.run(lambda held: _closed(held, place.file))
    finally:
        if thread is not None:
            thread.shutdown()


def packed_source(record: Mapped) -> bytes:
    """
    Return a record as it is staged.
    """
    return _pack(
        (
            record.key,
            record.qualifier,
            record.qualifies,
            record.attributes,
            record.on_create,
            record.references,
            record.elsewhere,
            record.problem,
            record.place,
            record.record,
        )
    )


def packed_target(target: Target) -> bytes:
    """
    Return an object as it is staged.
    """
    return _pack((target.uid, target.name, target.valid, target.attributes))


def source_of(content: bytes) -> Mapped:
    """
    Return a staged record, without what it correlates by.
    """
    key, qualifier, qualifies, attributes, on_create, references, elsewhere, problem, place, raw = _unpack(content)
    return Mapped(
        key,
        _values(attributes),
        _values(on_create),
        _values(references),
        (),
        qualifies,
        qualifier,
        problem,
        place,
        _values(raw),
        _values(elsewhere),
    )


def target_of(content: bytes) -> Target:
    """
    Return a staged object, without what it correlates by.
    """
    uid, name, valid, attributes = _unpack(content)
    return Target(uid, name, _values(attributes), (), valid)


def _values(given: dict[str, list[Value]]) -> Attributes:
    return {name: tuple(values) for name, values in given.items()}


def _closed(link: sqlite3.Connection, file: Path) -> None:
    link.close()
    file.unlink(missing_ok=True)


def _opened(file: Path) -> sqlite3.Connection:
    file.unlink(missing_ok=True)
    link = sqlite3.connect(file, isolation_level=None)
    link.executescript(_TABLES)
    link.execute("BEGIN")
    return link


def _insert(link: sqlite3.Connection, **tables: Sequence[Row]) -> None:
    for name, rows in tables.items():
        if rows:
            places = ", ".join("?" * len(rows[0]))
            link.executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608 - names of our own
