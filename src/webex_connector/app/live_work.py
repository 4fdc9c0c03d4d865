"""
Live sync as runs: each is one round, so that a schedule follows a source.
"""

from typing import Any, Final

import msgspec

from webex_connector.app.alerts import Alerts
from webex_connector.app.following import one_round
from webex_connector.app.plan_runs import PlanProgress, PlanStopped, mapping_key, told_when_stopped
from webex_connector.app.postponing import postponing
from webex_connector.app.syncing import Syncing
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Arguments, Kinds

KIND: Final = "live"
"""
The kind of the runs.
"""

BEGINS: Final = "begins"
"""
The kind of the event that tells that changes are followed from now on.
"""

ROUND: Final = "round"
"""
The kind of the event that tells how many changes there were, and the plan they became.
"""


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mapping: str


class LiveWork:
    """
    The work of these runs. A round takes up what an earlier one has left, so one that is done again does no harm.
    """

    def __init__(self, syncing: Syncing, alerts: Alerts) -> None:
        self._syncing, self._alerts = syncing, alerts

    def register(self, kinds: Kinds) -> None:
        """
        Let runs of this kind be done, one at a time for each mapping, whatever else is done with it.
        """
        kinds.register(KIND, self, mapping_key)

    async def __call__(self, run: RunHandle, arguments: Arguments) -> None:
        """
        Do one round. Raises PlanStopped when a gate stops it, ValidationError for arguments there are not, and what
        planning and applying raise. The changes are taken up again by the next round.
        """
        mapping = msgspec.convert(arguments, _Asked).mapping
        if run.is_cancelled():
            return
        with postponing():
            async with told_when_stopped(self._alerts, f"The live sync {run.id}", mapping, run.id):
                await self._round(run, mapping)

    async def _round(self, run: RunHandle, mapping: str) -> None:
        progress = PlanProgress(run)
        async with self._syncing.opened(mapping) as ends:
            found = await one_round(self._syncing, ends, progress)
        if found.begins:
            await run.tell(BEGINS, {})
            return
        told: dict[str, Any] = {"changes": found.changes}
        await run.tell(ROUND, told if found.plan is None else {**told, "plan": found.plan.id})
        await progress.tell_dead(self._alerts, mapping)
        if found.plan is not None and found.is_stopped:
            raise PlanStopped(found.plan, self._syncing.clock.now())
