"""
Planning: what comes out of two sides and their links.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from webex_connector.expressions.values import Expression
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.policy.safety import Harm, Limits
from webex_connector.store.decisions import Choice, Decision
from webex_connector.sync.decide.counting import Counts, Watch
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.definition import CorrelationRule, PropertyMapping, SituationPolicy, SyncMapping
from webex_connector.sync.decide.mapped import Link, Mapped, Target
from webex_connector.sync.decide.plan import AttributeChange, PlanItem
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.errors import SourceFailed, SourceRefused
from webex_connector.sync.pairing import DEEPEST
from webex_connector.sync.planning import Planner, Sides
from webex_connector.sync.records import Page, Record, folded
from webex_connector.sync.staging import Place

INFO = ObjectClassInfo(
    names.ACCOUNT,
    "People.",
    (
        AttributeInfo("emails", "", many=True),
        AttributeInfo("displayName", ""),
        AttributeInfo("managerId", "", case_sensitive=True, refers_to=names.ACCOUNT),
        AttributeInfo(names.ENABLE, "", AttributeType.BOOLEAN),
    ),
    "emails",
)
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
ONLY_STAFF = Expression("target.displayName != 'Staff'", "sync.toml:9")


def mapping(*policies: SituationPolicy, allow_empty_source: bool = False) -> SyncMapping:
    """
    Return a mapping by e-mail, then by name.
    """
    properties = (
        PropertyMapping("emails", "mail"),
        PropertyMapping("displayName", "cn"),
        PropertyMapping("managerId", "boss", reference=True),
    )
    rules = (CorrelationRule(("emails",)), CorrelationRule(("displayName",)))
    return SyncMapping(
        "people",
        "hr",
        "webex",
        names.ACCOUNT,
        properties,
        rules,
        policies=policies,
        allow_empty_source=allow_empty_source,
    )


class Plain:
    """
    Rules as plain Python; records with the status `left` do not qualify, objects called Robot do not count.
    """

    reads = frozenset({"displayName"})

    async def mapped(self, page: Page) -> Sequence[Mapped]:
        """
        Return each record as the target should have it.
        """
        return [_mapped(record) for record in page.records]

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
            Target(each.uid, each.name, each.attributes, _matches(each.attributes), each.name != "Robot")
            for each in objects
        ]

    async def hold(self, condition: Expression, pairs: Sequence[Pair]) -> Sequence[bool]:
        """
        Say which objects are not called Staff.
        """
        assert condition == ONLY_STAFF
        return [pair.target is not None and pair.target.attributes["displayName"] != ("Staff",) for pair in pairs]


def _mapped(record: Record) -> Mapped:
    attributes = {"emails": record.values("mail"), "displayName": record.values("cn")}
    boss = record.values("boss")
    references = {"managerId": boss} if boss else {}
    if not boss:
        attributes["managerId"] = ()
    qualifies = record.values("status") != ("left",)
    problem = "no name" if record.values("cn") == ("?",) else None
    return Mapped(record.key, attributes, {}, references, _matches(attributes), qualifies, problem=problem)


def _matches(attributes: Attributes) -> tuple[tuple[int, str], ...]:
    mails = tuple((0, folded(str(each))) for each in attributes.get("emails", ()))
    return (*mails, *((1, folded(str(each))) for each in attributes.get("displayName", ())))


def record(key: str, mail: str, name: str, **more: str) -> Record:
    """
    Return a record.
    """
    return Record(key, {"mail": (mail,), "cn": (name,), **{each: (value,) for each, value in more.items()}})


def account(uid: str, mail: str, name: str, *, enabled: bool = True) -> ConnectorObject:
    """
    Return an object of the target.
    """
    attributes: Attributes = {"emails": (mail,), "displayName": (name,), names.ENABLE: (enabled,)}
    return ConnectorObject(names.ACCOUNT, uid, name, attributes)


@dataclass
class World:
    """
    Both sides and their links.
    """

    records: Sequence[Record] = ()
    objects: Sequence[ConnectorObject] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    broken: str = ""
    decided: Mapping[str, str] = field(default_factory=dict)
    """
    To which object a record belongs, or `create`, or `ignore`.
    """

    async def source(self) -> AsyncIterator[Page]:
        """
        Read the records, in pages of two.
        """
        for start in range(0, len(self.records), 2):
            yield Page(self.records[start : start + 2])
        if self.broken == "source":
            raise SourceFailed("hr", "the connection was cut")

    async def target(self) -> AsyncIterator[Sequence[ConnectorObject]]:
        """
        Read the objects, in pages of two.
        """
        for start in range(0, len(self.objects), 2):
            yield self.objects[start : start + 2]
        if self.broken == "target":
            raise ConnectionFailed("the connection was cut")

    async def known(self) -> AsyncIterator[Sequence[Link]]:
        """
        Read the links.
        """
        yield [Link(key, uid) for key, uid in self.links.items()]

    async def decisions(self) -> AsyncIterator[Sequence[Decision]]:
        """
        Read the decisions.
        """
        for key, what in self.decided.items():
            choice = Choice(what) if what in {"create", "ignore"} else Choice.BELONGS
            yield [Decision(key, choice, what if choice is Choice.BELONGS else None, "default", "anna")]


@dataclass
class Planned:
    """
    What came of it.
    """

    items: list[PlanItem]
    counts: Counts

    def of(self, key: str) -> PlanItem:
        """
        Return the one item of a record or an object.
        """
        (found,) = [each for each in self.items if key in {each.source_key, each.target_uid}]
        return found


async def planned(
    world: World, folder: Path, definition: SyncMapping | None = None, info: ObjectClassInfo = INFO
) -> Planned:
    """
    Plan, and see that the staging file is gone.
    """
    place = Place(folder / "staging.db", inline=True)
    planner = Planner(definition or mapping(), info, Plain(), Watch(Limits(), None), NOW)
    sides = Sides(world.source(), world.target(), world.known(), world.decisions())
    try:
        items = [item async for some in planner.items(sides, place) for item in some]
    finally:
        assert not place.file.exists()
    return Planned(items, planner.counts)


async def test_a_record_as_it_should_be_has_no_item(tmp_path: Path) -> None:
    """
    Linked and equal, it is counted and nothing more.
    """
    world = World([record("1", "A@x", "Ana")], [account("u1", "a@x", "Ana")], {"1": "u1"})
    found = await planned(world, tmp_path)
    assert (found.items, found.counts.unchanged, found.counts.situations) == ([], 1, {Situation.CONFIRMED: 1})


async def test_each_situation_has_its_item(tmp_path: Path) -> None:
    """
    One of each kind, side by side, with the safe profile's action.
    """
    world = World(
        [
            record("absent", "new@x", "New"),
            record("ambiguous", "none@x", "Double"),
            record("changed", "c@x", "Carla"),
            record("found", "F@X", "Fritz"),
            record("gone", "g@x", "Gone"),
            record("ignored", "i@x", "Ida", status="left"),
            record("taken", "t@x", "Tom"),
            record("unqualified", "q@x", "Quentin", status="left"),
            record("wrong", "w@x", "?"),
        ],
        [
            account("u-changed", "c@x", "Carl"),
            account("u-double-1", "d1@x", "Double"),
            account("u-double-2", "d2@x", "Double"),
            account("u-found", "f@x", "Fritz"),
            account("u-left", "l@x", "Left"),
            account("u-nobody", "n@x", "Nobody"),
            account("u-robot", "r@x", "Robot"),
            account("u-taken", "t@x", "Tom"),
            account("u-unqualified", "q@x", "Quentin"),
        ],
        {
            "changed": "u-changed",
            "gone": "u-gone",
            "left": "u-left",
            "other": "u-taken",
            "unqualified": "u-unqualified",
            "void": "u-void",
        },
    )
    found = await planned(world, tmp_path)
    assert {(each.source_key or each.target_uid): (each.situation, each.action) for each in found.items} == {
        "absent": (Situation.ABSENT, Action.CREATE),
        "ambiguous": (Situation.AMBIGUOUS, Action.EXCEPTION),
        "changed": (Situation.CONFIRMED, Action.UPDATE),
        "found": (Situation.FOUND, Action.UPDATE),
        "gone": (Situation.MISSING, Action.EXCEPTION),
        "ignored": (Situation.SOURCE_IGNORED, Action.IGNORE),
        "taken": (Situation.FOUND_ALREADY_LINKED, Action.EXCEPTION),
        "unqualified": (Situation.UNQUALIFIED, Action.REPORT),
        "wrong": (Situation.ABSENT, Action.EXCEPTION),
        "left": (Situation.SOURCE_MISSING, Action.REPORT),
        "u-nobody": (Situation.UNASSIGNED, Action.REPORT),
        "u-robot": (Situation.TARGET_IGNORED, Action.IGNORE),
        "void": (Situation.LINK_ONLY, Action.UNLINK),
    }
    assert found.of("ambiguous").candidates == ("u-double-1", "u-double-2")
    assert found.of("changed").changes == (AttributeChange("displayName", ("Carl",), ("Carla",)),)
    assert found.of("found").changes == ()
    assert found.of("wrong").problem == "no name"
    assert found.counts.harms == {Harm.CREATE: 1}


async def test_two_records_for_one_object_are_nobodys(tmp_path: Path) -> None:
    """
    Neither is linked, whichever comes first: which is right cannot be known.
    """
    world = World([record("1", "a@x", "Ana"), record("2", "A@X", "Anna")], [account("u1", "a@x", "Ana")])
    found = await planned(world, tmp_path)
    assert [(each.situation, each.action) for each in found.items] == [
        (Situation.FOUND_ALREADY_LINKED, Action.EXCEPTION),
        (Situation.FOUND_ALREADY_LINKED, Action.EXCEPTION),
    ]


async def test_two_records_for_one_new_object_make_none(tmp_path: Path) -> None:
    """
    Two new records with one address would make one person twice; neither is made.
    """
    world = World([record("1", "a@x", "Ana"), record("2", "A@X", "Anna"), record("3", "b@x", "Bo")])
    found = await planned(world, tmp_path)
    assert [(each.source_key, each.action) for each in found.items] == [
        ("1", Action.EXCEPTION),
        ("2", Action.EXCEPTION),
        ("3", Action.CREATE),
    ]


async def test_a_leaver_takes_nothing_from_the_one_who_stays(tmp_path: Path) -> None:
    """
    A record that does not qualify, with the address of one that does, does not stand in its way.
    """
    world = World([record("1", "a@x", "Ana", status="left"), record("2", "a@x", "Ana")], [account("u1", "a@x", "Ana")])
    found = await planned(world, tmp_path)
    assert (found.of("2").situation, found.of("2").action) == (Situation.FOUND, Action.UPDATE)


async def test_managers_come_before_their_reports(tmp_path: Path) -> None:
    """
    Who is made for somebody else is made first; who is there already has a uid to refer to.
    """
    world = World(
        [
            record("1", "a@x", "Ana", boss="2"),
            record("2", "b@x", "Bo", boss="3"),
            record("3", "c@x", "Cem", boss="4"),
            record("4", "d@x", "Dora"),
        ],
        [account("u4", "d@x", "Dora")],
    )
    found = await planned(world, tmp_path)
    assert [each.source_key for each in found.items] == ["3", "4", "2", "1"]
    bosses = {
        item.source_key: each.new for item in found.items for each in item.changes if each.attribute == "managerId"
    }
    assert bosses == {"3": ("u4",), "2": ({"source": "3"},), "1": ({"source": "2"},)}


async def test_managers_in_a_circle_are_told(tmp_path: Path) -> None:
    """
    Who waits for somebody who waits back is made last, and the reason says so.
    """
    world = World(
        [record("1", "a@x", "Ana", boss="2"), record("2", "b@x", "Bo", boss="1"), record("3", "c@x", "Cem")],
    )
    found = await planned(world, tmp_path)
    assert [(each.source_key, each.rank) for each in found.items] == [("3", 0), ("1", DEEPEST), ("2", DEEPEST)]
    assert "refer back" in found.of("1").reason


async def test_a_manager_who_is_nobody_is_told_and_not_tried_again(tmp_path: Path) -> None:
    """
    Whoever is there already keeps the manager, and everything else is changed; a plan that would do nothing else tells
    it. A manager who is made by the same plan is somebody.
    """
    world = World(
        [
            record("1", "a@x", "Ana", boss="9"),
            record("2", "b@x", "Bo Li", boss="9"),
            record("3", "c@x", "Cem", boss="4"),
            record("4", "d@x", "Dora"),
        ],
        [account("u1", "a@x", "Ana"), account("u2", "b@x", "Bo"), account("u3", "c@x", "Cem")],
        {"1": "u1", "2": "u2", "3": "u3"},
    )
    found = await planned(world, tmp_path)
    assert (found.of("1").action, found.of("1").changes) == (Action.REPORT, ())
    assert "managerId is left alone: nobody is 9" in found.of("1").reason
    assert [each.attribute for each in found.of("2").changes] == ["displayName"]
    assert [each.new for each in found.of("3").changes] == [({"source": "4"},)]


async def test_nobody_is_made_without_what_everybody_must_have(tmp_path: Path) -> None:
    """
    A record without a value for a required attribute is told before anything is asked of Webex.
    """
    info = replace(INFO, attributes=(AttributeInfo("emails", "", many=True, required=True), *INFO.attributes[1:]))
    found = await planned(World([Record("1", {"cn": ("Ana",)})]), tmp_path, info=info)
    assert (found.of("1").action, found.of("1").changes) == (Action.EXCEPTION, ())
    assert found.of("1").problem == "has no emails, without which nothing can be made"


async def test_the_first_policy_that_holds_decides(tmp_path: Path) -> None:
    """
    Leavers are disabled where the condition holds, and deleted where the next policy says so.
    """
    definition = mapping(
        SituationPolicy(Situation.SOURCE_MISSING, Action.DISABLE, ONLY_STAFF),
        SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE),
        allow_empty_source=True,
    )
    world = World([], [account("u1", "a@x", "Ana"), account("u2", "b@x", "Staff")], {"1": "u1", "2": "u2"})
    found = await planned(world, tmp_path, definition)
    assert [(each.target_uid, each.action, each.harms) for each in found.items] == [
        ("u1", Action.DISABLE, frozenset({Harm.DISABLE})),
        ("u2", Action.DELETE, frozenset({Harm.DELETE})),
    ]
    assert found.of("u1").changes == (AttributeChange(names.ENABLE, (True,), (False,)),)


async def test_a_deletion_that_waits_disables_now(tmp_path: Path) -> None:
    """
    Whoever is deleted after 14 days is disabled first, once.
    """
    definition = mapping(
        SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE, after_days=14), allow_empty_source=True
    )
    world = World(
        [],
        [account("u1", "a@x", "Ana"), account("u2", "b@x", "Bo", enabled=False)],
        {"1": "u1", "2": "u2"},
    )
    found = await planned(world, tmp_path, definition)
    assert [(each.action, len(each.changes)) for each in found.items] == [(Action.DISABLE, 1), (Action.DISABLE, 0)]
    assert "to be deleted on 2026-11-16" in found.of("u1").reason


async def test_an_empty_source_is_refused(tmp_path: Path) -> None:
    """
    No records is what a broken export looks like.
    """
    with pytest.raises(SourceRefused, match="allow_empty_source"):
        await planned(World([], [account("u1", "a@x", "Ana")], {"1": "u1"}), tmp_path)


async def test_a_key_that_comes_twice_is_refused(tmp_path: Path) -> None:
    """
    Of two records with one key nobody knows which is the person's.
    """
    with pytest.raises(SourceRefused, match="the key 1 comes 2 times"):
        await planned(World([record("1", "a@x", "Ana"), record("1", "b@x", "Bo")]), tmp_path)


@pytest.mark.parametrize(("side", "error"), [("source", SourceFailed), ("target", ConnectionFailed)])
async def test_a_side_that_breaks_off_makes_no_plan(side: str, error: type[Exception], tmp_path: Path) -> None:
    """
    Nothing is planned from half of the records or half of the objects.
    """
    world = World([record("1", "a@x", "Ana")], [account("u1", "a@x", "Ana")], broken=side)
    with pytest.raises(error, match="cut"):
        await planned(world, tmp_path)


TWINS = (account("u1", "a@x", "Ana"), account("u2", "a@x", "Ana L."))


async def test_a_decision_says_which_of_several_objects_it_is(tmp_path: Path) -> None:
    """
    The record is linked to it and brought up to date; the other object is left without a record.
    """
    world = World([record("1", "a@x", "Ana")], TWINS, decided={"1": "u2"})
    found = await planned(world, tmp_path)
    assert (found.of("1").situation, found.of("1").action, found.of("1").target_uid) == (
        Situation.FOUND,
        Action.UPDATE,
        "u2",
    )
    assert "somebody decided" in found.of("1").reason
    assert found.of("u1").situation is Situation.UNASSIGNED


async def test_a_decision_says_that_a_record_gets_an_object_of_its_own(tmp_path: Path) -> None:
    """
    Although others correspond, it is made.
    """
    world = World([record("1", "a@x", "Ana")], TWINS, decided={"1": "create"})
    found = await planned(world, tmp_path)
    assert (found.of("1").situation, found.of("1").action) == (Situation.ABSENT, Action.CREATE)


async def test_a_record_that_is_set_aside_has_nothing_done_for_it(tmp_path: Path) -> None:
    """
    Whatever the mapping does with records of its situation; its objects are not left over either.
    """
    world = World([record("1", "a@x", "Ana")], TWINS, decided={"1": "ignore"})
    found = await planned(world, tmp_path)
    assert [(each.source_key, each.action) for each in found.items] == [("1", Action.IGNORE)]


async def test_a_decision_between_two_records_for_one_object_takes_it_from_the_other(tmp_path: Path) -> None:
    """
    What was a conflict for both is a match for one, and an object of somebody else's for the other.
    """
    records = [record("1", "a@x", "Ana"), record("2", "a@x", "Ana")]
    undecided = await planned(World(records, [account("u1", "a@x", "Ana")]), tmp_path)
    assert [each.problem is None for each in undecided.items] == [False, False]
    found = await planned(World(records, [account("u1", "a@x", "Ana")], decided={"2": "u1"}), tmp_path)
    assert [(each.source_key, each.situation, each.problem) for each in found.items] == [
        ("1", Situation.FOUND_ALREADY_LINKED, None),
        ("2", Situation.FOUND, None),
    ]


async def test_one_of_two_records_for_the_same_new_object_can_be_set_aside(tmp_path: Path) -> None:
    """
    Then the other one is made.
    """
    records = [record("1", "a@x", "Ana"), record("2", "a@x", "Bo")]
    found = await planned(World(records, decided={"1": "ignore"}), tmp_path)
    assert [(each.source_key, each.action, each.problem) for each in found.items] == [
        ("1", Action.IGNORE, None),
        ("2", Action.CREATE, None),
    ]


async def test_a_decision_ends_with_the_object_and_with_the_link(tmp_path: Path) -> None:
    """
    For an object that is gone it decides nothing; once there is a link, the link counts.
    """
    gone = await planned(World([record("1", "a@x", "Ana")], TWINS, decided={"1": "u9"}), tmp_path)
    assert gone.of("1").situation is Situation.AMBIGUOUS
    linked = await planned(World([record("1", "a@x", "Ana")], TWINS, {"1": "u1"}, decided={"1": "u2"}), tmp_path)
    assert [each.target_uid for each in linked.items] == ["u2"]


async def test_an_object_that_belongs_to_somebody_is_not_given_away_by_a_decision(tmp_path: Path) -> None:
    """
    Its link has to be taken away first.
    """
    world = World([record("1", "b@x", "Bo"), record("2", "a@x", "Ana")], TWINS, {"1": "u1"}, decided={"2": "u1"})
    found = await planned(world, tmp_path)
    assert (found.of("2").situation, found.of("2").action) == (Situation.FOUND_ALREADY_LINKED, Action.EXCEPTION)
