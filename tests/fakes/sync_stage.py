"""
Plans applied to a simulated organisation, by processes that die and over connections that break; and who looks at what
came of it.
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from fakes.fault_trial import LONG_AFTER
from fakes.mirrors import Mirrors
from fakes.mortal import Death, Gate, lived
from fakes.ports import MemoryJournal
from fakes.sync_house import Allowing, ListSource, Watched
from fakes.virtual_time import VirtualClock
from webex_connector.expressions.values import Expression
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.facade import Facade
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.policy.safety import Harm, Limits, Threshold
from webex_connector.sandbox import rendering, server
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.changes import Change, GroupChanged, Happened, PersonChanged
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.world import World
from webex_connector.store.decisions import DecisionTable
from webex_connector.store.engine import Database
from webex_connector.store.links import LinkTable
from webex_connector.store.plans import KeptPlan, PlanState, PlanTable
from webex_connector.sync.apply.applying import Applier, Tables
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.definition import CorrelationRule, PropertyMapping, SituationPolicy, SyncMapping
from webex_connector.sync.decide.mapped import Mapped, Target
from webex_connector.sync.decide.mapping import Finder, Mapper
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.ends import Ends
from webex_connector.sync.engine import Engine
from webex_connector.sync.item_text import item_of
from webex_connector.sync.records import Page, Record

T = TypeVar("T")

ANYTHING = Limits({harm: Threshold() for harm in Harm}, shrinking=None, only_owned=False)
"""
No gate: what these tests are about comes after them.
"""


def people_mapping(world: World) -> SyncMapping:
    """
    Return a mapping of people by e-mail: made with a licence, deleted when they leave.
    """
    return SyncMapping(
        "people",
        "hr",
        "webex",
        names.ACCOUNT,
        (
            PropertyMapping("emails", "mail"),
            PropertyMapping("displayName", "cn"),
            PropertyMapping("firstName", "first"),
            PropertyMapping("lastName", "last"),
            PropertyMapping("title", "title"),
            PropertyMapping("managerId", "boss", reference=True),
            PropertyMapping("licenses", constant=(rendering.license_id(world, CALL_ON_WEBEX),), on_create_only=True),
        ),
        (CorrelationRule(("emails",)),),
        policies=(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE),),
    )


def groups_mapping(_world: World) -> SyncMapping:
    """
    Return a mapping of groups by name; Webex lets two of them have the same.
    """
    return SyncMapping(
        "groups",
        "hr",
        "webex",
        names.GROUP,
        (PropertyMapping("displayName", "cn"), PropertyMapping("description", "title")),
        (CorrelationRule(("displayName",)),),
        policies=(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE),),
    )


def record(key: str, name: str, **more: str) -> Record:
    """
    Return a record of somebody, or something, new.
    """
    given = {"mail": f"{name.lower()}@acme.example", "cn": f"{name} New", "first": name, "last": "New", **more}
    return Record(key, {each: (value,) for each, value in given.items()})


class MappedRules:
    """
    The rules of a mapping without expressions.
    """

    reads: frozenset[str] = frozenset()

    def __init__(self, mapping: SyncMapping, info: ObjectClassInfo) -> None:
        self._mapper, self._finder = Mapper(mapping, info), Finder(mapping)

    async def mapped(self, page: Page) -> Sequence[Mapped]:
        """
        Return each record as the target should have it.
        """
        return [self._mapper.mapped(each, "default", {}) for each in page.records]

    async def completed(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """
        Return the pairs as they are.
        """
        return pairs

    async def targets(self, objects: Sequence[ConnectorObject]) -> Sequence[Target]:
        """
        Return each object with what it correlates by.
        """
        return [
            Target(
                each.uid,
                each.name,
                each.attributes,
                self._finder.matches(each.uid, each.name, each.attributes),
            )
            for each in objects
        ]

    async def hold(self, _condition: Expression, pairs: Sequence[Pair]) -> Sequence[bool]:
        """
        Say that every condition holds.
        """
        return [True for _ in pairs]


@dataclass
class Effects:
    """
    What happened to an organisation, counted: who was made and how often, and who was given which licence.
    """

    made: Counter[str] = field(default_factory=Counter)
    licensed: Counter[tuple[str, str]] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)

    def watch(self, change: Change) -> None:
        """
        Count a change.
        """
        match change:
            case PersonChanged(before=before, after=after):
                who = after or before
                assert who is not None
                self.made[who.email] += before is None
                self.gone[who.email] += after is None
                given = set(() if after is None else after.licenses) - set(() if before is None else before.licenses)
                self.licensed.update((who.email, each) for each in given)
            case GroupChanged(group=group, happened=happened):
                self.made[group.display_name] += happened is Happened.CREATED
                self.gone[group.display_name] += happened is Happened.DELETED
            case _:
                pass

    def clear(self) -> None:
        """
        Count from zero.
        """
        self.made.clear()
        self.licensed.clear()
        self.gone.clear()

    def twice(self) -> list[object]:
        """
        Return what happened more than once.
        """
        counted = (*self.made.items(), *self.licensed.items(), *self.gone.items())
        return [what for what, times in counted if times > 1]


class Stage:
    """
    An organisation, and what the store remembers of plans for it. Made by `staged`.
    """

    def __init__(
        self,
        gate: Gate,
        address: str,
        database: Database,
        folder: Path,
        clock: VirtualClock,
        *,
        road: str,
        mirror: bool,
        settings: Mapping[str, Any],
    ) -> None:
        self.gate, self.clock, self.effects = gate, clock, Effects()
        self._address, self._mirror, self._database = address, mirror, database
        self._settings = {"road": road, **settings}
        self.world.watchers.append(self.effects.watch)
        self.mapping = people_mapping(self.world)
        self.source = ListSource()
        self.tables = Tables(PlanTable(database, clock), LinkTable(database, clock), DecisionTable(database, clock))
        self.engine = Engine(self.tables, folder, clock, ANYTHING, inline=True)
        self.permits = Allowing()

    @property
    def world(self) -> World:
        """
        The organisation as it is.
        """
        return self.gate.sandbox.world

    async def links(self) -> dict[str, str]:
        """
        Return every living link.
        """
        links = self.tables.links.all(self.mapping.name)
        return {each.source_key: each.target_uid async for some in links for each in some}

    async def plan(self, undoing: KeptPlan | None = None) -> KeptPlan:
        """
        Make a plan in a process of its own, or the one that takes another back, and approve it.
        """

        async def work(facade: Facade) -> KeptPlan:
            if self._mirror:
                await self._mirrors.fill()
            info = facade.schema.object_class(self.mapping.object_class)
            ends = Ends(self.mapping, self.source, facade, MappedRules(self.mapping, info))
            plan = self.engine.plan(ends, "anna") if undoing is None else self.engine.undo(undoing.id, ends, "anna")
            made = await plan
            await self.engine.approve(made.id, made.fingerprint or "", "anna")
            return made

        made = await self._lived(work)
        assert made is not None
        return made

    async def ask(self, work: Callable[[Facade], Awaitable[T]]) -> T:
        """
        Do something else with the system, in a process of its own.
        """
        found = await self._lived(work)
        assert found is not None
        return found

    async def items(self, plan: KeptPlan) -> list[PlanItem]:
        """
        Return what a plan would do.
        """
        kept = [item_of(each.content) async for some in self.tables.plans.items(plan.id) for each in some]
        return [each for each in kept if each.acts]

    async def apply(
        self, plan: KeptPlan, death: Death | None = None, watched: Watched | None = None
    ) -> PlanState | None:
        """
        Apply a plan, or go on with one, in a process of its own; None when it died.
        """

        async def work(facade: Facade) -> PlanState:
            applier = Applier(self.mapping, facade, self.tables, self.permits, self.clock)
            return await applier.apply(plan.id, plan.fingerprint or "", watched or Watched())

        return await self._lived(work, death)

    async def go_on(self, plan: KeptPlan) -> None:
        """
        Go on with a plan as long as something stops it; at last nothing is on its way any more.
        """
        state: PlanState | None = None
        while state is not PlanState.APPLIED:
            try:
                state = await self.apply(plan)
            except ConnectorError:
                await self.clock.sleep(LONG_AFTER)
        await self.clock.sleep(LONG_AFTER)

    async def _lived(self, work: Callable[[Facade], Awaitable[T]], death: Death | None = None) -> T | None:
        self._mirrors = Mirrors(self._database, self.clock)
        more = {"wrapped": self._mirrors, **self._settings} if self._mirror else self._settings
        return await lived(self.gate, self._address, self.clock, MemoryJournal(), work, death, **more)


@asynccontextmanager
async def staged(
    database: Database,
    folder: Path,
    clock: VirtualClock,
    *,
    road: str = "people",
    mirror: bool = False,
    people: int = 6,
    **settings: Any,
) -> AsyncIterator[Stage]:
    """
    Have an organisation while the block runs; `settings` are those of the connector.
    """
    gate = Gate(Sandbox(people=people, clock=clock))
    async with server.serving(gate) as address:
        yield Stage(gate, address, database, folder, clock, road=road, mirror=mirror, settings=settings)
