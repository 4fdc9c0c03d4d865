"""
Planning: both sides are read to their ends, compared, and what differs becomes the items of a plan. Nothing is written.
"""

from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from webex_connector.expressions.values import Expression
from webex_connector.icf import names
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.store.decisions import Decision
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.counting import ROLES, Counts, Watch
from webex_connector.sync.decide.deciding import Pair, chosen, item_of, policies_of, referred
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.mapped import Link, Mapped, Target
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.errors import SourceRefused
from webex_connector.sync.leaving import Leaving
from webex_connector.sync.pairing import Pairing
from webex_connector.sync.records import Page
from webex_connector.sync.staging import Place, Staging, staging


class Rules(Protocol):
    """
    A mapping's expressions, ready to be asked.
    """

    @property
    def reads(self) -> frozenset[str]:
        """
        The attributes of the target that the expressions speak of.
        """
        ...

    async def mapped(self, page: Page) -> Sequence[Mapped]:
        """
        Return records as the target should have them, one for each link qualifier.
        """
        ...

    async def completed(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """
        Return pairs so that nobody is taken out by a reference that leads nowhere.
        """
        ...

    async def targets(self, objects: Sequence[ConnectorObject]) -> Sequence[Target]:
        """
        Return objects with what they correlate by, and whether they count.
        """
        ...

    async def hold(self, condition: Expression, pairs: Sequence[Pair]) -> Sequence[bool]:
        """
        Say of each pair whether a policy's condition holds. One that cannot be told does not.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sides:
    """
    What is compared.
    """

    source: AsyncIterable[Page]
    target: AsyncIterable[Sequence[ConnectorObject]]
    links: AsyncIterable[Sequence[Link]]
    decisions: AsyncIterable[Sequence[Decision]]


class Planner:
    """
    Plans one mapping.
    """

    def __init__(
        self,
        mapping: SyncMapping,
        info: ObjectClassInfo,
        rules: Rules,
        watch: Watch,
        now: datetime,
        leaving: Leaving | None = None,
    ) -> None:
        self.mapping, self.rules, self._watch, self._now = mapping, rules, watch, now
        self._leaving = leaving
        self.comparison = Comparison(
            info, (each.target for each in mapping.properties if not each.on_create_only), mapping.companions
        )
        self.counts = Counts()
        watch.began(self.counts)

    @property
    def correlating(self) -> frozenset[str]:
        """
        The attributes of the target by which records find their objects.
        """
        rules = self.mapping.correlation
        return frozenset(name for rule in rules for name in (*rule.attributes, *rule.aliases))

    async def items(self, sides: Sides, place: Place) -> AsyncIterator[Sequence[PlanItem]]:
        """
        Compare both sides in a staging database and stream the items: records first, those that others need before
        them, then objects without a record, then links without either. Records that are as they should be have none.

        Raises SourceFailed or what the target raised when one side could not be read to its end, and SourceRefused
        when the source is empty and may not be, or a key comes twice.
        """
        async with staging(place, self.comparison) as staged:
            await self._load(staged, sides)
            pairing = Pairing(staged, len(self.mapping.correlation))
            unchanged = await pairing.find()
            if self.mapping.only is None:
                self.counts.unchanged = unchanged
                self.counts.situations[Situation.CONFIRMED] += unchanged
            streams = [pairing.of_sources()]
            if self.mapping.target_phase:
                streams += [pairing.of_targets(), pairing.of_links()]
            for stream in streams:
                async for pairs in stream:
                    yield await self._decided(self._concerned(pairs), pairing)

    def _concerned(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        only = self.mapping.only
        if only is None:
            return pairs
        return [pair for pair in pairs if (pair.key if pair.source is None else pair.source.key) in only]

    async def _load(self, staged: Staging, sides: Sides) -> None:
        async for page in sides.source:
            self.counts.sources += len(page.records)
            await staged.add_sources(await self.rules.mapped(page))
        if not self.counts.sources and not self.mapping.allow_empty_source:
            raise SourceRefused(self.mapping.source, "is empty; set allow_empty_source if that can be right")
        async for objects in sides.target:
            self.counts.targets += len(objects)
            for each in objects:
                enabled = each.attributes.get(names.ENABLE) != (False,)
                self._watch.target(self.counts, each.attributes.get(ROLES, ()), enabled=enabled)
            apart = () if self._leaving is None else self._leaving.noticed
            await staged.add_targets(await self.rules.targets(objects), apart)
        async for links in sides.links:
            await staged.add_links(links)
        async for decisions in sides.decisions:
            await staged.add_decisions(decisions)
        await staged.ready()
        if repeated := await staged.repeated():
            where = f": {' and '.join(repeated.places)}" if repeated.places else ""
            raise SourceRefused(self.mapping.source, f"the key {repeated.what} comes {repeated.count} times{where}")

    async def _decided(self, alone: Sequence[Pair], pairing: Pairing) -> list[PlanItem]:
        pairs = await self.rules.completed(alone)
        linked = await pairing.uids(sorted(referred(pairs)))
        holding = await self._holding(pairs)
        leaving = {} if self._leaving is None else await self._leaving.among(pairs)
        found = []
        for pair in pairs:
            holds = holding.get(id(pair), ())
            decided = (Action.IGNORE, None) if pair.set_aside else chosen(self.mapping, pair.situation, holds)
            leaves = None if pair.target is None else leaving.get(pair.target.uid)
            whole = pair if leaves is None else replace(pair, retiring=leaves)
            item = item_of(self.mapping, self.comparison, whole, decided, linked.get(pair.qualifier, {}), self._now)
            if item.is_as_it_should_be:
                self.counts.situations[Situation.CONFIRMED] += 1
                self.counts.unchanged += 1
                continue
            self.counts.add(item)
            self._watch.item(self.counts, pair, item)
            found.append(item)
        return found

    async def _holding(self, pairs: Sequence[Pair]) -> dict[int, list[bool]]:
        found: dict[int, list[bool]] = {}
        for situation in {pair.situation for pair in pairs}:
            concerned = [pair for pair in pairs if pair.situation is situation]
            for policy in policies_of(self.mapping, situation):
                answers = (
                    [True] * len(concerned)
                    if policy.condition is None
                    else await self.rules.hold(policy.condition, concerned)
                )
                for pair, answer in zip(concerned, answers, strict=True):
                    found.setdefault(id(pair), []).append(answer)
        return found
