"""
`sync sources` and `sync read`: what the sync file reads from, before anything is made of it.
"""

import re
from typing import Annotated, Any, Final

from cyclopts import Parameter

from webex_connector.app.sync_checking import checked
from webex_connector.base.secret import MASK
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.syncing import engine_of
from webex_connector.cli.table import Rows
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import InvalidInput
from webex_connector.sync.records import Record
from webex_connector.sync.sources.looking import looked
from webex_connector.sync.sources.source import Incremental, Marking, Source

_SECRET: Final = re.compile(r"passw|pwd|secret|token|credential", re.IGNORECASE)

Limit = Annotated[int, Parameter(help="How many records to show; all are read.")]


async def sources(*, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    List the sources of the sync file, and how each is followed. Nothing is read.
    """
    found = await checked(settings_of(config))
    rows = []
    for name, each in found.sources.items():
        source = each.opened(name)
        using = [mapping.name for mapping in found.mappings.values() if mapping.source == name]
        rows.append({"source": name, "type": each.kind, "mappings": ", ".join(using), "followed": _followed(source)})
        await source.aclose()
    if as_json:
        output.show_json_lines(rows)
    else:
        Rows(("source", "type", "mappings", "followed")).add(rows)
    return Exit.OK


async def read(name: str, /, *, limit: Limit = 10, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Read a source to its end, show its first records, and say which attributes there are. Nothing is changed.

    Parameters
    ----------
    name
        Its name in the sync file.
    """
    async with engine_of(config) as engine:
        there = engine.settings.sources
        if name not in there:
            raise InvalidInput(f"There is no source {name}; there are: {', '.join(there) or 'none'}")
        source = there[name].opened(name)
        try:
            look = await looked(source, limit)
        finally:
            await source.aclose()
    if as_json:
        output.show_json_lines([_plain(each) for each in look.first])
    else:
        for each in look.first:
            output.show_text(f"{each.key}  ({each.place})" if each.place else each.key)
            output.show_pairs({f"  {attribute}": value for attribute, value in _plain(each)["attributes"].items()})
    output.note(f"{look.records} records, read to the end; no key comes twice.")
    for attribute, usage in look.attributes.items():
        several = f", up to {usage.most_values} values" if usage.most_values > 1 else ""
        output.note(f"  {attribute}: in {usage.records} of them{several}")
    return Exit.OK


def _followed(source: Source) -> str:
    if isinstance(source, Incremental):
        return "by its own changes"
    return "by what is newer, and its keys" if isinstance(source, Marking) else "by comparison"


def _plain(record: Record) -> dict[str, Any]:
    return {"key": record.key, "place": record.place, "attributes": _masked(record.attributes)}


def _masked(attributes: Attributes) -> dict[str, Any]:
    return {
        name: MASK if _SECRET.search(name) else values[0] if len(values) == 1 else list(values)
        for name, values in attributes.items()
    }
