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

from webex_connector.app.plan_runs import told_of
from webex_connector.app.syncing import Syncing, syncing
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, systems_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.table import Rows
from webex_connector.expressions.errors import ExpressionsInvalid
from webex_connector.icf.errors import (
    ConfigurationInvalid,
    ConnectionFailed,
    InvalidInput,
    NotAllowed,
    PreconditionFailed,
)
from webex_connector.jobs.errors import RunInTheWay
from webex_connector.store.errors import StoreError
from webex_connector.store.plans import KeptPlan
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
    except (RunRefused, RunInTheWay) as problem:
        raise NotAllowed(str(problem)) from problem
    except StoreError as problem:
        raise ConnectionFailed(str(problem)) from problem
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
        making = engine.engine.plan(ends, getpass.getuser())
        made = await told_of(engine.systems.memory.alerts.send, mapping, making, engine.clock.now)
        await show_plan(engine, made, out, as_json=as_json)
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
        await show_plan(engine, await plan_of(engine, plan_id), out, as_json=as_json)
    return Exit.OK


async def plan_of(engine: Syncing, plan_id: str) -> KeptPlan:
    """
    Return a plan by its id. Raises RunRefused when there is none.
    """
    found = await engine.tables.plans.plan(plan_id)
    if found is None:
        raise RunRefused(f"There is no plan {plan_id}")
    return found


async def show_plan(engine: Syncing, made: KeptPlan, out: Path | None, *, as_json: bool) -> None:
    """
    Show a plan, and write it as a report where one is asked for.
    """
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
