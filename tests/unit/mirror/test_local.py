"""
Attributes that the target cannot hold: written after it, joined to it, found by it, forgotten with it.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from fakes.beside import beside, empty_database
from fakes.hub import running_hub
from fakes.memory_connector import MemoryConnector, Pushdown, Traits
from fakes.memory_subjects import facade_of
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import added, removed, replaced
from webex_connector.icf.errors import AlreadyExists, ConnectionBroken, ConnectionFailed, UnknownUid
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import And, Compare, Filter, Not, Operator, Or, Present, equals
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions, TotalPolicy
from webex_connector.mirror.local import FEW
from webex_connector.store import tables
from webex_connector.store.engine import Database
from webex_connector.store.local_attributes import LocalValues, Shelf

OPTIONS = OperationOptions()
DRY = replace(OPTIONS, dry_run=True)
SHELF = Shelf("webex", names.GROUP)
GROUP = names.GROUP


@pytest.fixture
def database() -> Iterator[Database]:
    """
    An empty database.
    """
    with empty_database() as found:
        yield found


@pytest.fixture(params=[Pushdown.NOTHING, Pushdown.IDENTIFIERS], ids=lambda each: each.name)
def target(request: pytest.FixtureRequest) -> MemoryConnector:
    """
    A target that evaluates filters, or does not.
    """
    return MemoryConnector(Traits(request.param, batch_size=10, totals=True))


@pytest.fixture
def facade(target: MemoryConnector, database: Database) -> Facade:
    """
    The target with local attributes.
    """
    return facade_of(beside(target, database))


async def _make(facade: Facade, name: str, external: str | None = None) -> str:
    attributes = {"displayName": (name,)} | ({} if external is None else {"group_external_id": (external,)})
    result = await facade.create(GROUP, attributes, OPTIONS)
    assert result.uid is not None
    return result.uid


async def _found(facade: Facade, node: Filter, options: OperationOptions = OPTIONS) -> list[str]:
    return [each.name or "" async for batch in facade.search(GROUP, node, options) for each in batch]


async def _external(facade: Facade, uid: str) -> tuple[object, ...]:
    return (await facade.get(GROUP, uid, OPTIONS)).values("group_external_id")


async def test_the_target_never_sees_a_local_attribute(facade: Facade, target: MemoryConnector) -> None:
    """
    Made and changed, the object of the target has its own attributes alone; the caller sees both as one.
    """
    uid = await _make(facade, "Sales", "E1")
    result = await facade.update(
        GROUP, uid, [replaced("displayName", "Sales 2"), replaced("group_external_id", "E2")], OPTIONS
    )

    assert {"displayName": "Sales 2"} == target.world[GROUP][uid]
    assert result.before is not None
    assert result.after is not None
    assert (("E1",), ("E2",)) == (
        result.before.values("group_external_id"),
        result.after.values("group_external_id"),
    )
    assert ("E2",) == await _external(facade, uid)


async def test_a_change_of_local_attributes_alone_writes_nothing_there(
    facade: Facade,
    target: MemoryConnector,
) -> None:
    """
    The object is read, so that nothing is kept of one that is not there; the same values again are no change.
    """
    uid = await _make(facade, "Sales")
    again = [await facade.update(GROUP, uid, [replaced("group_external_id", "E")], OPTIONS) for _ in range(2)]

    assert [True, False] == [each.changed for each in again]
    assert 0 == target.traffic.calls["update"]
    with pytest.raises(UnknownUid):
        await facade.update(GROUP, "G-none", [replaced("group_external_id", "E")], OPTIONS)
    assert [] == await _found(facade, And((equals("group_external_id", "E"), equals("displayName", "none"))))


async def test_values_are_replaced_added_removed_and_cleared(facade: Facade) -> None:
    """
    Each kind of change means what it means for any attribute.
    """
    uid = await _make(facade, "Sales", "E")
    seen = []
    for delta in (
        added("group_external_id", "F"),
        removed("group_external_id", "other"),
        removed("group_external_id", "F"),
        replaced("group_external_id", "H"),
        replaced("group_external_id"),
    ):
        await facade.update(GROUP, uid, [delta], OPTIONS)
        seen.append(await _external(facade, uid))

    assert [("F",), ("F",), (), ("H",), ()] == seen


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (equals("group_external_id", "E1"), ["A"]),
        (equals("group_external_id", "e1"), []),
        (equals("group_management_type", "AUTOMATIC"), ["B"]),
        (Or((equals("group_external_id", "E1"), equals("group_external_id", "E2"))), ["A", "B"]),
        (Or((equals("group_external_id", "E1"), equals("displayName", "C"))), ["A", "C"]),
        (And((equals("group_external_id", "E1"), equals("displayName", "A"))), ["A"]),
        (And((equals("group_external_id", "E1"), equals("displayName", "B"))), []),
        (Not(equals("group_external_id", "E1")), ["B", "C"]),
        (Present("group_external_id"), ["A", "B"]),
        (Not(Present("group_external_id")), ["C"]),
        (Compare("group_external_id", Operator.STARTS_WITH, "E"), ["A", "B"]),
        (And((Not(equals("group_external_id", "E1")), Present("group_external_id"))), ["B"]),
        (equals("displayName", "C"), ["C"]),
    ],
)
async def test_filters_find_what_matches(facade: Facade, node: Filter, expected: list[str]) -> None:
    """
    Whether the table or the target can answer a condition, the answer is the same.
    """
    await _make(facade, "A", "E1")
    uid = await _make(facade, "B", "E2")
    await facade.update(GROUP, uid, [replaced("group_management_type", "automatic")], OPTIONS)
    await _make(facade, "C")

    assert expected == sorted(await _found(facade, node))


async def test_the_table_spares_the_target_a_walk(facade: Facade, target: MemoryConnector) -> None:
    """
    Where nothing has the value the target is not asked at all; where one has, it is asked for that one.
    """
    for number in range(30):
        await _make(facade, f"G{number}", f"E{number}")
    before = target.traffic.calls["batch"]

    assert [] == await _found(facade, equals("group_external_id", "none"))
    assert before == target.traffic.calls["batch"]
    assert ["G7"] == await _found(facade, equals("group_external_id", "E7"))
    walked = 3 if target.traits.pushdown is Pushdown.NOTHING else 1
    assert before + walked >= target.traffic.calls["batch"]


async def test_many_with_one_value_are_all_found_in_pages(facade: Facade) -> None:
    """
    Beyond a few the target is searched; pages go on where they stopped, and the total is of what matches.
    """
    for number in range(FEW + 5):
        await _make(facade, f"G{number:02}", "same" if number % 5 else None)
    for number in range(FEW + 5):
        await _make(facade, f"H{number:02}", "same")
    expected = {f"G{number:02}" for number in range(FEW + 5) if number % 5} | {f"H{n:02}" for n in range(FEW + 5)}
    found: list[str] = []
    options = replace(OPTIONS, page_size=7, total_policy=TotalPolicy.EXACT)
    while True:
        search = facade.search(GROUP, equals("group_external_id", "same"), options)
        found += [each.name or "" async for batch in search for each in batch]
        assert len(expected) == search.result.total
        if search.result.cookie is None:
            break
        options = replace(options, cookie=search.result.cookie)

    assert len(found) == len(set(found))
    assert expected == set(found)


async def test_what_is_deleted_leaves_nothing(facade: Facade, database: Database) -> None:
    """
    The last state has the local values; a later object does not inherit them.
    """
    uid = await _make(facade, "Sales", "E")

    result = await facade.delete(GROUP, uid, OPTIONS)

    assert result.after is not None
    assert ("E",) == result.after.values("group_external_id")
    assert {} == await LocalValues(database).of(SHELF, [uid])


@pytest.mark.parametrize("touch", ["get", "update", "delete", "search"])
async def test_what_is_gone_in_the_target_is_swept(
    facade: Facade,
    target: MemoryConnector,
    database: Database,
    touch: str,
) -> None:
    """
    Whoever comes across an object that somebody deleted there takes its row with them.
    """
    uid = await _make(facade, "Sales", "E")
    del target.world[GROUP][uid]

    if touch == "search":
        assert [] == await _found(facade, equals("group_external_id", "E"))
    else:
        touches: Mapping[str, Callable[[], Awaitable[object]]] = {
            "get": lambda: facade.get(GROUP, uid, OPTIONS),
            "update": lambda: facade.update(GROUP, uid, [replaced("displayName", "x")], OPTIONS),
            "delete": lambda: facade.delete(GROUP, uid, OPTIONS),
        }
        with pytest.raises(UnknownUid):
            await touches[touch]()

    assert {} == await LocalValues(database).of(SHELF, [uid])


async def test_a_failed_search_sweeps_nothing(facade: Facade, target: MemoryConnector, database: Database) -> None:
    """
    An upstream failure is an error, never an empty list, and proves nobody gone.
    """
    uid = await _make(facade, "Sales", "E")
    target.traits.failing_batch = 1

    with pytest.raises(ConnectionBroken):
        await _found(facade, equals("group_external_id", "E"))
    assert [uid] == list(await LocalValues(database).of(SHELF, [uid]))


async def test_a_refused_write_keeps_nothing(facade: Facade, database: Database) -> None:
    """
    The target comes first: what it refuses has no row.
    """
    await _make(facade, "Sales", "E1")
    with pytest.raises(AlreadyExists):
        await _make(facade, "Sales", "E2")

    assert [] == await LocalValues(database).having(SHELF, "group_external_id", ["E2"], 9)


async def test_a_dry_run_keeps_nothing(facade: Facade, database: Database) -> None:
    """
    It tells what it would have kept.
    """
    uid = await _make(facade, "Sales", "E1")
    made = await facade.create(GROUP, {"displayName": ("New",), "group_external_id": ("E2",)}, DRY)
    changed = await facade.update(GROUP, uid, [replaced("group_external_id", "E2")], DRY)
    await facade.delete(GROUP, uid, DRY)

    line = "keep group_external_id beside __GROUP__"
    assert (("create __GROUP__", line), (line,)) == (made.withheld, changed.withheld)
    assert {uid: {"group_external_id": ("E1",)}} == await LocalValues(database).of(SHELF, [uid])


async def test_a_table_that_fails_makes_a_write_partial(
    facade: Facade,
    target: MemoryConnector,
    database: Database,
) -> None:
    """
    The target was written, and the caller hears so, with the part that was not applied and why.
    """
    await database.write(tables.LOCAL_VALUES.drop)

    result = await facade.create(GROUP, {"displayName": ("Sales",), "group_external_id": ("E",)}, OPTIONS)

    assert result.uid in target.world[GROUP]
    (missed,) = result.not_applied
    assert ("group_external_id", ("E",)) == (missed.attribute, missed.values)
    assert "could not be kept" in missed.reason


async def test_a_table_that_fails_is_no_absence(facade: Facade, target: MemoryConnector, database: Database) -> None:
    """
    A read that wants local values fails without them; one that does not want them goes on, and so does a write.
    """
    uid = await _make(facade, "Sales", "E")
    await database.write(tables.LOCAL_VALUES.drop)

    with pytest.raises(ConnectionFailed):
        await facade.get(GROUP, uid, OPTIONS)
    with pytest.raises(ConnectionFailed):
        await _found(facade, equals("group_external_id", "E"))
    bare = replace(OPTIONS, attributes_to_get=("displayName",))
    assert "Sales" == (await facade.get(GROUP, uid, bare)).name
    assert () == (await facade.update(GROUP, uid, [replaced("displayName", "S")], OPTIONS)).not_applied
    await facade.delete(GROUP, uid, OPTIONS)
    assert {} == target.world[GROUP]


async def test_many_changes_at_once_have_their_local_part(database: Database) -> None:
    """
    In bulk too: what concerns the target goes there together, what does not is kept here, each outcome in its place.
    """
    target = MemoryConnector(bulk=True)
    facade = facade_of(beside(target, database))
    a, b, c = [await _make(facade, name, name.lower()) for name in "ABC"]
    del target.world[GROUP][c]

    outcomes = await facade.apply_many(
        GROUP,
        [
            ChangeRequest(Change.UPDATE, a, deltas=(replaced("group_external_id", "a2"),)),
            ChangeRequest(Change.CREATE, attributes={"displayName": ("D",), "group_external_id": ("d",)}),
            ChangeRequest(Change.DELETE, b),
            ChangeRequest(Change.UPDATE, c, deltas=(replaced("displayName", "C2"),)),
            ChangeRequest(Change.UPDATE, "none", deltas=(replaced("group_external_id", "x"),)),
        ],
        OPTIONS,
    )

    assert [Fate.DONE] * 3 + [Fate.REFUSED] * 2 == [each.fate for each in outcomes]
    assert 1 == target.traffic.calls["bulk"]
    made = outcomes[1].result
    assert made is not None
    assert made.uid is not None
    kept = await LocalValues(database).of(SHELF, [a, made.uid, b, c, "none"])
    assert {a: {"group_external_id": ("a2",)}, made.uid: {"group_external_id": ("d",)}} == kept


async def test_systems_and_classes_are_apart(target: MemoryConnector, database: Database) -> None:
    """
    The same uid elsewhere is another object.
    """
    facade = facade_of(beside(target, database))
    uid = await _make(facade, "Sales", "E")
    values = LocalValues(database)

    for shelf in (Shelf("other", GROUP), Shelf("webex", names.ACCOUNT)):
        assert {} == await values.of(shelf, [uid])
        assert [] == await values.having(shelf, "group_external_id", ["E"], 9)


def test_other_classes_and_abilities_are_as_before(target: MemoryConnector, database: Database) -> None:
    """
    What has no local attributes is handed through; the schema marks what is local.
    """
    front = beside(target, database)
    facade = facade_of(front)

    assert target.handlers["ROLES"] is front.handlers["ROLES"]
    assert list(target.handlers) == list(front.handlers)
    local = {fact.name for fact in facade.schema.object_class(GROUP).attributes if fact.local}
    assert {"group_management_type", "group_external_id"} == local


async def test_changes_are_told_with_the_attributes_asked_for(clock: VirtualClock, database: Database) -> None:
    """
    Who follows changes may name local attributes beside the target's, and gets those named and no other.
    """
    asked = replace(OPTIONS, attributes_to_get=("displayName", "group_external_id"))
    async with running_hub(clock, people=6, wrapped=lambda each: beside(each, database)) as hub:
        attributes = {"displayName": ("Told",), "description": ("Not asked for",), "group_external_id": ("E-1",)}
        uid = (await hub.facade.create(GROUP, attributes, OPTIONS)).uid
        told = {each.uid: each.object async for each in hub.facade.sync(GROUP, None, asked)}
        alone = replace(OPTIONS, attributes_to_get=("displayName",))
        without = {each.uid: each.object async for each in hub.facade.sync(GROUP, None, alone)}

    found, other = told[uid or ""], without[uid or ""]
    assert found is not None
    assert other is not None
    assert {"displayName": ("Told",), "group_external_id": ("E-1",)} == found.attributes
    assert {"displayName": ("Told",)} == other.attributes
