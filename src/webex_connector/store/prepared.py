"""
Statements that are made once and asked again and again, each within somebody's transaction.

SQLite gets them by way of its driver: what SQLAlchemy does around a statement takes many times as long there as a look
at one row. PostgreSQL gets them by way of SQLAlchemy, since the way to the server takes longer than either.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, Delete, Insert, Select, Table, Update, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine

Row = Sequence[Any]
"""
The values of a row, in the order in which the statement names its columns.
"""

_DIALECT = sqlite.dialect()


class Prepared:
    """
    One statement with named parameters; each is given each time. Methods raise what SQLAlchemy and the driver raise,
    which `Database` turns into StoreFailed.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement

    def rows(self, link: Connection, asked: Mapping[str, object]) -> Sequence[Row]:
        """
        Return every row of the answer.
        """
        if link.dialect.name != _DIALECT.name:
            return link.execute(self._statement, asked).all()
        return self._form.read(_driver(link).execute(self._form.text, self._form.bound(asked)).fetchall())

    def first(self, link: Connection, asked: Mapping[str, object]) -> Row | None:
        """
        Return the first row, None without one.
        """
        return next(iter(self.rows(link, asked)), None)

    def run(self, link: Connection, asked: Mapping[str, object]) -> int:
        """
        Make a change, and return how many rows it took.
        """
        if link.dialect.name != _DIALECT.name:
            return link.execute(self._statement, asked).rowcount
        return _driver(link).execute(self._form.text, self._form.bound(asked)).rowcount

    def run_each(self, link: Connection, asked: Sequence[Mapping[str, object]]) -> None:
        """
        Make a change once for each; none is fine.
        """
        if link.dialect.name != _DIALECT.name:
            if asked:
                link.execute(self._statement, asked)
            return
        _driver(link).executemany(self._form.text, [self._form.bound(each) for each in asked])

    @cached_property
    def _form(self) -> "_Form":
        return _Form(self._statement)


class _Form:
    """
    A statement as SQLite's driver takes it, and its answer.
    """

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self.text = str(compiled)
        self._binds = [_Bind(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        conversions = [_impl(each.type).result_processor(_DIALECT, None) for each in statement.exported_columns]
        self._conversions = conversions if any(conversions) else None

    def bound(self, asked: Mapping[str, object]) -> list[object]:
        """
        Return the parameters in order.
        """
        return [each.value(asked) for each in self._binds]

    def read(self, rows: list[Row]) -> Sequence[Row]:
        """
        Return rows with the values that the statement's columns stand for.
        """
        conversions = self._conversions
        if conversions is None:
            return rows
        return [
            tuple(value if to is None else to(value) for value, to in zip(row, conversions, strict=True))
            for row in rows
        ]


class _Bind:
    """
    One place of a statement where a value goes: the caller's, or one that the statement was made with.
    """

    def __init__(self, name: str, bind: BindParameter[Any]) -> None:
        self._name, self._is_given, self._fixed = name, bind.required, bind.value
        self._conversion = _impl(bind.type).bind_processor(_DIALECT)

    def value(self, asked: Mapping[str, object]) -> object:
        value = asked[self._name] if self._is_given else self._fixed
        return value if self._conversion is None else self._conversion(value)


def filling(table: Table, *columns: str) -> Insert:
    """
    Return the insertion of a row into a table: into these columns, each from the parameter of its name.
    """
    return insert(table).values({name: bindparam(name) for name in columns})


def _impl(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.dialect_impl(_DIALECT)


def _driver(link: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", link.connection.driver_connection)
