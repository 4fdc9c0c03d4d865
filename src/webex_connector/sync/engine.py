"""
One mapping, from its source to a plan in the store.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec

from webex_connector.base.clock import Clock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.masking import masked_json
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.icf.schema import AttributeType
from webex_connector.policy.safety import Limits, stops
from webex_connector.store.plans import ItemState, KeptItem, KeptPlan, NewItem, PlanState
from webex_connector.sync.apply.applying import DOOR, Tables
from webex_connector.sync.apply.requests import Linked, referred, with_uids
from webex_connector.sync.decide.comparing import named, written
from webex_connector.sync.decide.counting import ROLES, Counts, Watch
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.inverse import inverse
from webex_connector.sync.decide.mapped import Link
from webex_connector.sync.decide.plan import Fingerprint, PlanItem
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.ends import Ends, administrators_of
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.item_text import item_of, item_text
from webex_connector.sync.leaving import Leaving, leaving_of
from webex_connector.sync.planning import Planner, Sides
from webex_connector.sync.staging import Place
from webex_connector.sync.summary import Pace, numbers_of, summary_of
from webex_connector.sync.units import UnitCount

USUAL_LIMITS: Final = Limits()
"""
What stands in a plan's way where nobody says otherwise.
"""

_RANKS = {Action.DISABLE: 1_000_000, Action.DELETE: 2_000_000}
"""
What takes something away comes after everything that gives.
"""

_REMEMBERED = timedelta(days=30)
"""
How long a link outlives its object: as long as Webex keeps whoever is inactive.
"""

_UNTOLD = frozenset({Action.IGNORE, Action.NOREPORT})


class Engine:
    """
    Makes plans and keeps them.
    """

    def __init__(
        self, tables: Tables, folder: Path, clock: Clock, limits: Limits = USUAL_LIMITS, *, inline: bool = False
    ) -> None:
        self._tables, self._folder, self._clock = tables, folder, clock
        self.limits, self._inline = limits, inline

    async def plan(self, ends: Ends, maker: str) -> KeptPlan:
        """
        Compare both ends of a mapping and keep what would be done. Nothing is written to the target.

        Raises SourceFailed, or what the target or the store raised, when either could not be read to its end; then
        there is no plan.
        """
        return await self._made(ends, maker, lambda id_: self._kept(id_, ends, maker))

    async def keep(
        self,
        ends: Ends,
        maker: str,
        items: Sequence[NewItem],
        fingerprint: str,
        counts: Counts,
        more: Mapping[str, object],
    ) -> KeptPlan:
        """
        Keep a plan whose items were found one by one, with more in its summary. The same gates stand in its way.
        """

        async def kept(id_: str) -> tuple[str, Counts]:
            await self._tables.plans.add(id_, 1, items)
            return fingerprint, counts

        return await self._made(ends, maker, kept, more)

    async def _made(
        self,
        ends: Ends,
        maker: str,
        work: Callable[[str], Awaitable[tuple[str, Counts]]],
        more: Mapping[str, object] = MappingProxyType({}),
    ) -> KeptPlan:
        _refuse_secrets(ends)
        id_, plans = secrets.token_hex(6), self._tables.plans
        await plans.begin(id_, ends.mapping.name, maker)
        began = self._clock.monotonic()
        try:
            fingerprint, counts = await work(id_)
        except BaseException:
            await plans.remove(id_)
            raise
        numbers = counts.numbers(await self._records_before(ends.mapping.name))
        found = stops(self.limits, numbers)
        seconds = self._clock.monotonic() - began
        info = ends.target.schema.object_class(ends.mapping.object_class)
        pace = Pace(ends.writes_per_second, await plans.per_second(ends.mapping.name))
        whole = summary_of(ends.mapping, info, counts, seconds, pace)
        summary = masked_json({**whole, "numbers": numbers, "stops": found, **more})
        state, making = PlanState.STOPPED if found else PlanState.MADE, frozenset({PlanState.MAKING})
        await plans.change(id_, state, only_from=making, fingerprint=fingerprint, summary=summary)
        made = await plans.plan(id_)
        if made is None:
            raise RunRefused(f"The plan {id_} was removed while it was made")
        return made

    async def approve(
        self, plan: str, fingerprint: str, by: str, allowed: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """
        Say yes to a plan, and to exactly the numbers that are `allowed` where a gate has stopped it.

        Raises RunRefused when it is not the plan that was looked at, a gate still stops it, or it cannot be approved
        any more.
        """
        found = await self._tables.plans.plan(plan)
        if found is None or found.fingerprint != fingerprint:
            raise RunRefused(f"There is no plan {plan} with the fingerprint {fingerprint}; look at it again")
        left = stops(self.limits, numbers_of(found), allowed)
        if left:
            raise RunRefused(
                f"The plan {plan} is stopped: " + "; ".join(f"{each.reason} ({each.remedy})" for each in left)
            )
        made = frozenset({PlanState.MADE, PlanState.STOPPED})
        approval = masked_json({"by": by, "allowed": allowed, "at": self._clock.now().isoformat()})
        if not await self._tables.plans.change(plan, PlanState.APPROVED, only_from=made, approval=approval):
            raise RunRefused(f"The plan {plan} is {found.state.value} and cannot be approved any more")

    async def undo(self, plan: str, ends: Ends, maker: str) -> KeptPlan:
        """
        Make the plan that takes an applied one back, the last item first; it is looked at and approved like any other.

        Raises RunRefused when there is nothing to take back, and what the target or the store raised.
        """
        found = await self._tables.plans.plan(plan)
        if found is None or found.state not in {PlanState.APPLIED, PlanState.APPLYING, PlanState.CANCELLED}:
            raise RunRefused(f"Of the plan {plan} nothing has been applied")
        return await self._made(ends, maker, lambda id_: self._undone(plan, id_, ends, maker))

    async def _kept(self, id_: str, ends: Ends, maker: str) -> tuple[str, Counts]:
        info = ends.target.schema.object_class(ends.mapping.object_class)
        watch = Watch(self.limits, await administrators_of(ends, maker))
        leaving = await leaving_of(ends.policies, ends.retirements, self._clock.now())
        planner = Planner(ends.mapping, info, ends.rules, watch, self._clock.now(), leaving)
        decisions = self._tables.decisions.all(ends.mapping.name)
        sides = Sides(ends.source.read(), _objects(ends, planner, maker, leaving), self._links(ends.mapping), decisions)
        place = Place(self._folder / f"staging-{id_}.db", inline=self._inline)
        fingerprint, number, units = Fingerprint(), 1, UnitCount(ends, maker, self._clock.now())
        async for items in planner.items(sides, place):
            await units.add(items)
            told = [item for item in items if item.action not in _UNTOLD or item.problem is not None]
            for item in told:
                fingerprint.add(item)
            await self._tables.plans.add(id_, number, [new_item(item) for item in told])
            number += len(told)
        planner.counts.short = [str(each) for each in await units.short()]
        return fingerprint.text(), planner.counts

    async def _undone(self, plan: str, id_: str, ends: Ends, maker: str) -> tuple[str, Counts]:
        info = ends.target.schema.object_class(ends.mapping.object_class)
        comparison = written(info, (each.target for each in ends.mapping.properties))
        options = OperationOptions(
            attributes_to_get=tuple(sorted(comparison.attributes)), actor=Actor(maker, DOOR), lane=Lane.BULK
        )
        fingerprint, counts, number = Fingerprint(), Counts(), 1
        applied = await self._tables.plans.plan(plan)
        if applied is not None:
            numbers = numbers_of(applied)
            counts.sources, counts.targets = numbers.records, numbers.objects
        async for kept in self._tables.plans.items(plan, frozenset({ItemState.DONE, ItemState.PARTIAL})):
            back: list[PlanItem] = []
            linked = await self._linked(ends.mapping, kept)
            for each in kept:
                outcome = msgspec.json.decode(each.outcome or "{}", type=dict[str, Any])
                item = with_uids(item_of(each.content), linked)
                current = await _current(ends, outcome.get("uid") or item.target_uid, options)
                back += inverse(each.number, item, outcome, current, comparison)
            for one in back:
                fingerprint.add(one)
                counts.add(one)
            await self._tables.plans.add(id_, number, [new_item(one) for one in back])
            number += len(back)
        return fingerprint.text(), counts

    async def _linked(self, mapping: SyncMapping, kept: Sequence[KeptItem]) -> Linked:
        keys = referred(item_of(each.content) for each in kept)
        return await self._tables.links.of_keys(mapping.link_type, sorted(keys), turned=mapping.links_turned)

    async def _records_before(self, mapping: str) -> int | None:
        for each in await self._tables.plans.plans(mapping):
            if each.state is PlanState.APPLIED:
                records = int(msgspec.json.decode(each.summary or "{}", type=dict[str, Any]).get("sources", 0))
                if records:
                    return records
        return None

    async def _links(self, mapping: SyncMapping) -> AsyncIterator[Sequence[Link]]:
        type_, turned, links = mapping.link_type, mapping.links_turned, self._tables.links
        await links.forget(type_, self._clock.now() - _REMEMBERED)
        async for some in links.all(type_, turned=turned):
            yield [Link(each.source_key, each.target_uid, each.qualifier, each.condemned) for each in some]
        async for some in links.all(type_, dead=True, turned=turned):
            yield [Link(each.source_key, each.target_uid, each.qualifier, dead=each.dead) for each in some]


def _refuse_secrets(ends: Ends) -> None:
    """
    Raise RunRefused when a mapping gives a secret: plans are kept, shown and exported, and none may be in them.
    """
    info = ends.target.schema.object_class(ends.mapping.object_class)
    found = {
        each.target for each in ends.mapping.properties if info.attribute(each.target).type is AttributeType.SECRET
    }
    if found:
        raise RunRefused(
            f"The mapping {ends.mapping.name} gives {', '.join(sorted(found))}, a secret, and a plan holds none; take "
            "it out of the mapping and let people set their own"
        )


async def _objects(
    ends: Ends, planner: Planner, maker: str, leaving: Leaving | None
) -> AsyncIterator[Sequence[ConnectorObject]]:
    wanted = planner.comparison.attributes | planner.correlating | ends.rules.reads | {names.ENABLE, ROLES}
    info = ends.target.schema.object_class(ends.mapping.object_class)
    wanted |= frozenset() if leaving is None else leaving.reads(info)
    readable = tuple(sorted(name for name in wanted if info.has(name)))
    options = OperationOptions(attributes_to_get=readable, actor=Actor(maker, DOOR), lane=Lane.BULK)
    async for objects in ends.target.search(ends.mapping.object_class, EVERYTHING, options):
        yield objects


async def _current(ends: Ends, uid: str | None, options: OperationOptions) -> Attributes | None:
    if uid is None:
        return None
    try:
        found = await ends.target.get(ends.mapping.object_class, uid, options)
    except UnknownUid:
        return None
    return named(found)


def new_item(item: PlanItem) -> NewItem:
    """
    Return an item as it is kept: in its order, and waiting if it does anything.
    """
    state = ItemState.WAITING if item.acts else ItemState.SKIPPED
    if item.problem is not None:
        state = ItemState.REFUSED
    ranked = replace(item, rank=max(item.rank, _RANKS.get(item.action, 0)))
    return NewItem(
        ranked.rank,
        item.action.value,
        item.situation.value,
        item.source_key,
        item.target_uid,
        item_text(ranked),
        state,
    )
