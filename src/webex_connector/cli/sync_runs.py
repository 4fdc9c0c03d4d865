"""
`sync`: doing what a plan says, doing it again where it failed, and taking it back.
"""

import getpass
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from webex_connector.app.apply_work import BAD
from webex_connector.app.syncing import Syncing
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json
from webex_connector.cli.exits import Exit
from webex_connector.cli.sync_applying import done
from webex_connector.cli.syncing import Out, engine_of, plan_of, show_plan
from webex_connector.cli.table import Rows
from webex_connector.icf.errors import InvalidInput
from webex_connector.store.plans import KeptItem, PlanState
from webex_connector.sync.item_text import item_of

Approval = Annotated[str, Parameter(help="The plan's fingerprint, as `sync plan` shows it: yes to exactly that plan.")]

Allow = Annotated[
    tuple[str, ...],
    Parameter(negative="", help="What a gate has stopped, by its name and its exact number, as delete=12."),
]

PlanId = Annotated[str, Parameter(name="PLAN")]

_COLUMNS = ("plan", "item", "record", "object", "state", "attempts", "reason", "tracking_id")
_decode = msgspec.json.Decoder(dict[str, Any]).decode


async def apply(
    plan_id: PlanId,
    /,
    *,
    approve: Approval,
    allow: Allow = (),
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Do what a plan says, or go on with one that was interrupted.

    Parameters
    ----------
    plan_id
        Its id.
    """
    async with engine_of(config) as engine:
        found = await plan_of(engine, plan_id)
        if found.state in {PlanState.MADE, PlanState.STOPPED}:
            await engine.engine.approve(plan_id, approve, getpass.getuser(), _allowed(allow))
        async with engine.opened(found.mapping) as ends:
            await engine.applier(ends).check(plan_id, approve)
        return await done(engine, found, None, is_json=as_json)


async def undo(
    plan_id: PlanId,
    /,
    *,
    as_json: Json = False,
    out: Out = None,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Make the plan that takes an applied one back, and show it. Nothing is changed until it is applied.

    Parameters
    ----------
    plan_id
        The id of the plan to take back.
    """
    async with engine_of(config) as engine:
        found = await plan_of(engine, plan_id)
        async with engine.opened(found.mapping) as ends:
            made = await engine.engine.undo(plan_id, ends, getpass.getuser())
        await show_plan(engine, made, out, as_json=as_json)
    return Exit.OK


async def replay(
    plan_id: PlanId,
    /,
    *items: Annotated[int, Parameter(name="ITEM")],
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Try again what a plan could not do. Nobody is made twice: who may be there is looked for.

    Parameters
    ----------
    plan_id
        Its id.
    items
        The numbers of its items, as `sync dead-letters` shows them; all that ended badly unless given.
    """
    async with engine_of(config) as engine:
        return await done(engine, await plan_of(engine, plan_id), items, is_json=as_json)


async def dead_letters(
    plan_id: Annotated[str | None, Parameter(name="PLAN")] = None,
    /,
    *,
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Show what plans could not do, and why.

    Parameters
    ----------
    plan_id
        One plan; the latest hundred unless given.
    """
    async with engine_of(config) as engine:
        plans = [await plan_of(engine, plan_id)] if plan_id else await engine.tables.plans.plans()
        rows, columns = list[Mapping[str, Any]](), Rows(_COLUMNS)
        for each in plans:
            if each.state not in {PlanState.APPLYING, PlanState.APPLIED, PlanState.CANCELLED}:
                continue
            rows += [_letter(each.id, item) async for item in _bad(engine, each.id)]
    if as_json:
        output.show_json_lines(rows)
    elif rows:
        columns.add(rows)
        output.note(f"To try them again: webex-connector sync replay {rows[0]['plan']}")
    return Exit.OK


async def _bad(engine: Syncing, plan_id: str) -> AsyncIterator[KeptItem]:
    async for some in engine.tables.plans.items(plan_id, BAD):
        for each in some:
            yield each


def _letter(plan_id: str, kept: KeptItem) -> Mapping[str, Any]:
    item, outcome = item_of(kept.content), _decode(kept.outcome or "{}")
    return {
        "plan": plan_id,
        "item": kept.number,
        "record": item.source_key,
        "object": item.target_name or item.target_uid,
        "state": kept.state.value,
        "attempts": kept.attempts,
        "reason": outcome.get("reason") or item.problem,
        "tracking_id": outcome.get("tracking_id"),
    }


def _allowed(given: tuple[str, ...]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for each in given:
        name, _, number = each.partition("=")
        if not number.isdecimal():
            raise InvalidInput(f"--allow is like delete=12, not {each}")
        found[name] = int(number)
    return found
