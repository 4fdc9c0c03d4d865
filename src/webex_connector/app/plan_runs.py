"""
What runs that apply plans have in common: one at a time for each mapping, how far they are, and what people hear of
them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

import msgspec

from webex_connector.app.alerting.failed_runs import FAILED
from webex_connector.app.alerts import Alert, Alerts
from webex_connector.icf.errors import ConnectorError
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Arguments
from webex_connector.store.errors import StoreError
from webex_connector.store.plans import ItemState, KeptPlan, PlanState
from webex_connector.sync.apply.ports import Now, Step
from webex_connector.sync.errors import RunRefused, SyncError
from webex_connector.sync.report.outline import outline_of

STOPPED: Final = "sync.stopped"
DEAD: Final = "sync.dead_letters"
"""
The events of the alerts.
"""


class PlanStopped(RunRefused):
    """
    A gate stands in a plan's way: which one, and what to do about it.
    """

    def __init__(self, plan: KeptPlan, now: datetime) -> None:
        why = "; ".join(outline_of(plan, now).stops)
        super().__init__(
            f"The plan {plan.id} is stopped: {why}. Look at it, and apply it with what it needs: "
            f"webex-connector sync show {plan.id}"
        )


def yes_to(plan: KeptPlan) -> str | None:
    """
    Return what somebody has to say yes to for a plan to be applied that a gate has stopped: the plan, its fingerprint,
    and each number. None where no yes helps.
    """
    numbers = allowed_by(plan)
    if numbers is None:
        return None
    return "/".join((plan.id, plan.fingerprint or "", *(f"{gate}={number}" for gate, number in numbers.items())))


def allowed_by(plan: KeptPlan) -> Mapping[str, int] | None:
    """
    Return the exact numbers that let a plan through its gates; None where one of them lets nothing through.
    """
    stops = msgspec.json.decode(plan.summary or "{}", type=dict[str, Any]).get("stops", ())
    allowed = [each.get("allow") for each in stops]
    return None if None in allowed else {str(gate): int(number) for gate, number in allowed}


def is_about(awaits: str | None, plan: str) -> bool:
    """
    Whether what a run waits for is a yes to this plan.
    """
    return awaits is not None and awaits.partition("/")[0] == plan


def mapping_key(arguments: Arguments) -> str:
    """
    Return what one run at a time may work on. Raises KeyError when the arguments name no mapping.
    """
    return f"mapping {arguments['mapping']}"


@asynccontextmanager
async def told_when_stopped(alerts: Alerts, what: str, mapping: str, run: str) -> AsyncIterator[None]:
    """
    Tell people when a gate stops the plan of this block; raises PlanStopped on.
    """
    try:
        yield
    except PlanStopped as problem:
        await tell_stopped(alerts, what, mapping, run, str(problem))
        raise


async def tell_stopped(alerts: Alerts, what: str, mapping: str, run: str, why: str) -> None:
    """
    Tell people that a gate has stopped a plan.
    """
    await alerts.tell(Alert(STOPPED, f"{what} of {mapping} was stopped: {why}", {"mapping": mapping, "run": run}))


async def told_of(
    tell: Callable[[Alert], Awaitable[None]], mapping: str, making: Awaitable[KeptPlan], now: Now
) -> KeptPlan:
    """
    Return a plan that somebody has made by hand; people hear of it when it cannot be made, or a gate stops it, as of a
    run. Raises what making it raises.
    """
    try:
        made = await making
    except (SyncError, ConnectorError, StoreError) as problem:
        text = f"A plan of {mapping} could not be made: {problem}"
        await tell(Alert(FAILED, text, {"kind": "plan", "mapping": mapping}))
        raise
    if made.state is PlanState.STOPPED:
        text = f"A plan of {mapping} was stopped: {PlanStopped(made, now())}"
        await tell(Alert(STOPPED, text, {"mapping": mapping, "plan": made.id}))
    return made


def facts_of(step: Step) -> Mapping[str, Any]:
    """
    Return what the events that tell of progress say of a step beside its numbers: the plan, its items by state, how
    many end in a second, the seconds that are left, and until when everything that is left waits.
    """
    return {
        "plan": step.plan,
        "states": {state.value: count for state, count in step.counts.items()},
        "per_second": step.rate,
        "seconds_left": step.seconds_left,
        "due": None if step.due is None else step.due.isoformat(),
    }


class PlanProgress:
    """
    Tells how far plans are as how far a run is, and remembers how many items nobody tries any more.
    """

    def __init__(self, run: RunHandle) -> None:
        self._run = run
        self._dead: dict[str, int] = {}

    async def step(self, step: Step) -> None:
        """
        Tell how far a plan is.
        """
        self._dead[step.plan] = step.counts.get(ItemState.DEAD, 0)
        await self._run.progress(step.ended, step.total, **facts_of(step))

    def is_cancelled(self) -> bool:
        """
        Whether the run is.
        """
        return self._run.is_cancelled()

    async def tell_dead(self, alerts: Alerts, mapping: str) -> None:
        """
        Tell people of the items that failed as often as may be, plan by plan.
        """
        for plan, count in self._dead.items():
            if count:
                text = (
                    f"{count} items of the plan {plan} failed as often as may be and wait for somebody: "
                    f"webex-connector sync show {plan}"
                )
                await alerts.tell(Alert(DEAD, text, {"mapping": mapping, "plan": plan}))
