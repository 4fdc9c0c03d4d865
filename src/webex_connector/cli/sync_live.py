"""
`sync live` and `sync tokens`: what changes in a source has its effect at once.
"""

from contextlib import aclosing
from typing import Annotated

from cyclopts import Parameter

from webex_connector.app.following import Unwatched, one_round, rounds
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json
from webex_connector.cli.exits import Exit
from webex_connector.cli.syncing import engine_of
from webex_connector.cli.table import Rows
from webex_connector.icf.errors import InvalidInput
from webex_connector.store.sync_tokens import SyncTokenTable
from webex_connector.sync.live import Round

_EVERY = 30.0


async def live(
    mapping: str,
    /,
    *,
    once: Annotated[bool, Parameter(negative="", help="Do one round, for schedules of others.")] = False,
    every: Annotated[float, Parameter(help="How many seconds to wait between two rounds.")] = _EVERY,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Follow a mapping's source, and make each change so at once. The first round only begins to follow.

    Parameters
    ----------
    mapping
        Its name in the sync file.
    """
    if every <= 0:
        raise InvalidInput("--every is more than zero seconds")
    async with engine_of(config) as engine, engine.opened(mapping) as ends:
        if once:
            found = await one_round(engine, ends, Unwatched())
            _tell(found)
            return Exit.REFUSED if found.is_stopped else Exit.OK
        async with aclosing(rounds(engine, ends, Unwatched(), every)) as stream:
            async for found in stream:
                _tell(found)
    return Exit.OK


async def tokens(
    *,
    forget: Annotated[str | None, Parameter(help="A mapping whose next round begins to follow anew.")] = None,
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Show up to where each mapping has followed its source.
    """
    async with engine_of(config) as engine:
        table = SyncTokenTable(engine.systems.memory.store.database, engine.clock)
        if forget is not None:
            await table.forget(forget)
        rows = [
            {"mapping": each.mapping, "changed": each.changed.isoformat(), "token": each.token}
            for each in await table.all()
        ]
    if as_json:
        output.show_json_lines(rows)
    else:
        Rows(("mapping", "changed", "token")).add(rows)
    return Exit.OK


def _tell(found: Round) -> None:
    if found.begins:
        output.note("Changes are followed from now on.")
    elif found.plan is not None:
        output.show_text(f"{found.changes} changes: plan {found.plan.id} is {found.plan.state.value}")
    if found.is_stopped and found.plan is not None:
        output.note(f"Look at it: webex-connector sync show {found.plan.id}")
