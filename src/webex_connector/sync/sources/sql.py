"""
A query of a database as a source. It runs in a transaction that can write nothing and is rolled back, and what comes
from outside is bound, never pasted.
"""

import sqlite3
from collections.abc import AsyncIterator, Generator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import (
    URL,
    CursorResult,
    Engine,
    Executable,
    NullPool,
    RowMapping,
    Select,
    bindparam,
    column,
    create_engine,
    literal_column,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from webex_connector.base.secret import Secret
from webex_connector.expressions.values import UNKNOWN, Field, Shape
from webex_connector.icf.attributes import Values
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.records import Page, Record
from webex_connector.sync.sources.paging import PAGE, paged, pieces
from webex_connector.sync.sources.source import Marked
from webex_connector.sync.sources.values import read_mark, values_of_column, written_mark

_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})

_CONNECT_SECONDS: Final = 15
_MARK: Final = "newer_than"


@dataclass(frozen=True, slots=True)
class SqlQuery:
    """
    What is asked, and where.
    """

    url: Secret
    """
    As SQLAlchemy writes it (https://docs.sqlalchemy.org/en/21/core/engines.html#database-urls).
    """
    text: str
    key: str
    """
    The column whose value never changes for one person.
    """
    parameters: Mapping[str, object] = field(default_factory=dict)
    """
    The values of what stands as `:name` in the query.
    """
    many: Mapping[str, str] = field(default_factory=dict)
    """
    Columns with several values in one text, and what stands between them.
    """
    columns: tuple[str, ...] = ()
    """
    Columns that have to be there; others may.
    """
    changed: str | None = None
    """
    The column that says when a row changed, or a number that grows with each change.
    """


@dataclass(frozen=True, slots=True)
class _Row:
    record: Record
    values: RowMapping


class SqlSource:
    """
    Reads one query. `inline` reads in the calling thread.
    """

    def __init__(self, name: str, query: SqlQuery, *, inline: bool = False) -> None:
        self.name, self._query, self._inline = name, query, inline
        self._text = query.text.strip().removesuffix(";")

    @property
    def shape(self) -> Shape:
        """
        The columns that the settings name; without any nobody knows them before the query is asked.
        """
        query = self._query
        if not query.columns:
            return UNKNOWN
        named = dict.fromkeys((query.key, *query.columns, *query.many))
        return Shape({each: Field(many=each in query.many) for each in named})

    async def read(self) -> AsyncIterator[Page]:
        """
        Read every row. Raises SourceFailed when the database says no, or a row has no key.
        """
        async with aclosing(paged(self._records(self._asked()), inline=self._inline)) as pages:
            async for page in pages:
                yield page

    async def aclose(self) -> None:
        """
        Do nothing: a connection is held only while it is read.
        """

    def _asked(self) -> Executable:
        return text(self._text).bindparams(**self._query.parameters)

    def _records(self, statement: Executable) -> Generator[Record]:
        for row in self._rows(statement):
            yield row.record

    def _rows(self, statement: Executable, values: Mapping[str, object] = _NOTHING) -> Generator[_Row]:
        with self._answer(statement, values) as found:
            self._check(list(found.keys()))
            for number, row in enumerate(found.mappings(), 1):
                yield _Row(self._record(number, row), row)

    @contextmanager
    def _answer(self, statement: Executable, values: Mapping[str, object] = _NOTHING) -> Iterator[CursorResult[Any]]:
        try:
            engine = _engine(self._query.url)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as problem:
            raise SourceFailed(self.name, f"its database cannot be asked: {_unusable(problem)}") from None
        try:
            with engine.connect() as connection, connection.execute(statement, values) as found:
                yield found
        except DBAPIError as problem:
            raise SourceFailed(self.name, f"the database says: {_reason(problem)}") from problem
        except SQLAlchemyError as problem:
            raise SourceFailed(self.name, f"its query cannot be asked: {problem}") from problem
        finally:
            engine.dispose()

    def _check(self, names: Sequence[str]) -> None:
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise SourceFailed(self.name, f"the query brings the column {twice} more than once; name one of them `AS`")
        query = self._query
        needed = (query.key, *query.columns, *query.many, *([query.changed] if query.changed else []))
        missing = next((each for each in needed if each not in names), None)
        if missing is not None:
            raise SourceFailed(self.name, f"the query does not bring the column {missing}; it has {', '.join(names)}")

    def _record(self, number: int, row: RowMapping) -> Record:
        place = f"row {number}"
        key = row[self._query.key]
        if key is None or key == "":
            raise SourceFailed(self.name, f"has no {self._query.key}, which is the key", place=place)
        attributes: dict[str, Values] = {}
        for name, value in row.items():
            try:
                values = values_of_column(value, self._query.many.get(name))
            except ValueError as problem:
                raise SourceFailed(self.name, f"{name} {problem}", place=place) from None
            if values:
                attributes[name] = values
        return Record(str(key), attributes, place)


class MarkedSqlSource(SqlSource):
    """
    One whose rows say when they changed.
    """

    def __init__(self, name: str, query: SqlQuery, *, changed: str, inline: bool = False) -> None:
        super().__init__(name, query, inline=inline)
        self._changed = changed
        self._part = text(self._text).columns(column(changed), column(query.key)).subquery("records")

    async def newer(self, mark: str | None) -> AsyncIterator[Marked]:
        """
        Read the rows that changed at a mark or after it. One whose column is empty comes only without a mark.
        """
        try:
            highest = None if mark is None else read_mark(mark)
            async with aclosing(pieces(self._rows(*self._since(highest)), inline=self._inline)) as rows:
                async for some in rows:
                    there = [each.values[self._changed] for each in some if each.values[self._changed] is not None]
                    highest = max(there if highest is None else [*there, highest], default=None)
                    yield Marked([each.record for each in some], "" if highest is None else written_mark(highest))
        except (TypeError, ValueError) as problem:
            raise SourceFailed(
                self.name, f"the column {self._changed} cannot say what is newer: {problem}"
            ) from problem

    async def keys(self) -> AsyncIterator[Sequence[str]]:
        """
        Read every key.
        """
        async with aclosing(pieces(self._keys(), inline=self._inline)) as keys:
            async for some in keys:
                yield some

    def _since(self, mark: object) -> tuple[Executable, Mapping[str, object]]:
        if mark is None:
            return self._asked(), _NOTHING
        changed = self._part.c[self._changed]
        every: Select[Any] = select(literal_column("records.*")).select_from(self._part)
        newer = every.where(changed >= bindparam(_MARK)).order_by(changed)
        return newer, {**self._query.parameters, _MARK: mark}

    def _keys(self) -> Generator[str]:
        with self._answer(select(self._part.c[self._query.key]), self._query.parameters) as found:
            for (key,) in found:
                yield str(key)


def _engine(url: Secret) -> Engine:
    address = make_url(url.reveal())
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {"stream_results": True, "max_row_buffer": PAGE}
    arguments: dict[str, Any] = {}
    if address.get_backend_name() == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        arguments |= {"connect_timeout": _CONNECT_SECONDS}
    engine = create_engine(address, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
    return engine.execution_options(**options)


def _sqlite(address: URL) -> Engine:
    # As a URI, so that a file that is not there is not made (https://sqlite.org/uri.html).
    file = f"file:{quote(address.database or '')}?mode=rw"

    def opened() -> sqlite3.Connection:
        link = sqlite3.connect(file, uri=True, timeout=_CONNECT_SECONDS)
        link.execute("PRAGMA query_only=ON")
        return link

    return create_engine("sqlite://", creator=opened, poolclass=NullPool, hide_parameters=True)


def _reason(problem: DBAPIError) -> str:
    lines = str(problem.orig).strip().splitlines()
    return lines[0] if lines else type(problem.orig).__name__


def _unusable(problem: Exception) -> str:
    if isinstance(problem, ModuleNotFoundError):
        return f"{problem.name} is not installed"
    if isinstance(problem, NoSuchModuleError):
        return "no such kind of database is known"
    return "its URL cannot be read; it is like postgresql://user@host/name"
