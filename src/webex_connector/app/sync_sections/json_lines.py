"""
A file of JSON lines as a source: `[sources.<name>]` with `type = "json_lines"`.
"""

from collections.abc import Callable
from functools import partial

from webex_connector.app.sync_sections.around import Around
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property
from webex_connector.sync.sources.json_lines import JsonLinesFile, JsonLinesSource
from webex_connector.sync.sources.source import Source

NAME = "json_lines"

PROPERTIES: tuple[Property, ...] = (
    Property("path", "The file; a relative path begins at the folder of the sync file.", required=True),
    Property("key", "The member whose value never changes for one person.", required=True),
)


def read(table: Table, around: Around) -> Callable[[str], Source] | None:
    """
    Return how the source is opened; None, with everything noted, when something is wrong.
    """
    values = table.values(PROPERTIES)
    if not values:
        return None
    file = JsonLinesFile(table.folder / str(values["path"]), str(values["key"]))
    return partial(_opened, file=file, inline=around.inline)


def _opened(name: str, *, file: JsonLinesFile, inline: bool) -> Source:
    return JsonLinesSource(name, file, inline=inline)
