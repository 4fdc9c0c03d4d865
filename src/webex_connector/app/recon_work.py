"""
What a reconciliation does that was asked for over REST: plan, and unless it only analyses, approve and apply. A run of
the room jobs, so that it is gone on with after a crash.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import NoneType
from typing import Any, Final

import msgspec

from webex_connector.app.alerts import Alerts
from webex_connector.app.plan_runs import (
    PlanProgress,
    PlanStopped,
    allowed_by,
    mapping_key,
    tell_stopped,
    told_when_stopped,
    yes_to,
)
from webex_connector.app.postponing import postponing
from webex_connector.app.syncing import Syncing
from webex_connector.base.clock import Clock
from webex_connector.expressions.values import Shape
from webex_connector.gateway.idm.recons import Wish
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.store.plans import KeptPlan, PlanState
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.ends import Ends
from webex_connector.sync.errors import PlanOutdated, RunRefused
from webex_connector.sync.records import Page
from webex_connector.sync.sources.source import Source

KIND: Final = "recon"
"""
The kind of the runs.
"""

PLANNED: Final = "planned"
"""
The kind of the event that tells a run's plan.
"""

READ: Final = "read"
"""
The kind of the events that tell how many records were read.
"""

TIMES: Final = "times"
"""
The kind of the event that tells how many seconds each part took.
"""

_TOLD_EVERY = 1.0


def wish_of(arguments: Mapping[str, Any]) -> Wish:
    """
    Return what a run is to reconcile. Raises ValidationError.
    """
    return msgspec.convert(arguments, Wish)


def overridden(mapping: SyncMapping, wish: Wish) -> SyncMapping:
    """
    Return a mapping as one reconciliation wishes it to be.
    """
    given = {
        "only": None if wish.ids is None else frozenset(wish.ids),
        "target_phase": wish.target_phase,
        "allow_empty_source": wish.allow_empty_source,
    }
    return replace(mapping, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # each of its own type


class ReconWork:
    """
    The work of these runs.
    """

    def __init__(self, syncing: Syncing, alerts: Alerts) -> None:
        self._syncing, self._alerts = syncing, alerts

    def register(self, kinds: Kinds) -> None:
        """
        Let runs of this kind be done, one at a time for each mapping.
        """
        kinds.register(KIND, self, mapping_key)

    async def __call__(self, run: RunHandle, arguments: Arguments) -> None:
        """
        Reconcile. Raises RunRefused when a limit stops the plan, and what planning and applying raise.
        """
        wish = wish_of(arguments)
        with postponing():
            async with told_when_stopped(self._alerts, _what(run), wish.mapping, run.id):
                await self._reconciled(run, wish)

    async def _reconciled(self, run: RunHandle, wish: Wish) -> None:
        async with self._syncing.opened(wish.mapping) as opened:
            watched = _Watched(opened.source, run, self._syncing.clock)
            ends = replace(opened, mapping=overridden(opened.mapping, wish), source=watched)
            began = self._syncing.clock.monotonic()
            try:
                plan = await self._planned(run, ends)
            except _Cancelled:
                return
            planned = self._syncing.clock.monotonic()
            times = {"sourceQuery": watched.seconds, "sourcePhase": planned - began}
            if not wish.analyze and not run.is_cancelled():
                await self._applied(run, wish, ends, plan)
                times["updateTargetObject"] = self._syncing.clock.monotonic() - planned
            await run.tell(TIMES, times)

    async def _planned(self, run: RunHandle, ends: Ends) -> KeptPlan:
        async def made() -> str:
            return (await self._syncing.engine.plan(ends, run.actor)).id

        id_ = await run.step("plan", made, str)
        await run.tell(PLANNED, {"plan": id_})
        found = await self._syncing.tables.plans.plan(id_)
        if found is None:
            raise RunRefused(f"The plan {id_} was removed meanwhile")
        return found

    async def _applied(self, run: RunHandle, wish: Wish, ends: Ends, plan: KeptPlan) -> None:
        engine, plans = self._syncing.engine, self._syncing.tables.plans
        if plan.state is PlanState.APPLIED:
            return
        if plan.state is PlanState.STOPPED:
            await self._allowed(run, wish, plan)
        if plan.state is PlanState.MADE:
            await engine.approve(plan.id, plan.fingerprint or "", run.actor)
        progress = PlanProgress(run)
        await self._syncing.applier(ends).apply(plan.id, plan.fingerprint or "", progress)
        if run.is_cancelled():
            applying = frozenset({PlanState.APPLYING})
            await plans.change(plan.id, PlanState.CANCELLED, only_from=applying)
        else:
            await progress.tell_dead(self._alerts, wish.mapping)

    async def _allowed(self, run: RunHandle, wish: Wish, plan: KeptPlan) -> None:
        """
        Say yes to a plan that a gate stops once somebody has, where the run waits for that. Raises PlanStopped where it
        does not, or no yes helps, and PlanOutdated when nobody said it in time.
        """
        now, awaited = self._syncing.clock.now(), yes_to(plan)
        stopped = PlanStopped(plan, now)
        if not wish.wait or awaited is None:
            raise stopped
        left = plan.made + self._syncing.settings.most_age - now
        if left <= timedelta():
            raise PlanOutdated(f"Nobody has said yes to the plan {plan.id} in time. {stopped}")
        go_on = f"{stopped}; or say yes to just that: webex-connector runs approve {run.id} {awaited}"
        await run.step("told", lambda: tell_stopped(self._alerts, _what(run), wish.mapping, run.id, go_on), NoneType)
        by = await run.approval(awaited, left.total_seconds())
        await self._syncing.engine.approve(plan.id, plan.fingerprint or "", by, allowed_by(plan) or {})


def _what(run: RunHandle) -> str:
    return f"The reconciliation {run.id}"


class _Cancelled(Exception):
    """
    Somebody wants it to end while the source is read; nothing was planned yet.
    """


@dataclass(slots=True)
class _Watched:
    """
    A source that is watched while it is read.
    """

    source: Source
    run: RunHandle
    clock: Clock
    seconds: float = 0.0

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def shape(self) -> Shape:
        return self.source.shape

    async def read(self) -> AsyncIterator[Page]:
        count, told, began = 0, 0.0, self.clock.monotonic()
        async for page in self.source.read():
            now = self.clock.monotonic()
            self.seconds += now - began
            count += len(page.records)
            if now - told >= _TOLD_EVERY:
                told = now
                await self.run.tell(READ, {"records": count})
            if self.run.is_cancelled():
                raise _Cancelled
            yield page
            began = self.clock.monotonic()

    async def aclose(self) -> None:
        await self.source.aclose()
