"""
One mapping, from its source to a plan in the store.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from webex_connector.base.clock import Clock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.store.plans import ItemState, KeptPlan, NewItem, PlanState
from webex_connector.sync.apply.applying import DOOR, Tables
from webex_connector.sync.apply.ports import TargetSystem
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.inverse import inverse
from webex_connector.sync.decide.mapped import Link
from webex_connector.sync.decide.plan import Fingerprint, PlanItem
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.item_text import item_of, item_text, text_of
from webex_connector.sync.planning import Counts, Planner, Rules, Sides
from webex_connector.sync.sources.source import Source
from webex_connector.sync.staging import Place

_RANKS = {Action.DISABLE: 1_000_000, Action.DELETE: 2_000_000}
"""
What takes something away comes after everything that gives.
"""

_UNTOLD = frozenset({Action.IGNORE, Action.NOREPORT})


@dataclass(frozen=True, slots=True)
class Ends:
    """
    A mapping with its two ends.
    """

    mapping: SyncMapping
    source: Source
    target: TargetSystem
    rules: Rules


class Engine:
    """
    Makes plans and keeps them.
    """

    def __init__(self, tables: Tables, folder: Path, clock: Clock, *, inline: bool = False) -> None:
        self._tables, self._folder, self._clock, self._inline = tables, folder, clock, inline

    async def plan(self, ends: Ends, maker: str) -> KeptPlan:
        """
        Compare both ends of a mapping and keep what would be done. Nothing is written to the target.

        Raises SourceFailed, or what the target or the store raised, when either could not be read to its end; then
        there is no plan.
        """
        return await self._made(ends, maker, lambda id_: self._kept(id_, ends, maker))

    async def _made(self, ends: Ends, maker: str, work: Callable[[str], Awaitable[tuple[str, Counts]]]) -> KeptPlan:
        id_, plans = secrets.token_hex(6), self._tables.plans
        await plans.begin(id_, ends.mapping.name, maker)
        began = self._clock.monotonic()
        try:
            fingerprint, counts = await work(id_)
        except BaseException:
            await plans.remove(id_)
            raise
        summary = text_of(_summary(ends.mapping, counts, self._clock.monotonic() - began))
        making = frozenset({PlanState.MAKING})
        await plans.change(id_, PlanState.MADE, only_from=making, fingerprint=fingerprint, summary=summary)
        made = await plans.plan(id_)
        if made is None:
            raise RunRefused(f"The plan {id_} was removed while it was made")
        return made

    async def approve(self, plan: str, fingerprint: str, approval: str) -> None:
        """
        Say yes to a plan. Raises RunRefused when it is not the plan that was looked at, or cannot be approved any more.
        """
        found = await self._tables.plans.plan(plan)
        if found is None or found.fingerprint != fingerprint:
            raise RunRefused(f"There is no plan {plan} with the fingerprint {fingerprint}; look at it again")
        made = frozenset({PlanState.MADE, PlanState.STOPPED})
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
        planner = Planner(ends.mapping, ends.target.schema.object_class(ends.mapping.object_class), ends.rules)
        sides = Sides(ends.source.read(), _objects(ends, planner, maker), self._links(ends.mapping))
        place = Place(self._folder / f"staging-{id_}.db", inline=self._inline)
        fingerprint, number = Fingerprint(), 1
        async for items in planner.items(sides, place):
            told = [item for item in items if item.action not in _UNTOLD or item.problem is not None]
            for item in told:
                fingerprint.add(item)
            await self._tables.plans.add(id_, number, [_new(item) for item in told])
            number += len(told)
        return fingerprint.text(), planner.counts

    async def _undone(self, plan: str, id_: str, ends: Ends, maker: str) -> tuple[str, Counts]:
        info = ends.target.schema.object_class(ends.mapping.object_class)
        comparison = Comparison(info, (each.target for each in ends.mapping.properties))
        options = OperationOptions(
            attributes_to_get=tuple(sorted(comparison.attributes)), actor=Actor(maker, DOOR), lane=Lane.BULK
        )
        fingerprint, counts, number = Fingerprint(), Counts(), 1
        async for kept in self._tables.plans.items(plan, frozenset({ItemState.DONE, ItemState.PARTIAL})):
            back: list[PlanItem] = []
            for each in kept:
                outcome = msgspec.json.decode(each.outcome or "{}", type=dict[str, Any])
                item = item_of(each.content)
                current = await _current(ends, outcome.get("uid") or item.target_uid, options)
                back += inverse(each.number, item, outcome, current, comparison)
            for one in back:
                fingerprint.add(one)
                counts.add(one)
            await self._tables.plans.add(id_, number, [_new(one) for one in back])
            number += len(back)
        return fingerprint.text(), counts

    async def _links(self, mapping: SyncMapping) -> AsyncIterator[Sequence[Link]]:
        async for some in self._tables.links.all(mapping.link_type):
            yield [Link(each.source_key, each.target_uid, each.qualifier) for each in some]


async def _objects(ends: Ends, planner: Planner, maker: str) -> AsyncIterator[Sequence[ConnectorObject]]:
    wanted = planner.comparison.attributes | planner.correlating | ends.rules.reads | {names.ENABLE}
    info = ends.target.schema.object_class(ends.mapping.object_class)
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
    return found.attributes


def _new(item: PlanItem) -> NewItem:
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


def _summary(mapping: SyncMapping, counts: Counts, seconds: float) -> dict[str, object]:
    return {
        "system": mapping.system,
        "object_class": mapping.object_class,
        "sources": counts.sources,
        "targets": counts.targets,
        "unchanged": counts.unchanged,
        "situations": {
            each.value: count for each, count in sorted(counts.situations.items(), key=lambda x: x[0].value)
        },
        "actions": {each.value: count for each, count in sorted(counts.actions.items(), key=lambda x: x[0].value)},
        "harms": {each.value: count for each, count in sorted(counts.harms.items(), key=lambda x: x[0].value)},
        "problems": counts.problems,
        "seconds": round(seconds, 3),
    }
