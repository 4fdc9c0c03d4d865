"""
Applying a plan as a run: whoever asked for it, any process may do it, and the next one goes on with it after a crash.
"""

from collections.abc import AsyncIterator
from types import NoneType
from typing import Final

import msgspec

from webex_connector.app.alerts import Alerts
from webex_connector.app.plan_runs import PlanProgress, mapping_key
from webex_connector.app.postponing import postponing
from webex_connector.app.syncing import Syncing
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.store.plans import ItemState, KeptPlan, PlanState
from webex_connector.sync.apply.applying import Applier
from webex_connector.sync.errors import RunRefused

KIND: Final = "apply"
"""
The kind of the runs.
"""

AGAIN: Final = "again"
"""
The kind of the event that tells how many items are tried once more.
"""

BAD: Final = frozenset({ItemState.DEAD, ItemState.REFUSED})
"""
How items end that somebody has to look at.
"""


class ApplyWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What is to be applied. Somebody has said yes to the plan before.
    """

    mapping: str
    plan: str
    again: tuple[int, ...] | None = None
    """
    The items that ended badly and are tried once more; with no number all of them are, without this none is.
    """


class ApplyWork:
    """
    The work of these runs.
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
        Apply, or go on. Raises ValidationError for arguments there are not, RunRefused when the plan is not there or of
        another mapping, and what `Applier.replay` and `Applier.apply` raise.
        """
        wish = msgspec.convert(arguments, ApplyWish)
        with postponing():
            plan = await self._syncing.tables.plans.plan(wish.plan)
            if plan is None or plan.mapping != wish.mapping:
                raise RunRefused(f"There is no plan {wish.plan} of the mapping {wish.mapping}")
            async with self._syncing.opened(plan.mapping) as ends:
                await self._applied(run, wish, plan, self._syncing.applier(ends))

    async def _applied(self, run: RunHandle, wish: ApplyWish, plan: KeptPlan, applier: Applier) -> None:
        fingerprint = plan.fingerprint or ""
        if wish.again is None:
            # A process that died after the last item has left nothing to do, and no reason to refuse.
            await run.step("begun", lambda: applier.check(plan.id, fingerprint), NoneType)
        else:
            count = await run.step(AGAIN, lambda: self._replayed(applier, wish), int)
            await run.tell(AGAIN, {"items": count})
        progress = PlanProgress(run)
        left = await self._syncing.tables.plans.plan(plan.id)
        if left is not None and left.state is not PlanState.APPLIED:
            await applier.apply(plan.id, fingerprint, progress)
        await progress.tell_dead(self._alerts, plan.mapping)

    async def _replayed(self, applier: Applier, wish: ApplyWish) -> int:
        numbers = wish.again or [each async for each in self._bad(wish.plan)]
        return await applier.replay(wish.plan, numbers)

    async def _bad(self, plan: str) -> AsyncIterator[int]:
        async for some in self._syncing.tables.plans.items(plan, BAD):
            for each in some:
                yield each.number
