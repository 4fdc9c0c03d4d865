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
from typing import Any, TypeVar

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

    def __init__(self, writer: Engine, reader: Engine, *, inline: bool) -> None:
        self._writer, self._reader = writer, reader
        self.is_sqlite = writer.dialect.name == "sqlite"
        self._writers = None if inline else ThreadPoolExecutor(1 if self.is_sqlite else _POOL, "store-write")
        self._readers = None if inline else ThreadPoolExecutor(_READERS, "store-read")
        # Of a database in memory there is one connection, which does not count what it writes itself.
        self._is_file = self.is_sqlite and writer is not reader
        self._watch: PoolProxiedConnection | None = None
        self._glancing: list[Connection] = []

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
            found: int = self._watch.cursor().execute("PRAGMA data_version").fetchone()[0]
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
            return _done(self._glance, work)
        return self.read_now(work) if self.is_sqlite else await self.read(work)

    @contextmanager
    def _glance(self) -> Iterator[Connection]:
        connection = self._glancing.pop() if self._glancing else self._reader.connect()
        try:
            with connection.begin():
                yield connection
        except BaseException:
            connection.invalidate()
            connection.close()
            raise
        self._glancing.append(connection)

    def write_now(self, work: Work[T]) -> T:
        """
        Like `write`, in the calling thread.
        """
        return _done(self._writer.begin, work)

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
        while self._glancing:
            self._glancing.pop().close()
        for engine in {self._writer, self._reader}:
            engine.dispose()


def in_file(file: Path, *, inline: bool = False) -> Database:
    """
    Return the database in a SQLite file, which is made when it is not there. Raises StoreUnusable when SQLite is too
    old.
    """
    url = f"sqlite:///{file}"
    return Database(_sqlite(url, "BEGIN IMMEDIATE"), _sqlite(url, "BEGIN", "query_only=ON"), inline=inline)


def in_memory() -> Database:
    """
    Return a database that is gone when it is closed.
    """
    engine = _sqlite("sqlite://", "BEGIN IMMEDIATE", poolclass=StaticPool)
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
        # Two transactions that read before they write would lock each other out.
        # Not by way of SQLAlchemy's cursors, which take longer for it than a look at a row.
        try:
            connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]  # it is connected
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
