"""
Live sync: what changes in a source has its effect within seconds.

Each round of changes is a plan like any other, with the same gates, journal, history and undo; nobody has to say yes to
it unless a gate stops it. The token is kept when the plan has been applied, so whoever goes on after a crash loses
nothing, and does again only what does no harm twice. A record that fails waits for its next attempt in the plan of the
next round, and keeps no other from anything.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import msgspec

from webex_connector.base.clock import Clock
from webex_connector.icf.masking import masked_json
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.policy.safety import Harm
from webex_connector.store.plans import ItemState, KeptItem, KeptPlan, NewItem, PlanState, Settled
from webex_connector.store.sync_tokens import SyncTokenTable
from webex_connector.sync.apply.applying import DOOR, Applier, Tables
from webex_connector.sync.apply.ports import Progress
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.counting import Counts, Watch
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.plan import Fingerprint
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.ends import Ends, administrators_of
from webex_connector.sync.engine import Engine, new_item
from webex_connector.sync.item_text import item_of as item_of_text
from webex_connector.sync.records import Kind, Page, RecordChange
from webex_connector.sync.single import Single
from webex_connector.sync.sources.source import Incremental
from webex_connector.sync.summary import numbers_of

MAKER: Final = "live sync"
"""
Who makes the plans of live sync, and says yes to them.
"""

MOST: Final = 1000
"""
How many records one round deals with.
"""

_HOUR = timedelta(hours=1)
_OPEN = frozenset({PlanState.MADE, PlanState.STOPPED, PlanState.APPROVED, PlanState.APPLYING})
_QUIET = frozenset({Action.IGNORE, Action.NOREPORT})


@dataclass(frozen=True, slots=True)
class Round:
    """
    What a round has done: how many changes there were, and the plan they became.
    """

    changes: int = 0
    plan: KeptPlan | None = None
    begins: bool = False
    """
    It was the first one: from now on changes are followed, and those before are for a plan of everybody.
    """

    @property
    def is_stopped(self) -> bool:
        """
        Whether nothing goes on before somebody has said yes to the plan, or cancelled it.
        """
        return self.plan is not None and self.plan.state is PlanState.STOPPED


class Live:
    """
    Follows the source of one mapping.
    """

    def __init__(self, ends: Ends, engine: Engine, applier: Applier, tables: Tables, tokens: SyncTokenTable) -> None:
        self._ends, self._engine, self._applier = ends, engine, applier
        self._tables, self._tokens = tables, tokens
        options = OperationOptions(actor=Actor(MAKER, DOOR), lane=Lane.INTERACTIVE)
        self._single = Single(ends, tables.links, options)
        info = ends.target.schema.object_class(ends.mapping.object_class)
        self._comparison = Comparison(
            info, (each.target for each in ends.mapping.properties if not each.on_create_only), ends.mapping.companions
        )

    async def round(self, follower: Incremental, progress: Progress, clock: Clock) -> Round:
        """
        Take up what has changed since the last round and make it so. The first round only begins to follow.

        Raises SourceFailed, what the target and the store raise; then the next round does it again.
        """
        name = self._ends.mapping.name
        token = await self._tokens.token(name)
        if token is None:
            await self._tokens.keep(name, await follower.latest())
            return Round(begins=True)
        last = await self._last()
        if last is not None and last.state in _OPEN:
            last = await self._gone_on(last, progress)
            if last.state in {PlanState.MADE, PlanState.STOPPED}:
                return Round(plan=last)
        if last is not None and (reached := _more(last).get("token")) not in {None, token}:
            await self._tokens.keep(name, str(reached))
            token = str(reached)
        left = [] if last is None or last.state is not PlanState.APPLYING else await self._waiting(last)
        changes = await _changes(follower, token)
        if not changes and not any(each.due is None or each.due <= clock.now() for each in left):
            return Round(plan=last if left else None)
        plan = await self._planned(changes, left, last, token, clock)
        if plan.state is not PlanState.STOPPED:
            plan = await self._gone_on(plan, progress)
            if plan.state is not PlanState.STOPPED and changes:
                await self._tokens.keep(name, changes[-1].token)
        return Round(len(changes), plan)

    async def _last(self) -> KeptPlan | None:
        plans = await self._tables.plans.plans(self._ends.mapping.name)
        return next((each for each in plans if "token" in _more(each)), None)

    async def _gone_on(self, plan: KeptPlan, progress: Progress) -> KeptPlan:
        """
        Say yes to a plan that no gate stops, and apply it or go on with it, as far as nothing has to wait.
        """
        fingerprint = plan.fingerprint or ""
        if plan.state is PlanState.MADE:
            await self._carried(plan)
            await self._engine.approve(plan.id, fingerprint, MAKER)
        if plan.state is not PlanState.STOPPED:
            await self._applier.apply(plan.id, fingerprint, progress, patient=False)
        return await self._tables.plans.plan(plan.id) or plan

    async def _carried(self, plan: KeptPlan) -> None:
        """
        Skip in an earlier plan what this one has taken over.
        """
        for earlier, numbers in _more(plan).get("carried", {}).items():
            outcome = masked_json({"reason": f"goes on in the plan {plan.id}"})
            settled = [Settled(number, ItemState.SKIPPED, outcome) for number in numbers]
            await self._tables.plans.settle(earlier, settled)
            await self._tables.plans.change(earlier, PlanState.APPLIED, only_from=frozenset({PlanState.APPLYING}))

    async def _waiting(self, plan: KeptPlan) -> Sequence[KeptItem]:
        stream = self._tables.plans.items(plan.id, frozenset({ItemState.WAITING}))
        return [each async for some in stream for each in some]

    async def _planned(
        self,
        changes: Sequence[RecordChange],
        left: Sequence[KeptItem],
        last: KeptPlan | None,
        token: str,
        clock: Clock,
    ) -> KeptPlan:
        watch = Watch(self._engine.limits, await administrators_of(self._ends, MAKER))
        counts, fingerprint = await self._counts(clock), Fingerprint()
        watch.began(counts)
        found: list[NewItem] = []
        told: set[str] = set()
        own: Counter[Harm] = Counter()
        async for pair in self._pairs(changes):
            told.add(pair.key or "")
            item = await self._single.item(pair, self._comparison, clock.now())
            if item.action in _QUIET or item.is_as_it_should_be:
                continue
            counts.add(item)
            own.update(item.harms)
            watch.item(counts, pair, item)
            fingerprint.add(item)
            found.append(new_item(item))
        carried = [each for each in left if item_of_text(each.content).source_key not in told]
        for each in carried:
            kept = item_of_text(each.content)
            fingerprint.add(kept)
            found.append(replace(new_item(kept), attempts=each.attempts, due=each.due))
        more: dict[str, object] = {
            "token": changes[-1].token if changes else token,
            "own_harms": {each.value: count for each, count in own.items()},
        }
        if last is not None and left:
            more["carried"] = {last.id: [each.number for each in left]}
        return await self._engine.keep(self._ends, MAKER, found, fingerprint.text(), counts, more)

    async def _pairs(self, changes: Sequence[RecordChange]) -> AsyncIterator[Pair]:
        for change in changes:
            if change.kind is Kind.GONE or change.record is None:
                for qualifier in self._ends.mapping.link_qualifiers:
                    yield await self._single.of_gone(change.key, qualifier)
            else:
                for mapped in await self._ends.rules.mapped(Page([change.record])):
                    yield await self._single.of_record(mapped)

    async def _counts(self, clock: Clock) -> Counts:
        """
        Return counts that begin with the size of the last plan of everybody, and the harm of the last hour.
        """
        counts = Counts()
        plans = await self._tables.plans.plans(self._ends.mapping.name)
        whole = next((each for each in plans if each.state is PlanState.APPLIED and "token" not in _more(each)), None)
        if whole is not None:
            numbers = numbers_of(whole)
            counts.sources, counts.targets = numbers.records, numbers.objects
        else:
            counts.sources = self._engine.limits.least_records
        for each in plans:
            is_recent = clock.now() - each.made < _HOUR
            if is_recent and each.state in {PlanState.APPLIED, PlanState.APPLYING}:
                own = _more(each).get("own_harms", {})
                counts.harms.update({Harm(name): count for name, count in own.items()})
        return counts


async def _changes(follower: Incremental, token: str) -> Sequence[RecordChange]:
    """
    Return the last state of each record that changed, in order, of as many as a round deals with.
    """
    found: dict[str, RecordChange] = {}
    async with aclosing(follower.changes(token)) as changes:  # type: ignore[type-var]  # sources stream by generators
        async for change in changes:
            found.pop(change.key, None)
            found[change.key] = change
            if len(found) == MOST:
                break
    return list(found.values())


def _more(plan: KeptPlan) -> Mapping[str, Any]:
    return msgspec.json.decode(plan.summary or "{}", type=dict[str, Any])
