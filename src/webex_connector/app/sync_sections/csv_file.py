"""
A CSV file as a source: `[sources.<name>]` with `type = "csv"`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from webex_connector.app.sync_sections.around import Around
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.sync.sources.csv_file import CsvFile, CsvSource
from webex_connector.sync.sources.source import Source

NAME = "csv"

PROPERTIES: tuple[Property, ...] = (
    Property("path", "The file; a relative path begins at the folder of the sync file.", required=True),
    Property("key", "The column whose value never changes for one person.", required=True),
    Property(
        "columns",
        "The columns that have to be there. With them, expressions are checked against the columns before the file "
        "is read.",
        PropertyType.LIST,
    ),
    Property("many", "Columns of several values, and what stands between them, as { groups = ';' }.", PropertyType.MAP),
    Property("delimiter", "What stands between columns; without it, what the head has most of: , ; tab or |."),
    Property("encoding", "As Python names it, for example cp1252 or utf-16.", default="utf-8-sig"),
)


def read(table: Table, around: Around) -> Callable[[str], Source] | None:
    """
    Return how the source is opened; None, with everything noted, when something is wrong.
    """
    values = table.values((*PROPERTIES,))
    if not values:
        return None
    delimiter = values["delimiter"]
    if delimiter is not None and len(str(delimiter)) != 1:
        table.wrong("delimiter", "must be one character")
        return None
    try:
        "".encode(str(values["encoding"]))
    except LookupError:
        table.wrong("encoding", f"is no encoding that Python knows: {values['encoding']}")
        return None
    file = CsvFile(
        table.folder / str(values["path"]),
        str(values["key"]),
        cast("tuple[str, ...] | None", values["columns"]) or (),
        cast("Mapping[str, str] | None", values["many"]) or {},
        None if delimiter is None else str(delimiter),
        str(values["encoding"]),
    )
    return partial(_opened, file=file, inline=around.inline)


def _opened(name: str, *, file: CsvFile, inline: bool) -> Source:
    return CsvSource(name, file, inline=inline)
