"""
Applying an approved plan: item by item begun, written, read back and settled.

What is begun is kept before the write leaves, what became of it together with its link when the write came back. Should
the process die in between, whoever goes on tries the item again: a change and a deletion may happen twice without harm,
and before something is made a second time it is looked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf.errors import ConnectorError, Verdict
from webex_connector.icf.filters import And, Filter, Or, equals
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.store.decisions import DecisionTable
from webex_connector.store.links import LinkTable
from webex_connector.store.plans import ItemState, KeptItem, PlanState, PlanTable, Settled
from webex_connector.sync.apply.outcomes import Attempt, Judge
from webex_connector.sync.apply.ports import Permits, Progress, Step, TargetSystem
from webex_connector.sync.apply.requests import missing, referred, request_of
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.errors import PlanOutdated, RunRefused
from webex_connector.sync.item_text import item_of

BATCH = 100
"""
How many items are begun at once: as many as a bulk request has operations.
"""

DOOR = "sync"
"""
The door of everything that a plan writes.
"""

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
        self, mapping: SyncMapping, target: TargetSystem, tables: Tables, permits: Permits, clock: Clock
    ) -> None:
        self._mapping, self._target, self._tables = mapping, target, tables
        self._permits, self._clock = permits, clock
        self._info = target.schema.object_class(mapping.object_class)
        attributes = (each.target for each in mapping.properties)
        self._comparison = Comparison(self._info, attributes)
        self._judge = Judge(mapping, self._comparison)

    async def apply(self, plan: str, fingerprint: str, progress: Progress) -> PlanState:
        """
        Apply a plan that was approved, or go on with one. Returns APPLIED once every item has ended, APPLYING when it
        was cancelled before.

        Raises PlanOutdated when it is not the plan that was approved, RunRefused when nobody approved it; the
        ConnectorError after which nothing more can succeed until an administrator acts; and StoreFailed. After each of
        these it can be gone on with.
        """
        kept = await self._tables.plans.plan(plan)
        if kept is None:
            raise RunRefused(f"There is no plan {plan}")
        if kept.fingerprint != fingerprint:
            raise PlanOutdated(f"The plan {plan} is not the one that was approved; look at it again")
        begin = frozenset({PlanState.APPROVED, PlanState.APPLYING})
        if not await self._tables.plans.change(plan, PlanState.APPLYING, only_from=begin):
            raise RunRefused(f"The plan {plan} is {kept.state.value}; only an approved one is applied")
        options = OperationOptions(actor=Actor(f"plan {plan}", DOOR), lane=Lane.BULK)
        await self._go_on_with(plan)
        await self._permit(plan, options.actor.name)
        while not progress.is_cancelled():
            taken = await self._tables.plans.take(plan, BATCH)
            if not taken:
                due = await self._tables.plans.next_due(plan)
                if due is None:
                    break
                await self._clock.sleep(max(0.0, (due - self._clock.now()).total_seconds()))
                continue
            await self._batch(plan, taken, options)
            counts = await self._tables.plans.counts(plan)
            await progress.step(Step(plan, counts, sum(counts.values())))
        if progress.is_cancelled():
            return PlanState.APPLYING
        await self._tables.plans.change(plan, PlanState.APPLIED, only_from=frozenset({PlanState.APPLYING}))
        return PlanState.APPLIED

    async def _go_on_with(self, plan: str) -> None:
        """
        Let wait again what was begun by a process that died. How often it was tried still counts.
        """
        async for items in self._tables.plans.items(plan, frozenset({ItemState.BEGUN})):
            await self._tables.plans.settle(plan, [Settled(each.number, ItemState.WAITING) for each in items])

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
                settled.append(await self._made_before(tried, request, options))
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

    async def _made_before(self, tried: Attempt, request: ChangeRequest, options: OperationOptions) -> Settled:
        """
        Make an object that an earlier attempt may have made: look for it first, and complete what is there.
        """
        now = self._clock.now()
        try:
            there = await self._look(request, options)
            if there is None:
                result = await self._target.create(self._mapping.object_class, request.attributes or {}, options)
                return self._judge.done(tried, result)
            return self._judge.done(tried, await self._completed(tried.item, there, request, options), adopted=True)
        except ConnectorError as problem:
            if problem.verdict is Verdict.STOP_RUN:
                raise
            return self._judge.ended(tried, ChangeOutcome(Fate.REFUSED, error=problem), now)

    async def _look(self, request: ChangeRequest, options: OperationOptions) -> ConnectorObject | None:
        node = self._corresponding(request.attributes or {})
        asked = replace(options, live=True, attributes_to_get=tuple(self._comparison.attributes))
        found: list[ConnectorObject] = []
        async for objects in self._target.search(self._mapping.object_class, node, asked):
            found += objects
        return found[0] if len(found) == 1 else None

    def _corresponding(self, attributes: Mapping[str, Sequence[object]]) -> Filter:
        for rule in self._mapping.correlation:
            if all(attributes.get(each) for each in rule.attributes):
                parts = [Or(tuple(equals(each, str(value)) for value in attributes[each])) for each in rule.attributes]
                return parts[0] if len(parts) == 1 else And(tuple(parts))
        name = self._info.name_attribute
        values = attributes.get(name or "", ())
        return Or(tuple(equals(str(name), str(value)) for value in values))

    async def _completed(
        self, item: PlanItem, there: ConnectorObject, request: ChangeRequest, options: OperationOptions
    ) -> WriteResult:
        changes = self._comparison.changes(request.attributes or {}, there.attributes)
        left = replace(item, action=Action.UPDATE, target_uid=there.uid, changes=changes)
        asked = request_of(left, self._info, {})
        if asked is None:
            return WriteResult(there.uid, there, there, changed=False)
        return await self._target.update(self._mapping.object_class, there.uid, asked.deltas, options)
