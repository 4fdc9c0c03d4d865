"""
Applying an approved plan: item by item begun, written, read back and settled.

What is begun is kept before the write leaves, what became of it together with its link when the write came back. Should
the process die in between, whoever goes on tries the item again: a change and a deletion may happen twice without harm,
and before something is made a second time it is looked for.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf.errors import ConnectorError, Verdict
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.store.decisions import DecisionTable
from webex_connector.store.leases import LeaseTaken
from webex_connector.store.links import LinkTable
from webex_connector.store.plans import ENDED, ItemState, KeptItem, KeptPlan, PlanState, PlanTable, Settled
from webex_connector.sync.apply.fitness import MOST_AGE, check
from webex_connector.sync.apply.late_references import LateReferences
from webex_connector.sync.apply.made_before import MadeBefore
from webex_connector.sync.apply.outcomes import Attempt, Judge
from webex_connector.sync.apply.ports import Permits, Progress, Step, TargetSystem
from webex_connector.sync.apply.requests import missing, referred, request_of
from webex_connector.sync.decide.comparing import written
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.errors import PlanOutdated, RunRefused
from webex_connector.sync.item_text import item_of

BATCH = 100
"""
How many items are begun at once: as many as a bulk request has operations.
"""

AT_ONCE = 2
"""
How many batches are on their way at once.
"""

DOOR = "sync"
"""
The door of everything that a plan writes.
"""

_LOOK_UP = 1.0
"""Seconds between two looks whether somebody has cancelled."""
_APPLICABLE = frozenset({PlanState.APPROVED, PlanState.APPLYING})
_TRIED = frozenset({PlanState.APPLYING, PlanState.APPLIED})

_log = logger("sync")


@dataclass(frozen=True, slots=True)
class Tables:
    """
    Where plans, links and decisions are kept.
    """

    plans: PlanTable
    links: LinkTable
    decisions: DecisionTable


class Applier:
    """
    Applies plans of one mapping to its target.
    """

    def __init__(
        self,
        mapping: SyncMapping,
        target: TargetSystem,
        tables: Tables,
        permits: Permits,
        clock: Clock,
        most_age: timedelta = MOST_AGE,
    ) -> None:
        self._mapping, self._target, self._tables = mapping, target, tables
        self._permits, self._clock, self._most_age = permits, clock, most_age
        self._info = target.schema.object_class(mapping.object_class)
        comparison = written(self._info, (each.target for each in mapping.properties))
        self._judge = Judge(mapping, self._info, comparison)
        self._made_before = MadeBefore(mapping, target, comparison, self._judge, clock.now)
        self._late = LateReferences(mapping, target, tables.plans, tables.links)

    async def apply(self, plan: str, fingerprint: str, progress: Progress, *, patient: bool = True) -> PlanState:
        """
        Apply a plan that was approved, or go on with one. Returns APPLIED once every item has ended, APPLYING when it
        was cancelled before, or was not `patient` and every item that is left waits for its next attempt.

        Raises PlanOutdated when it is not the plan that was approved, is too old or another one was applied since;
        RunRefused when nobody approved it or another process applies it; the ConnectorError after which nothing more
        can succeed until an administrator acts; and StoreFailed. After all but PlanOutdated it can be gone on with.
        """
        try:
            async with self._tables.plans.alone(plan):
                await self._begin(plan, fingerprint)
                return await self._applied(plan, progress, patient=patient)
        except LeaseTaken as problem:
            raise RunRefused(f"Another process applies the plan {plan} at this moment") from problem

    async def replay(self, plan: str, numbers: Sequence[int]) -> int:
        """
        Let items that ended badly wait once more, for `apply` to try them again; return how many these are.

        Raises PlanOutdated when the plan is too old or another one was applied since, RunRefused when it has not been
        applied, and StoreFailed.
        """
        kept = await self._tables.plans.plan(plan)
        if kept is None or kept.state not in _TRIED:
            raise RunRefused(f"Of the plan {plan} nothing was tried yet")
        await self._check(kept)
        await self._tables.plans.change(plan, PlanState.APPLYING, only_from=_TRIED)
        return await self._tables.plans.again(plan, numbers)

    async def check(self, plan: str, fingerprint: str) -> None:
        """
        Raise what `apply` would raise at its beginning. Nothing is changed, but that a plan which is too old by now, or
        was overtaken, is not approved any more.
        """
        kept = await self._tables.plans.plan(plan)
        if kept is None:
            raise RunRefused(f"There is no plan {plan}")
        if kept.fingerprint != fingerprint:
            raise PlanOutdated(f"The plan {plan} is not the one that was approved; look at it again")
        if kept.state not in _APPLICABLE:
            raise RunRefused(f"The plan {plan} is {kept.state.value}; only an approved one is applied")
        await self._check(kept)

    async def _begin(self, plan: str, fingerprint: str) -> None:
        await self.check(plan, fingerprint)
        if not await self._tables.plans.change(plan, PlanState.APPLYING, only_from=_APPLICABLE):
            raise RunRefused(f"The plan {plan} cannot be applied any more: somebody has cancelled it, or it has ended")

    async def _check(self, kept: KeptPlan) -> None:
        try:
            check(kept, await self._tables.plans.plans(kept.mapping), self._clock.now(), self._most_age)
        except PlanOutdated:
            approved = frozenset({PlanState.APPROVED})
            await self._tables.plans.change(kept.id, PlanState.OUTDATED, only_from=approved)
            raise

    async def _applied(self, plan: str, progress: Progress, *, patient: bool) -> PlanState:
        options = OperationOptions(actor=Actor(f"plan {plan}", DOOR), lane=Lane.BULK)
        await self._go_on_with(plan)
        await self._permit(plan, options.actor.name)
        steps = _Steps(plan, self._tables.plans, self._clock, progress)
        await steps.begin()
        while not progress.is_cancelled():
            await self._all_that_is_due(plan, options, steps)
            if progress.is_cancelled():
                break
            due = await self._tables.plans.next_due(plan)
            if due is None:
                await self._late.fill(plan, options)
                await self._tables.plans.change(plan, PlanState.APPLIED, only_from=frozenset({PlanState.APPLYING}))
                return PlanState.APPLIED
            if not patient:
                return PlanState.APPLYING
            await steps.wait(due)
        return PlanState.APPLYING

    async def _all_that_is_due(self, plan: str, options: OperationOptions, steps: "_Steps") -> None:
        """
        Do everything that need not wait, or all until somebody cancels. Several batches of one rank are on their way at
        once: while the last ones of one come back, those of the next one leave.
        """
        under_way: set[asyncio.Task[None]] = set()
        rank: int | None = None
        is_more = True
        try:
            while under_way or is_more:
                if is_more and len(under_way) < AT_ONCE and not steps.is_cancelled():
                    taken = await self._tables.plans.take(plan, BATCH, rank if under_way else None)
                    is_more = len(taken) == BATCH
                    if taken:
                        rank = item_of(taken[0].content).rank
                        under_way.add(asyncio.create_task(self._batch(plan, taken, options)))
                    continue
                if not under_way:
                    return
                ended, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                await _told(ended, under_way)
                await steps.step()
                is_more = not steps.is_cancelled()
        finally:
            for each in under_way:
                each.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _go_on_with(self, plan: str) -> None:
        """
        Let wait again what was begun by a process that died. How often it was tried still counts.
        """
        now = self._clock.now()
        async for some in self._tables.plans.items(plan, frozenset({ItemState.BEGUN})):
            waiting = [self._judge.interrupted(each.number, item_of(each.content), now) for each in some]
            await self._tables.plans.settle(plan, waiting)

    async def _permit(self, plan: str, client: str) -> None:
        count = 0
        async for items in self._tables.plans.items(plan, frozenset({ItemState.WAITING})):
            count += sum(item_of(each.content).action in {Action.DELETE, Action.DISABLE} for each in items)
        await self._permits.allow(client, count)

    async def _batch(self, plan: str, taken: Sequence[KeptItem], options: OperationOptions) -> None:
        items = [item_of(each.content) for each in taken]
        type_, turned = self._mapping.link_type, self._mapping.links_turned
        linked = await self._tables.links.of_keys(type_, sorted(referred(items)), turned=turned)
        settled: list[Settled] = []
        waiting: list[tuple[Attempt, ChangeRequest]] = []
        for each, item in zip(taken, items, strict=True):
            tried = Attempt(each.number, item, each.attempts, tuple(missing(item, linked)))
            request = None if item.problem is not None else request_of(item, self._info, linked)
            if request is None:
                settled.append(self._judge.without_write(tried))
            elif item.action is Action.CREATE and each.attempts > 1:
                settled.append(await self._made_before.settled(tried, request, options))
            else:
                waiting.append((tried, request))
        await self._tables.plans.settle(plan, settled)
        for change in Change:
            await self._written(plan, [each for each in waiting if each[1].change is change], options)

    async def _written(
        self, plan: str, waiting: Sequence[tuple[Attempt, ChangeRequest]], options: OperationOptions
    ) -> None:
        if not waiting:
            return
        outcomes = await self._outcomes([request for _, request in waiting], options)
        now = self._clock.now()
        settled = [
            self._judge.ended(tried, outcome, now) for (tried, _), outcome in zip(waiting, outcomes, strict=True)
        ]
        await self._tables.plans.settle(plan, settled)
        for outcome in outcomes:
            if outcome.error is not None and outcome.error.verdict is Verdict.STOP_RUN:
                raise outcome.error

    async def _outcomes(self, requests: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        try:
            return await self._target.apply_many(self._mapping.object_class, requests, options)
        except ConnectorError as problem:
            _log.warning("sync.batch_failed", error=type(problem).__name__, tracking_id=problem.tracking_id)
            return [ChangeOutcome(Fate.REFUSED, error=problem) for _ in requests]


async def _told(ended: Iterable[asyncio.Task[None]], under_way: Collection[asyncio.Task[None]]) -> None:
    """
    Raise what a batch raised, once those that are on their way have ended, too: what they write is kept.
    """
    problem = next((each.exception() for each in ended if each.exception() is not None), None)
    if problem is not None:
        await asyncio.gather(*under_way, return_exceptions=True)
        raise problem


class _Steps:
    """
    Tells how far a plan is, and waits where nothing can be done.
    """

    def __init__(self, plan: str, plans: PlanTable, clock: Clock, progress: Progress) -> None:
        self._plan, self._plans, self._clock, self._progress = plan, plans, clock, progress
        self._began, self._before = clock.monotonic(), 0

    def is_cancelled(self) -> bool:
        return self._progress.is_cancelled()

    async def begin(self) -> None:
        self._before = sum(n for state, n in (await self._plans.counts(self._plan)).items() if state in ENDED)

    async def step(self, due: datetime | None = None) -> None:
        counts = await self._plans.counts(self._plan)
        seconds = self._clock.monotonic() - self._began
        await self._progress.step(Step(self._plan, counts, sum(counts.values()), self._before, seconds, due))

    async def wait(self, due: datetime) -> None:
        """
        Wait for a moment, or until somebody cancels.
        """
        if self._clock.now() < due:
            await self.step(due)
        while (left := (due - self._clock.now()).total_seconds()) > 0 and not self._progress.is_cancelled():
            await self._clock.sleep(min(left, _LOOK_UP))
