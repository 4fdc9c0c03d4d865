"""
What runs that apply plans have in common: one at a time for each mapping, how far they are, and what people hear of
them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from webex_connector.app.alerts import Alert, Alerts
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Arguments
from webex_connector.store.plans import ItemState, KeptPlan
from webex_connector.sync.apply.ports import Step
from webex_connector.sync.errors import RunRefused
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
        text = f"{what} of {mapping} was stopped: {problem}"
        await alerts.tell(Alert(STOPPED, text, {"mapping": mapping, "run": run}))
        raise


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
        await self._run.progress(step.ended, step.total)

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
