"""
Plans and links: what is begun, settled and remembered.
"""

from datetime import timedelta

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.store.links import KeptLink, LinkChange, LinkTable
from webex_connector.store.opening import Store
from webex_connector.store.plans import ItemState, NewItem, PlanState, PlanTable, Settled


@pytest.fixture
def plans(store: Store, clock: VirtualClock) -> PlanTable:
    """
    The table of plans.
    """
    return PlanTable(store.database, clock)


@pytest.fixture
def links(store: Store, clock: VirtualClock) -> LinkTable:
    """
    The table of links.
    """
    return LinkTable(store.database, clock)


def item(key: str, rank: int = 0) -> NewItem:
    """
    Return an item about a record.
    """
    return NewItem(rank, "CREATE", "ABSENT", key, None, f'{{"key": "{key}"}}')


async def living(links: LinkTable, *, dead: bool = False) -> list[tuple[str, str]]:
    """
    Return every link as key and uid.
    """
    return [(each.source_key, each.target_uid) async for some in links.all("people", dead=dead) for each in some]


async def test_items_are_taken_rank_by_rank(plans: PlanTable) -> None:
    """
    Nothing of the next rank is begun while one of this rank waits, and nothing is begun twice.
    """
    await plans.begin("p", "people", "anna")
    await plans.add("p", 1, [item("b", 1), item("a"), item("c")])
    taken = [[each.number for each in await plans.take("p", 2)] for _ in range(3)]
    assert (taken, await plans.counts("p")) == ([[2, 3], [1], []], {ItemState.BEGUN: 3})


async def test_an_item_and_its_link_are_settled_together(plans: PlanTable, links: LinkTable) -> None:
    """
    What was made is linked in the same transaction that says it was made.
    """
    await plans.begin("p", "people", "anna")
    await plans.add("p", 1, [item("a")])
    (taken,) = await plans.take("p", 10)
    done = Settled(taken.number, ItemState.DONE, '{"uid": "u1"}', links=(LinkChange("people", "a", "default", "u1"),))
    await plans.settle("p", [done])
    (found,) = [each async for some in plans.items("p") for each in some]
    assert (found.state, found.attempts, found.outcome, found.ended is None) == (
        ItemState.DONE,
        1,
        '{"uid": "u1"}',
        False,
    )
    assert await living(links) == [("a", "u1")]


async def test_an_item_waits_for_its_next_attempt(plans: PlanTable, clock: VirtualClock) -> None:
    """
    Until its time has come it is not taken, and others are.
    """
    await plans.begin("p", "people", "anna")
    await plans.add("p", 1, [item("a"), item("b", 1)])
    (first,) = await plans.take("p", 1)
    due = clock.now() + timedelta(seconds=30)
    await plans.settle("p", [Settled(first.number, ItemState.WAITING, due=due)])
    (other,) = await plans.take("p", 10)
    assert (other.number, await plans.take("p", 10), await plans.next_due("p")) == (2, [], due)
    await clock.sleep(30)
    (again,) = await plans.take("p", 10)
    assert (again.number, again.attempts) == (1, 2)


async def test_what_ended_badly_may_be_tried_again(plans: PlanTable) -> None:
    """
    Dead and refused items wait anew, with the first attempt counted alone; done ones stay done.
    """
    await plans.begin("p", "people", "anna")
    await plans.add("p", 1, [item("a"), item("b"), item("c")])
    await plans.take("p", 3)
    ends = (ItemState.DEAD, ItemState.REFUSED, ItemState.DONE)
    await plans.settle("p", [Settled(number, state) for number, state in enumerate(ends, 1)])
    assert await plans.again("p", [1, 2, 3]) == 2
    # The first attempt still counts: what it was about may be there.
    assert [each.attempts for each in await plans.take("p", 3)] == [2, 2]


async def test_a_plan_changes_from_the_states_named_alone(plans: PlanTable) -> None:
    """
    Who says yes to a plan that is outdated changes nothing.
    """
    await plans.begin("p", "people", "anna")
    made = frozenset({PlanState.MAKING})
    assert await plans.change("p", PlanState.MADE, only_from=made, fingerprint="f", summary="{}")
    assert not await plans.change("p", PlanState.MADE, only_from=made)
    assert await plans.change("p", PlanState.OUTDATED, only_from=frozenset({PlanState.MADE}))
    assert not await plans.change("p", PlanState.APPROVED, only_from=frozenset({PlanState.MADE}))
    found = await plans.plan("p")
    assert found is not None
    assert (found.state, found.fingerprint, found.summary) == (PlanState.OUTDATED, "f", "{}")


async def test_a_plan_of_thousands_comes_in_order(plans: PlanTable) -> None:
    """
    Items come piece by piece, each once, by their numbers; what is removed is gone whole.
    """
    await plans.begin("p", "people", "anna")
    await plans.add("p", 1, [item(f"{number}") for number in range(2500)])
    numbers = [each.number async for some in plans.items("p") for each in some]
    assert numbers == list(range(1, 2501))
    await plans.remove("p")
    assert (await plans.plan("p"), await plans.counts("p")) == (None, {})


async def test_plans_are_found_by_mapping_and_by_person(plans: PlanTable, clock: VirtualClock) -> None:
    """
    The newest comes first.
    """
    for name, mapping in (("p1", "people"), ("p2", "groups"), ("p3", "people")):
        await plans.begin(name, mapping, "anna")
        await plans.add(name, 1, [item("a"), item("b")])
        await clock.sleep(1)
    assert [each.id for each in await plans.plans("people")] == ["p3", "p1"]
    assert [(name, each.number) for name, each in await plans.about("b")] == [("p3", 2), ("p2", 2), ("p1", 2)]


async def test_a_dead_link_is_remembered_for_a_while(links: LinkTable, clock: VirtualClock) -> None:
    """
    It is no living link any more, keeps when it died, and is forgotten when that is long ago.
    """
    await links.change([LinkChange("people", key, "default", f"u{key}") for key in ("a", "b")])
    died = clock.now()
    await links.change([LinkChange("people", "a", "default", None, dies=True)])
    assert await living(links) == [("b", "ub")]
    (dead,) = [each async for some in links.all("people", dead=True) for each in some]
    assert dead == KeptLink("a", "ua", "default", died)
    assert (await links.forget("people", died), await living(links, dead=True)) == (0, [("a", "ua")])
    assert (await links.forget("people", died + timedelta(days=1)), await living(links, dead=True)) == (1, [])


async def test_a_link_is_replaced_and_removed(links: LinkTable) -> None:
    """
    A record has one link for each qualifier, the last one.
    """
    for uid in ("u1", "u2"):
        await links.change([LinkChange("people", "a", "default", uid)])
    await links.change([LinkChange("people", "a", "admin", "u3")])
    assert await living(links) == [("a", "u3"), ("a", "u2")]
    await links.change([LinkChange("people", "a", "default", None)])
    assert await living(links) == [("a", "u3")]


async def test_thousands_of_links_come_in_order(links: LinkTable) -> None:
    """
    Each comes once, by its key.
    """
    await links.change([LinkChange("people", f"{number:05}", "default", "u") for number in range(2100)])
    assert [key for key, _ in await living(links)] == [f"{number:05}" for number in range(2100)]


async def test_links_can_be_read_and_changed_from_the_other_end(links: LinkTable) -> None:
    """
    A mapping in the other direction sees the objects as its records; what it links is linked for both.
    """
    await links.change([LinkChange("people", "1", "default", "u1"), LinkChange("people", "2", "default", "u2")])
    seen = [(each.source_key, each.target_uid) async for some in links.all("people", turned=True) for each in some]
    assert (seen, await links.of_keys("people", ["u2", "2"], turned=True)) == (
        [("u1", "1"), ("u2", "2")],
        {("u2", "default"): "2"},
    )
    await links.change(
        [
            LinkChange("people", "u1", "default", "7", turned=True),
            LinkChange("people", "u2", "default", None, dies=True, turned=True),
            LinkChange("people", "u9", "default", "9", turned=True),
        ]
    )
    assert (await living(links), await living(links, dead=True)) == ([("7", "u1"), ("9", "u9")], [("2", "u2")])


async def test_links_of_several_kinds_do_not_stand_for_one_another(links: LinkTable) -> None:
    """
    One record may have an object of each kind; which one is asked for is said.
    """
    await links.change([LinkChange("people", "1", "default", "u1"), LinkChange("people", "1", "admin", "u2")])
    assert {("1", "default"): "u1", ("1", "admin"): "u2"} == await links.of_keys("people", ["1"])
    assert {("u2", "admin"): "1"} == await links.of_keys("people", ["u2"], turned=True)
