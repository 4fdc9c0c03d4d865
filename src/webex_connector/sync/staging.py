"""
Both sides of a comparison in a database of their own: a SQLite file that one run makes and throws away. A million pairs
are compared where they lie; only those that differ become objects.

It holds nothing that cannot be read again, so it is written without waiting for the disk; a run that dies starts anew.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from webex_connector.store.decisions import Decision
from webex_connector.sync.contents import matches_of, packed_source, packed_target, source_of
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.mapped import Link, Mapped, Target
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.sheets import SOURCES, TARGETS, Sheet

T = TypeVar("T")
Row: TypeAlias = tuple[Any, ...]

_CHUNK = 1000
_AHEAD = 32
"""
How many pages may wait to be put in.
"""

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
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
CREATE INDEX parents_source ON parents (source);
"""

_MATCH_INDEXES = (
    "CREATE INDEX source_matches_source ON source_matches (source, rule)",
    "CREATE INDEX target_matches_value ON target_matches (rule, value, target)",
)

_UNLINKED = "SELECT id, content FROM sources s WHERE NOT EXISTS (SELECT 1 FROM pairs p WHERE p.source = s.id)"

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
        self._everything = comparison.attributes
        self._sources = self._targets = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def add_sources(self, records: Sequence[Mapped]) -> None:
        """
        Take records as the target should have them.
        """
        parents = list[Row]()
        for qualifier in dict.fromkeys(each.qualifier for each in records):
            sheet, first = Sheet(), self._sources + 1
            for each in records:
                if each.qualifier != qualifier:
                    continue
                self._sources += 1
                whole = each.problem is None and not each.references and not each.elsewhere
                is_whole = whole and self._everything <= each.attributes.keys()
                digest = self._comparison.digest(each.attributes) if is_whole else None
                sheet.add(each.key, digest, packed_source(each), counts=each.qualifies)
                if each.references:
                    parents += [(self._sources, str(key)) for keys in each.references.values() for key in keys]
            await self._put(SOURCES, (*sheet.made_of(), first, qualifier))
        if parents:
            await self.run(lambda link: _insert(link, parents=parents))

    async def add_targets(self, objects: Sequence[Target], apart: Collection[str] = ()) -> None:
        """
        Take objects as they are. Those whose uids are `apart` are as no record would have them.
        """
        sheet = Sheet()
        for each in objects:
            digest = None if each.uid in apart else self._comparison.digest(each.attributes)
            sheet.add(each.uid, digest, packed_target(each), counts=each.valid)
        await self._put(TARGETS, (*sheet.made_of(), self._targets + 1))
        self._targets += len(sheet)

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
        Do work on the database, in the one thread that has it, after all that waits. Raises RunRefused when there is no
        room for it.
        """
        while self._waiting:
            await _with_room(self._waiting.popleft())
        return await _with_room(self._begun(work))

    async def close(self, file: Path) -> None:
        """
        Remove the database, however it ended.
        """
        await asyncio.gather(*self._waiting, return_exceptions=True)
        await self._begun(lambda link: _closed(link, file))

    def _begun(self, work: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        if self._thread is not None:
            return loop.run_in_executor(self._thread, work, self._link)
        done = loop.create_future()
        try:
            done.set_result(work(self._link))
        except sqlite3.Error as problem:
            done.set_exception(problem)
        return done

    async def _put(self, text: str, sheet: Row) -> None:
        """
        Put rows in, while the next ones are made. What went wrong with earlier ones is raised.
        """
        while len(self._waiting) >= _AHEAD or (self._waiting and self._waiting[0].done()):
            await _with_room(self._waiting.popleft())

        def put(link: sqlite3.Connection) -> None:
            link.execute(text, sheet)

        self._waiting.append(self._begun(put))

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
            await staged.close(place.file)
    finally:
        if thread is not None:
            thread.shutdown()


def with_matches(link: sqlite3.Connection) -> None:
    """
    Write down by what records and objects correspond, where there are records without a link: the others need none.
    """
    one = "INSERT INTO {} VALUES (?, ?, ?)"

    def found(text: str) -> Iterator[Row]:
        return ((rule, value, id_) for id_, content in link.execute(text) for rule, value in matches_of(content))

    if link.executemany(one.format("source_matches"), found(_UNLINKED)).rowcount > 0:
        link.executemany(one.format("target_matches"), found("SELECT id, content FROM targets"))
    for text in _MATCH_INDEXES:
        link.execute(text)


async def _with_room(done: asyncio.Future[T]) -> T:
    try:
        return await done
    except sqlite3.OperationalError as problem:
        why = f"Both sides cannot be kept while they are compared: {problem}; make room in the data folder"
        raise RunRefused(why) from problem


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
