"""
`sync`: what would become right in Webex, and making it so.
"""

import getpass
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

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
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.errors import PlanOutdated, RunRefused, SourceFailed
from webex_connector.sync.item_text import item_of
from webex_connector.sync.report.html_page import html
from webex_connector.sync.report.json_text import json
from webex_connector.sync.report.markdown import Items, markdown
from webex_connector.sync.report.outline import PARTS, Line, Outline, line_of, outline_of

_COLUMNS = ("record", "object", "changes", "reason")
_BATCH = 200
_FORMS = {".html": html, ".md": markdown, ".json": json}

Out = Annotated[Path | None, Parameter(help="Write a report too: a file that ends in .html, .md or .json.")]

Approval = Annotated[str, Parameter(help="The plan's fingerprint, as `sync plan` shows it: yes to exactly that plan.")]


Allow = Annotated[
    tuple[str, ...],
    Parameter(negative="", help="What a gate has stopped, by its name and its exact number, as delete=12."),
]


@asynccontextmanager
async def engine_of(config: Config) -> AsyncIterator[Syncing]:
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


async def plan(mapping: str, /, *, as_json: Json = False, out: Out = None, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Compare a mapping's source with Webex and show what would be done. Nothing is changed.

    Parameters
    ----------
    mapping
        Its name in the sync file.
    """
    async with engine_of(config) as engine, engine.opened(mapping) as ends:
        made = await engine.engine.plan(ends, getpass.getuser())
        await _show(engine, made, out, as_json=as_json)
    return Exit.OK


async def show(
    plan_id: Annotated[str, Parameter(name="PLAN")],
    /,
    *,
    as_json: Json = False,
    out: Out = None,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Show a plan that was made before.

    Parameters
    ----------
    plan_id
        Its id.
    """
    async with engine_of(config) as engine:
        await _show(engine, await _plan(engine, plan_id), out, as_json=as_json)
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
    async with engine_of(config) as engine:
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
    plan_id: Annotated[str, Parameter(name="PLAN")],
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
        found = await _plan(engine, plan_id)
        async with engine.opened(found.mapping) as ends:
            made = await engine.engine.undo(plan_id, ends, getpass.getuser())
        await _show(engine, made, out, as_json=as_json)
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


async def _show(engine: Syncing, made: KeptPlan, out: Path | None, *, as_json: bool) -> None:
    outline = outline_of(made, engine.clock.now())
    items = partial(_items, engine, made.id)
    if as_json:
        async for piece in json(outline, items):
            output.show_piece(piece)
    else:
        await _tables(outline, items)
    if out is not None:
        await _write(out, outline, items)
    for stop in outline.stops:
        output.note(f"Stopped: {stop}")
    for warning in outline.warnings:
        output.note(warning)
    output.note("; ".join(f"{name.lower()}: {value}" for name, value in outline.facts.items()))
    output.note(f"To do it: webex-connector sync apply {made.id} --approve {made.fingerprint}")


async def _tables(outline: Outline, items: Items) -> None:
    for action, title in PARTS:
        if not outline.counts.get(action):
            continue
        output.show_text(f"{title}: {outline.counts[action]:,}")
        rows, some = Rows(_COLUMNS), list[Mapping[str, Any]]()
        async for item in items(action):
            some.append(_row(line_of(item)))
            if len(some) == _BATCH:
                rows.add(some)
                some = []
        if some:
            rows.add(some)


async def _write(out: Path, outline: Outline, items: Items) -> None:
    form = _FORMS.get(out.suffix)
    if form is None:
        raise InvalidInput(f"--out is a file that ends in {', '.join(_FORMS)}, not {out.name}")
    with out.open("w", encoding="utf-8") as file:
        async for piece in form(outline, items):
            file.write(piece)


async def _items(engine: Syncing, plan_id: str, action: Action) -> AsyncIterator[PlanItem]:
    async for some in engine.tables.plans.items(plan_id, action=action.value):
        for each in some:
            yield item_of(each.content)


def _row(line: Line) -> Mapping[str, Any]:
    return {
        "record": line.record,
        "object": line.object,
        "changes": "; ".join(line.changes),
        "reason": line.reason,
    }
