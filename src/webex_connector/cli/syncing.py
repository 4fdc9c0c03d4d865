"""
`sync`: what would become right in Webex, and making it so.
"""

import getpass
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from webex_connector.app.syncing import Syncing, syncing
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, systems_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.table import Rows
from webex_connector.expressions.errors import ExpressionsInvalid
from webex_connector.icf.errors import ConfigurationInvalid, InvalidInput, NotAllowed, PreconditionFailed
from webex_connector.store.plans import ItemState, KeptPlan, PlanState
from webex_connector.sync.apply.ports import Step
from webex_connector.sync.errors import PlanOutdated, RunRefused, SourceFailed
from webex_connector.sync.item_text import item_of

_COLUMNS = ("action", "record", "object", "changes", "reason")

Approval = Annotated[str, Parameter(help="The plan's fingerprint, as `sync plan` shows it: yes to exactly that plan.")]


Allow = Annotated[
    tuple[str, ...],
    Parameter(negative="", help="What a gate has stopped, by its name and its exact number, as delete=12."),
]


@asynccontextmanager
async def _engine(config: Config) -> AsyncIterator[Syncing]:
    """
    Open the engine; what it raises is told as the command line tells errors.
    """
    try:
        async with systems_of(config, verbose=False) as systems, syncing(systems, SystemClock()) as engine:
            yield engine
    except (SourceFailed, ExpressionsInvalid) as problem:
        raise ConfigurationInvalid(str(problem)) from problem
    except RunRefused as problem:
        raise NotAllowed(str(problem)) from problem
    except PlanOutdated as problem:
        raise PreconditionFailed(str(problem)) from problem


async def plan(mapping: str, /, *, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Compare a mapping's source with Webex and show what would be done. Nothing is changed.

    Parameters
    ----------
    mapping
        Its name in the sync file.
    """
    async with _engine(config) as engine, engine.opened(mapping) as ends:
        made = await engine.engine.plan(ends, getpass.getuser())
        await _show(engine, made, as_json=as_json)
    return Exit.OK


async def show(
    plan_id: Annotated[str, Parameter(name="PLAN")], /, *, as_json: Json = False, config: Config = DEFAULT_CONFIG
) -> Exit:
    """
    Show a plan that was made before.

    Parameters
    ----------
    plan_id
        Its id.
    """
    async with _engine(config) as engine:
        await _show(engine, await _plan(engine, plan_id), as_json=as_json)
    return Exit.OK


async def apply(
    plan_id: Annotated[str, Parameter(name="PLAN")],
    /,
    *,
    approve: Approval,
    allow: Allow = (),
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Do what a plan says, or go on with one that was interrupted.

    Parameters
    ----------
    plan_id
        Its id.
    """
    async with _engine(config) as engine:
        found = await _plan(engine, plan_id)
        if found.state in {PlanState.MADE, PlanState.STOPPED}:
            await engine.engine.approve(plan_id, approve, getpass.getuser(), _allowed(allow))
        async with engine.opened(found.mapping) as ends:
            await engine.applier(ends).apply(plan_id, approve, _Told())
        counts = await engine.tables.plans.counts(plan_id)
    output.show_text(", ".join(f"{count} {state.value}" for state, count in sorted(counts.items(), key=str)))
    is_whole = not counts.keys() & {ItemState.PARTIAL, ItemState.REFUSED, ItemState.DEAD}
    return Exit.OK if is_whole else Exit.PARTIAL


async def undo(
    plan_id: Annotated[str, Parameter(name="PLAN")], /, *, as_json: Json = False, config: Config = DEFAULT_CONFIG
) -> Exit:
    """
    Make the plan that takes an applied one back, and show it. Nothing is changed until it is applied.

    Parameters
    ----------
    plan_id
        The id of the plan to take back.
    """
    async with _engine(config) as engine:
        found = await _plan(engine, plan_id)
        async with engine.opened(found.mapping) as ends:
            made = await engine.engine.undo(plan_id, ends, getpass.getuser())
        await _show(engine, made, as_json=as_json)
    return Exit.OK


class _Told:
    """
    Progress, told on standard error after each batch.
    """

    async def step(self, step: Step) -> None:
        """
        Tell how far it is.
        """
        ended = step.total - step.counts.get(ItemState.WAITING, 0) - step.counts.get(ItemState.BEGUN, 0)
        output.note(f"{ended} of {step.total}")

    def is_cancelled(self) -> bool:
        """
        Say no: Ctrl-C interrupts the command, and the plan is gone on with.
        """
        return False


def _allowed(given: tuple[str, ...]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for each in given:
        name, _, number = each.partition("=")
        if not number.isdecimal():
            raise InvalidInput(f"--allow is like delete=12, not {each}")
        found[name] = int(number)
    return found


async def _plan(engine: Syncing, plan_id: str) -> KeptPlan:
    found = await engine.tables.plans.plan(plan_id)
    if found is None:
        raise RunRefused(f"There is no plan {plan_id}")
    return found


async def _show(engine: Syncing, made: KeptPlan, *, as_json: bool) -> None:
    async for items in engine.tables.plans.items(made.id):
        rows = [_row(item_of(each.content), each.state) for each in items]
        if as_json:
            output.show_json_lines(rows)
        else:
            Rows(_COLUMNS).add(rows)
    summary = msgspec.json.decode(made.summary or "{}")
    output.note(
        f"Plan {made.id}: {summary.get('sources')} records, {summary.get('targets')} objects, "
        f"{summary.get('unchanged')} as they should be."
    )
    for stop in summary.get("stops", ()):
        output.note(f"Stopped: {stop['reason']}; {stop['remedy']}")
    output.note(f"To do it: webex-connector sync apply {made.id} --approve {made.fingerprint}")


def _row(item: Any, state: ItemState) -> Mapping[str, Any]:
    return {
        "action": item.action.value,
        "record": item.source_key,
        "object": item.target_name or item.target_uid,
        "changes": "; ".join(f"{each.attribute}: {_words(each.old)} > {_words(each.new)}" for each in item.changes),
        "reason": item.problem or item.reason,
        "state": state.value,
    }


def _words(values: tuple[object, ...]) -> str:
    return ", ".join(map(str, values)) or "nothing"
