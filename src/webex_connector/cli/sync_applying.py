"""
Seeing a plan being applied: a run, which this process does itself where no server does it.
"""

import asyncio
import getpass
import logging
import sys
from typing import Any

import msgspec

from webex_connector.app.apply_work import AGAIN, BAD, KIND, ApplyWish
from webex_connector.app.plan_runs import is_about
from webex_connector.app.reconciling import reconciling
from webex_connector.app.running import Running, running_in
from webex_connector.app.syncing import Syncing
from webex_connector.base import log
from webex_connector.cli import output
from webex_connector.cli.exits import Exit
from webex_connector.cli.run_ends import error_of
from webex_connector.cli.sync_progress import Telling, on_interrupt, telling
from webex_connector.jobs.handle import PROGRESS
from webex_connector.store.plans import ItemState, KeptPlan, PlanState
from webex_connector.store.run_values import STATE_EVENT, KeptRun, RunEvent, RunState

_NOT_WHOLE = BAD | {ItemState.PARTIAL}


async def done(engine: Syncing, plan: KeptPlan, again: tuple[int, ...] | None, *, is_json: bool) -> Exit:
    """
    Have a plan applied that somebody has said yes to, or with numbers, or none, its items tried again that ended badly;
    tell how it goes on. Raises RunInTheWay, the ConnectorError by which it failed, and StoreFailed.
    """
    runs = running_in(engine.systems, engine.clock)
    reconciling(engine, runs, engine.systems.memory.alerts)
    # What goes wrong is told once, by this command, as it is kept with the run.
    log.configure(as_json=not sys.stderr.isatty(), level=logging.CRITICAL)
    run = await _followed(runs, await _run(runs, plan, again), is_json=is_json)
    hint = f"webex-connector sync apply {plan.id} --approve {plan.fingerprint}"
    if run.state is RunState.FAILED:
        output.note(f"Stopped on the way; nothing is lost. To go on, once that is mended: {hint}")
        raise error_of(run)
    counts = await engine.tables.plans.counts(plan.id)
    left = await engine.tables.plans.plan(plan.id)
    state = PlanState.APPLYING if left is None else left.state
    named = {each.value: counts[each] for each in ItemState if each in counts}
    if is_json:
        output.show_json({"plan": plan.id, "run": run.id, "state": state.value, "states": named})
    else:
        output.show_text(", ".join(f"{count:,} {name}" for name, count in named.items()))
    if state is not PlanState.APPLIED:
        output.note(f"Stopped on the way. To go on: {hint}")
        return Exit.INTERRUPTED
    if counts.keys() & BAD:
        output.note(f"Why: webex-connector sync dead-letters {plan.id}")
    return Exit.PARTIAL if counts.keys() & _NOT_WHOLE else Exit.OK


async def _run(runs: Running, plan: KeptPlan, again: tuple[int, ...] | None) -> KeptRun:
    """
    Return the run that applies a plan: one that waited for the yes which was given by now, or one of its own.
    """
    for each in await runs.jobs.runs({RunState.WAITING_FOR_APPROVAL}):
        if is_about(each.awaits, plan.id):
            await runs.jobs.approve(each.id, each.awaits or "", getpass.getuser())
            return await runs.jobs.run(each.id)
    wish = msgspec.to_builtins(ApplyWish(plan.mapping, plan.id, again))
    return await runs.jobs.joined(KIND, wish, getpass.getuser())


async def _followed(runs: Running, run: KeptRun, *, is_json: bool) -> KeptRun:
    stopping: list[asyncio.Task[KeptRun]] = []

    def stop() -> None:
        output.note("What was begun ends first; Ctrl-C once more waits ten seconds for it at most.")
        stopping.append(asyncio.create_task(runs.jobs.cancel(run.id, getpass.getuser())))

    with telling(is_json=is_json) as way, on_interrupt(stop):
        found = await runs.followed(run, lambda event: _tell(event, way))
    await asyncio.gather(*stopping)
    return found


def _tell(event: RunEvent, way: Telling) -> None:
    content: dict[str, Any] = msgspec.json.decode(event.content)
    if event.kind == PROGRESS:
        way.tell(content)
    elif event.kind == AGAIN:
        output.note(f"{content['items']:,} are tried again.")
    elif event.kind == STATE_EVENT and content["state"] == RunState.WAITING.value and "reason" in content:
        output.note(f"It waits: {content['reason']}")
