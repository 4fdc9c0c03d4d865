"""
`sync check` and `sync try`: the sync file and its expressions before anything is read or written.
"""

from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from webex_connector.app.sync_checking import checked, record_of, tried
from webex_connector.app.syncing import Syncing
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.syncing import engine_of
from webex_connector.cli.table import Rows
from webex_connector.expressions.values import UNKNOWN, Shape
from webex_connector.icf.errors import InvalidInput, UnknownUid
from webex_connector.sync.records import Record, folded
from webex_connector.sync.sources.source import Source

_COLUMNS = ("mapping", "from", "to", "attributes", "profile")


async def check(*, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Say everything that is wrong in the sync file, and how files of OpenIDM were read. Nothing is asked of any system.
    """
    found = await checked(settings_of(config))
    rows = [
        {
            "mapping": name,
            "from": each.source,
            "to": f"{each.system}/{each.object_class}",
            "attributes": len(each.properties),
            "profile": each.profile.value,
        }
        for name, each in found.mappings.items()
    ]
    Rows(_COLUMNS).add(rows)
    for remark in found.remarks:
        output.note(str(remark))
    output.note(f"{len(found.sources)} sources and {len(found.mappings)} mappings, and nothing is wrong with them.")
    return Exit.OK


async def try_(
    expression: str,
    /,
    *,
    record: Annotated[str | None, Parameter(help="The key of the source's record to try it for.")] = None,
    source: Annotated[str | None, Parameter(help="The source; may be left out when there is only one.")] = None,
    given: Annotated[str | None, Parameter(help='A record in JSON instead, as {"mail": "a@example.com"}.')] = None,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Show what an expression gives for one record.

    Parameters
    ----------
    expression
        As it would stand in the sync file.
    """
    if (record is None) == (given is None):
        raise InvalidInput("Say for which record: --record with its key, or --given with one in JSON")
    clock = SystemClock()
    if given is not None:
        value = await tried(expression, record_of(_json(given)), UNKNOWN, settings_of(config).tables, clock.now())
    else:
        async with engine_of(config) as engine:
            found, shape = await _record(engine, source, str(record))
            value = await tried(expression, found, shape, engine.systems.settings.tables, clock.now())
    output.show_json(value)
    return Exit.OK


def _json(given: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(given, type=dict[str, Any])
    except msgspec.DecodeError as problem:
        raise InvalidInput(f"--given is no JSON object: {problem}") from None


async def _record(engine: Syncing, name: str | None, key: str) -> tuple[Record, Shape]:
    sources = engine.settings.sources
    name = name or (next(iter(sources)) if len(sources) == 1 else "")
    if name not in sources:
        there = ", ".join(sources) or "none"
        raise InvalidInput(f"There is no source {name}; there are: {there}" if name else f"Say which source: {there}")
    source = sources[name].opened(name)
    try:
        return await _of_key(source, key), source.shape
    finally:
        await source.aclose()


async def _of_key(source: Source, key: str) -> Record:
    async for page in source.read():
        for each in page.records:
            if folded(each.key) == folded(key):
                return each
    raise UnknownUid(f"The source {source.name} has no record {key}")
