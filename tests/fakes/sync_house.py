"""
A sync engine with both ends in memory: records are a list, the target is a dictionary.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fakes.memory_connector import MemoryConnector
from fakes.ports import MemoryJournal, OpenGuard
from fakes.virtual_time import VirtualClock
from webex_connector.expressions.values import UNKNOWN, Expression, Shape
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.facade import Facade
from webex_connector.icf.objects import ConnectorObject
from webex_connector.policy.safety import Limits
from webex_connector.store.decisions import DecisionTable
from webex_connector.store.engine import Database
from webex_connector.store.links import LinkTable
from webex_connector.store.plans import KeptPlan, PlanState, PlanTable
from webex_connector.sync.apply.applying import Applier, Tables
from webex_connector.sync.apply.ports import Step
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.definition import CorrelationRule, PropertyMapping, SituationPolicy, SyncMapping
from webex_connector.sync.decide.mapped import Mapped, Target
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.ends import Ends
from webex_connector.sync.engine import Engine
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.item_text import item_of
from webex_connector.sync.records import Page, Record, folded

PROPERTIES = (
    PropertyMapping("emails", "mail"),
    PropertyMapping("displayName", "cn"),
    PropertyMapping("title", "title"),
    PropertyMapping("managerId", "boss", reference=True),
    PropertyMapping("licenses", constant=("L1",), on_create_only=True),
)


def people(*policies: SituationPolicy, allow_empty_source: bool = False) -> SyncMapping:
    """
    Return a mapping of people by e-mail.
    """
    return SyncMapping(
        "people",
        "hr",
        "memory",
        names.ACCOUNT,
        PROPERTIES,
        (CorrelationRule(("emails",)),),
        policies=policies,
        allow_empty_source=allow_empty_source,
    )


def record(key: str, name: str, **more: str) -> Record:
    """
    Return a record whose address is made of its name.
    """
    given = {"mail": f"{name.lower()}@example.com", "cn": name, **more}
    return Record(key, {each: (value,) for each, value in given.items()})


class PlainRules:
    """
    What `PROPERTIES` say, as plain Python; a record with the status `left` does not qualify.
    """

    reads: frozenset[str] = frozenset()

    def __init__(self, *licenses: str) -> None:
        self._licenses = licenses

    async def mapped(self, page: Page) -> Sequence[Mapped]:
        """
        Return each record as the target should have it.
        """
        return [_mapped(each, self._licenses) for each in page.records]

    async def completed(self, pairs: Sequence[Pair]) -> Sequence[Pair]:
        """
        Return the pairs as they are.
        """
        return pairs

    async def targets(self, objects: Sequence[ConnectorObject]) -> Sequence[Target]:
        """
        Return each object with what it correlates by.
        """
        return [Target(each.uid, each.name, each.attributes, _matches(each.attributes)) for each in objects]

    async def hold(self, condition: Expression, pairs: Sequence[Pair]) -> Sequence[bool]:
        """
        Say that a condition holds whose text is `True`.
        """
        return [condition.text == "True" for _ in pairs]


def _mapped(record: Record, licenses: tuple[str, ...]) -> Mapped:
    attributes: dict[str, tuple[object, ...]] = {
        "emails": record.values("mail"),
        "displayName": record.values("cn"),
        "title": record.values("title"),
    }
    boss = record.values("boss")
    if not boss:
        attributes["managerId"] = ()
    return Mapped(
        record.key,
        attributes,  # type: ignore[arg-type]  # texts are values
        {"licenses": licenses} if licenses else {},
        {"managerId": boss} if boss else {},
        _matches(attributes),  # type: ignore[arg-type]  # as above
        record.values("status") != ("left",),
    )


def _matches(attributes: Attributes) -> tuple[tuple[int, str], ...]:
    return tuple((0, folded(str(each))) for each in attributes.get("emails", ()))


@dataclass
class ListSource:
    """
    Records that are a list.
    """

    records: list[Record] = field(default_factory=list)
    breaks: bool = False
    name: str = "hr"
    shape: Shape = UNKNOWN

    async def read(self) -> AsyncIterator[Page]:
        """
        Read them, three at a time. Raises SourceFailed in the end if it breaks.
        """
        for start in range(0, len(self.records), 3):
            yield Page(self.records[start : start + 3])
        if self.breaks:
            raise SourceFailed("hr", "the connection was cut")

    async def aclose(self) -> None:
        """
        Do nothing.
        """


@dataclass
class Watched:
    """
    Progress that remembers, and cancels after so many steps.
    """

    steps: list[Step] = field(default_factory=list)
    cancel_after: int | None = None

    async def step(self, step: Step) -> None:
        """
        Remember a step.
        """
        self.steps.append(step)

    def is_cancelled(self) -> bool:
        """
        Whether it has seen enough.
        """
        return self.cancel_after is not None and len(self.steps) >= self.cancel_after


class Allowing:
    """
    Permits that remember what was asked for.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    async def allow(self, client: str, destructive: int) -> None:
        """
        Remember it.
        """
        self.asked.append((client, destructive))


class SyncHouse:
    """
    An engine with its two ends. `target` may be replaced by one with faults.
    """

    def __init__(self, database: Database, folder: Path, clock: VirtualClock, *, bulk: bool = True) -> None:
        self.clock = clock
        self.connector = MemoryConnector(bulk=bulk)
        self.journal, self.guard, self.permits = MemoryJournal(), OpenGuard(), Allowing()
        self.facade = self.facade_of()
        self.source = ListSource()
        self.tables = Tables(PlanTable(database, clock), LinkTable(database, clock), DecisionTable(database, clock))
        self._folder = folder
        self.mapping = people()
        self.limit(Limits(shrinking=None))

    def facade_of(self) -> Facade:
        """
        Return a new facade of the target, with the handlers as they are now.
        """
        return Facade(
            "memory",
            self.connector,
            journal=self.journal,
            guard=self.guard,
            clock=self.clock,
            cookie_key=b"key",
        )

    def limit(self, limits: Limits) -> None:
        """
        Set what stands in a plan's way.
        """
        self.limits = limits
        self.engine = Engine(self.tables, self._folder, self.clock, limits, inline=True)

    @property
    def people(self) -> dict[str, dict[str, object]]:
        """
        Everybody who is there, by uid.
        """
        return self.connector.world[names.ACCOUNT]

    async def plan(self) -> KeptPlan:
        """
        Make a plan.
        """
        ends = Ends(self.mapping, self.source, self.facade, PlainRules("L1"))
        return await self.engine.plan(ends, "anna")

    async def items(self, plan: KeptPlan) -> list[PlanItem]:
        """
        Return a plan's items.
        """
        return [item_of(each.content) async for some in self.tables.plans.items(plan.id) for each in some]

    async def apply(self, plan: KeptPlan, progress: Watched | None = None, **allowed: int) -> PlanState:
        """
        Approve a plan that was not approved yet, and apply it.
        """
        fingerprint = plan.fingerprint or ""
        if plan.state in {PlanState.MADE, PlanState.STOPPED}:
            await self.engine.approve(plan.id, fingerprint, "anna", allowed)
        applier = Applier(self.mapping, self.facade, self.tables, self.permits, self.clock)
        return await applier.apply(plan.id, fingerprint, progress or Watched())

    async def synchronize(self) -> KeptPlan:
        """
        Plan and apply at once.
        """
        plan = await self.plan()
        assert await self.apply(plan) is PlanState.APPLIED
        return plan

    async def links(self) -> dict[str, str]:
        """
        Return every living link.
        """
        return {each.source_key: each.target_uid async for some in self.tables.links.all("people") for each in some}
