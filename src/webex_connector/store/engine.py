"""
The database: whole transactions, each in one call.

Work is a plain function of a connection; all of it is kept or nothing. The event loop never waits for single
statements: a transaction runs in a thread, of which SQLite has one for writing, since it can have one writer only.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, PoolProxiedConnection, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from webex_connector.base.secret import Secret
from webex_connector.store.errors import StoreFailed, StoreUnusable

T = TypeVar("T")
Work = Callable[[Connection], T]
"""
What is done in one transaction. It may be done again when it was rolled back, so it does nothing outside the database.
"""

OLDEST_SQLITE = (3, 35, 0)
"""
The first version that can return what it wrote (https://sqlite.org/lang_returning.html).
"""

_BUSY_SECONDS = 15
# Two transactions that read before they write would lock each other out.
_READING, _WRITING = "BEGIN", "BEGIN IMMEDIATE"
# In pages, of which 1000 are usual. It waits for the disk, so it is left to whoever does so anyway, while anybody does.
_CHECKPOINT = "wal_autocheckpoint=4000"
_READERS = 4
_POOL = 8
_TRIES = 50
# serialization_failure and deadlock_detected, https://www.postgresql.org/docs/current/errcodes-appendix.html
_COLLISIONS = frozenset({"40001", "40P01"})


class Database:
    """
    One database. `inline` runs transactions in the calling thread: right where nothing waits for a disk, and in tests
    whose time is not that of threads.
    """

    def __init__(self, writer: Engine, reader: Engine, *, inline: bool, jotter: Engine | None = None) -> None:
        self._writer, self._reader = writer, reader
        self.is_sqlite = writer.dialect.name == "sqlite"
        self._writers = None if inline else ThreadPoolExecutor(1 if self.is_sqlite else _POOL, "store-write")
        self._readers = None if inline else ThreadPoolExecutor(_READERS, "store-read")
        # Of a database in memory there is one connection, which does not count what it writes itself.
        self._is_file = self.is_sqlite and writer is not reader
        self._watch: PoolProxiedConnection | None = None
        self._glances, self._writes = _Kept(reader, _READING), _Kept(writer, _WRITING)
        self._jots, self._jots_at_once = _Kept(jotter or writer, _WRITING), jotter is not None
        self._engines = {writer, reader, jotter or writer}

    def version(self) -> int | None:
        """
        Return a number that is another one whenever anybody, in this process or elsewhere, has written in between; None
        where that cannot be told at once, as by PostgreSQL. It takes some microseconds.

        Source: https://sqlite.org/pragma.html#pragma_data_version
        """
        if not self._is_file:
            return None
        try:
            if self._watch is None:
                self._watch = self._reader.raw_connection()
                self._watch.cursor().execute("PRAGMA busy_timeout=0")
            driver = cast("sqlite3.Connection", self._watch.driver_connection)
            found: int = driver.execute("PRAGMA data_version").fetchone()[0]
        except (SQLAlchemyError, sqlite3.Error):
            return None
        return found

    async def write(self, work: Work[T]) -> T:
        """
        Do the work in one transaction that nobody else's writes come between, and keep what it wrote.

        Raises StoreFailed when it could not be done, and what the work raises; then nothing is kept.
        """
        return await self._run(self._writers, self.write_now, work)

    async def read(self, work: Work[T]) -> T:
        """
        Do the work on one unchanging view of the database. Raises StoreFailed, also when it tries to write.
        """
        return await self._run(self._readers, self.read_now, work)

    async def glance(self, work: Work[T]) -> T:
        """
        Like `read`, for work that finds a few rows by their keys. SQLite does it in the calling thread: handing it to
        another one takes longer than the work, and no reader waits for a writer there (https://sqlite.org/wal.html).
        Its connection is not given back, which would take longer than the work, too.
        """
        if self._is_file:
            return _done(self._glances.begin, work)
        return self.read_now(work) if self.is_sqlite else await self.read(work)

    async def jot(self, work: Work[T]) -> T:
        """
        Like `write`, for a few rows that need not outlast a power cut by themselves: what is jotted down outlasts the
        process at once, and the power with the next `write`, whoever makes it. SQLite writes both to one file in order,
        and waits for the disk at the end of a `write` alone (https://sqlite.org/pragma.html#pragma_synchronous).

        So it can be done in the calling thread, unless somebody else is writing.
        """
        if self._jots_at_once:
            try:
                return _done(self._jots.begin, work)
            except _Busy:
                pass
        return await self.write(work)

    def write_now(self, work: Work[T]) -> T:
        """
        Like `write`, in the calling thread.
        """
        return _done(self._writes.begin if self._is_file else self._writer.begin, work)

    def read_now(self, work: Work[T]) -> T:
        """
        Like `read`, in the calling thread.
        """
        return _done(self._reader.begin, work)

    async def _run(self, threads: ThreadPoolExecutor | None, now: Callable[[Work[T]], T], work: Work[T]) -> T:
        if threads is None:
            return now(work)
        return await asyncio.get_running_loop().run_in_executor(threads, now, work)

    def close(self) -> None:
        """
        Finish the transactions that have begun and close every connection.
        """
        for threads in (self._writers, self._readers):
            if threads is not None:
                threads.shutdown()
        if self._watch is not None:
            self._watch.invalidate()
            self._watch = None
        for kept in (self._glances, self._jots, self._writes):
            kept.close()
        for engine in self._engines:
            engine.dispose()


class _Busy(StoreFailed):
    """
    Somebody else is writing.
    """


class _Kept:
    """
    Connections that are not given back between transactions, which would take longer than a short one.
    """

    def __init__(self, engine: Engine, begins: str) -> None:
        self._engine, self._begins = engine, begins
        self._free: list[tuple[Connection, sqlite3.Connection]] = []

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """
        Begin a transaction that is kept when the block ends, and rolled back when it raises.
        """
        connection, driver = self._free.pop() if self._free else self._connected()
        try:
            driver.execute(self._begins)
        except sqlite3.Error as problem:
            # Nothing has begun.
            self._free.append((connection, driver))
            is_busy = getattr(problem, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            raise (_Busy if is_busy else StoreFailed)(f"The store did not answer: {problem}") from problem
        try:
            yield connection
            # SQLAlchemy knows of the transaction only once a statement has gone by way of it.
            (connection if connection.in_transaction() else driver).commit()
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        self._free.append((connection, driver))

    def _connected(self) -> tuple[Connection, sqlite3.Connection]:
        connection = self._engine.connect()
        return connection, cast("sqlite3.Connection", connection.connection.driver_connection)

    def close(self) -> None:
        """
        Close those that nobody uses.
        """
        while self._free:
            self._free.pop()[0].close()


def in_file(file: Path, *, inline: bool = False) -> Database:
    """
    Return the database in a SQLite file, which is made when it is not there. Raises StoreUnusable when SQLite is too
    old.
    """
    url = f"sqlite:///{file}"
    jotter = _sqlite(url, _WRITING, "synchronous=NORMAL", "busy_timeout=0", _CHECKPOINT)
    return Database(_sqlite(url, _WRITING), _sqlite(url, _READING, "query_only=ON"), inline=inline, jotter=jotter)


def in_memory() -> Database:
    """
    Return a database that is gone when it is closed.
    """
    engine = _sqlite("sqlite://", _WRITING, poolclass=StaticPool)
    return Database(engine, engine, inline=True)


def at_address(url: Secret, *, inline: bool = False) -> Database:
    """
    Return the PostgreSQL database at a URL. Nothing is connected yet.

    Raises StoreUnusable, without repeating the URL, when it is none of PostgreSQL or its driver is not installed.
    """
    try:
        address = make_url(url.reveal())
        if address.get_backend_name() != "postgresql":
            raise StoreUnusable("The database's URL must begin with postgresql://")
        writer = create_engine(
            address.set(drivername="postgresql+psycopg"),
            isolation_level="SERIALIZABLE",
            pool_size=_POOL,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": _BUSY_SECONDS},
        )
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise StoreUnusable("The database's URL cannot be read; it is like postgresql://user@host/name") from None
    except ModuleNotFoundError:
        raise StoreUnusable("PostgreSQL needs more: pip install 'webex-connector[postgres]'") from None
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(writer, reader, inline=inline)


def _sqlite(url: str, begin: str, *pragmas: str, **more: Any) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False}, **more)
    version = engine.dialect.dbapi.sqlite_version_info if engine.dialect.dbapi else OLDEST_SQLITE
    if version < OLDEST_SQLITE:
        raise StoreUnusable(f"SQLite is too old: {version}; {OLDEST_SQLITE} is needed")

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we send BEGIN ourselves
        for pragma in (
            f"busy_timeout={_BUSY_SECONDS * 1000}",
            "journal_mode=WAL",
            # The journal tells what may have happened in Webex: it has to survive a power cut, too.
            "synchronous=FULL",
            "foreign_keys=ON",
            *pragmas,
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begun(connection: Connection) -> None:
        # Not by way of SQLAlchemy's cursors, which take longer for it than a look at a row.
        driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        try:
            if not driver.in_transaction:
                driver.execute(begin)
        except sqlite3.Error as problem:
            raise StoreFailed(f"The store did not answer: {problem}") from problem

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _done(begin: Callable[[], AbstractContextManager[Connection]], work: Work[T]) -> T:
    for left in reversed(range(_TRIES)):
        try:
            with begin() as connection:
                return work(connection)
        except DBAPIError as problem:
            # PostgreSQL rolls one of two transactions back that got in each other's way; SQLite lets them queue.
            if left == 0 or getattr(problem.orig, "sqlstate", None) not in _COLLISIONS:
                raise StoreFailed(f"The store did not answer: {_reason(problem)}") from problem
        except sqlite3.Error as problem:
            # Of a prepared statement; the message has no values.
            raise StoreFailed(f"The store did not answer: {problem}") from problem
        except SQLAlchemyError as problem:
            raise StoreFailed(f"The store did not answer: {type(problem).__name__}") from problem
    raise AssertionError("the last try returns or raises")


def _reason(problem: DBAPIError) -> str:
    lines = str(problem.orig).strip().splitlines()
    return lines[0] if lines else type(problem.orig).__name__
