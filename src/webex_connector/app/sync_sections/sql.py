"""
A database's query as a source: `[sources.<name>]` with `type = "sql"`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, cast

from webex_connector.app.references import url_of
from webex_connector.app.sync_sections.around import Around
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.sync.sources.source import Source
from webex_connector.sync.sources.sql import MarkedSqlSource, SqlQuery, SqlSource

NAME = "sql"

PROPERTIES: tuple[Property, ...] = (
    Property(
        "url",
        "The database, as `postgresql://user@host/name` or `sqlite:///hr.db`; a relative file begins at the folder of "
        "the sync file. With a password in it, a reference as for secrets.",
        required=True,
    ),
    Property("query", "What is asked. It is asked in a transaction that can write nothing.", required=True),
    Property("key", "The column whose value never changes for one person.", required=True),
    Property(
        "parameters", "The values of what stands as `:name` in the query, as { place = 'Bonn' }.", PropertyType.MAP
    ),
    Property(
        "columns",
        "The columns that have to be there. With them, expressions are checked against the columns before anything is "
        "asked.",
        PropertyType.LIST,
    ),
    Property(
        "many",
        "Columns of several values in one text, and what stands between them, as { groups = ';' }.",
        PropertyType.MAP,
    ),
    Property(
        "changed",
        "The column by which is followed: when a row changed, or a number that grows with each change. Without it "
        "everything is read and compared.",
    ),
)

_FILE: Final = "sqlite:///"


def read(table: Table, around: Around) -> Callable[[str], Source] | None:
    """
    Return how the source is opened; None, with everything noted, when something is wrong.
    """
    values = table.values(PROPERTIES)
    if not values:
        return None
    many = cast("Mapping[str, object] | None", values["many"]) or {}
    if not all(isinstance(each, str) and each for each in many.values()):
        table.wrong("many", "must have a text for each column, as { groups = ';' }")
        return None
    try:
        url = url_of(_placed(str(values["url"]), table), table.environment, table.folder)
    except ValueError as problem:
        table.wrong("url", str(problem))
        return None
    query = SqlQuery(
        url,
        str(values["query"]),
        str(values["key"]),
        cast("Mapping[str, object] | None", values["parameters"]) or {},
        cast("Mapping[str, str]", many),
        cast("tuple[str, ...] | None", values["columns"]) or (),
        cast("str | None", values["changed"]),
    )
    return partial(_opened, query=query, inline=around.inline)


def _placed(url: str, table: Table) -> str:
    file = url.removeprefix(_FILE)
    return url if file == url or file.startswith("/") else f"{_FILE}{(table.folder / file).resolve()}"


def _opened(name: str, *, query: SqlQuery, inline: bool) -> Source:
    if query.changed is None:
        return SqlSource(name, query, inline=inline)
    return MarkedSqlSource(name, query, changed=query.changed, inline=inline)
