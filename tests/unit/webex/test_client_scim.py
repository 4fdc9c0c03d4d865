"""
SCIM users, groups and bulk requests of the simulated organisation, through the client.
"""

from typing import Any

import pytest

from fakes.visit import BULK, NOW, Visit
from webex_connector.sandbox import faults
from webex_connector.sandbox.faults import Fault
from webex_connector.sandbox.quirks import Quirks
from webex_connector.webex import scim_wire
from webex_connector.webex.client import Scim
from webex_connector.webex.errors import AnswerLost, Conflict, NotFound, Refused, Throttled, WebexError
from webex_connector.webex.ids import uuid_of
from webex_connector.webex.resources.scim_bulk import Kind, create, delete, patch
from webex_connector.webex.scim_wire import (
    CORE_GROUP,
    CORE_USER,
    ENTERPRISE_USER,
    Search,
    SortBy,
    comparison,
    having,
    within,
)


def scim(visit: Visit) -> Scim:
    """
    The organisation by SCIM.
    """
    return visit.client.scim(visit.sandbox.world.organization.uuid)


def newcomer(name: str) -> dict[str, Any]:
    """
    The body of a new user.
    """
    address = f"{name}@acme.example"
    emails = [{"value": address, "type": "work", "primary": True}]
    return {"schemas": [CORE_USER], "userName": address, "userType": "user", "displayName": name, "emails": emails}


async def found(visit: Visit, search: Search) -> list[dict[str, Any]]:
    """
    All users that a search finds.
    """
    return [user async for page in scim(visit).users.search(search, BULK) for user in page.items]


@pytest.mark.parametrize("cap", [500, 30])
async def test_a_search_is_everybody_once(visit: Visit, cap: int) -> None:
    """
    However few Webex gives at a time; each page tells how many there are.
    """
    visit.sandbox.quirks = Quirks(scim_page_cap=cap)
    pages = [page async for page in scim(visit).users.search(Search(attributes=("userName",), count=200), BULK)]
    assert {250} == {page.total for page in pages}
    assert sorted(visit.everybody()) == sorted(user["userName"] for page in pages for user in page.items)
    assert -(-250 // min(cap, 200)) == visit.sandbox.trace.count


async def test_a_user_lives_and_ends(visit: Visit) -> None:
    """
    Created, found, patched, replaced, deleted; the organisation shows each step.
    """
    users, world = scim(visit).users, visit.sandbox.world
    made = (await users.create(newcomer("ana"), NOW))["id"]
    with pytest.raises(Conflict):
        await users.create(newcomer("ana"), NOW)
    assert [made] == [
        user["id"] for user in await found(visit, Search(comparison("userName", "eq", "ana@acme.example")))
    ]
    operations = [
        scim_wire.replace("active", value=False),
        scim_wire.replace(within(ENTERPRISE_USER, "department"), "Treasury"),
        scim_wire.add("phoneNumbers", [{"value": "+49 30 1", "type": "work"}, {"value": "+49 30 2", "type": "fax"}]),
        scim_wire.remove(having("phoneNumbers", {"type": "fax"})),
    ]
    await users.patch(made, operations, NOW)
    user = await users.get(made, NOW)
    assert (False, "Treasury") == (user["active"], user[ENTERPRISE_USER]["department"])
    assert ["+49 30 1"] == [number["value"] for number in user["phoneNumbers"]]
    await users.replace(made, newcomer("ana") | {"displayName": "Ana L."}, NOW)
    person = world.person(made)
    assert person is not None
    assert ("Ana L.", "") == (person.display_name, person.department or "")
    await users.delete(made, NOW)
    assert world.person(made) is None
    with pytest.raises(NotFound):
        await users.get(made, NOW)


async def test_a_user_is_a_person(visit: Visit) -> None:
    """
    The owner of the token is the same on both roads, by the UUID within the id.
    """
    me = await visit.client.people.me(NOW)
    assert uuid_of(me["id"]) == (await scim(visit).users.me(NOW))["id"]


async def test_who_changed_last_comes_first(visit: Visit) -> None:
    """
    One page tells what changed lately.
    """
    _, somebody = list(visit.sandbox.world.people())[100]
    await visit.clock.sleep(60)
    await scim(visit).users.patch(somebody.uuid, [scim_wire.replace("title", "Head")], NOW)
    search = Search(sort_by=SortBy.LAST_MODIFIED, descending=True, count=1)
    page = await anext(scim(visit).users.search(search, NOW))
    assert ([somebody.uuid], 250) == ([user["id"] for user in page.items], page.total)


async def test_an_unknown_filter_is_refused_with_its_code(visit: Visit) -> None:
    """
    Told as such, with a tracking id.
    """
    with pytest.raises(Refused) as caught:
        await found(visit, Search("active eq true"))
    assert "invalidFilter" in caught.value.codes
    assert caught.value.tracking_id


async def test_a_group_with_eleven_hundred_members(visit: Visit) -> None:
    """
    Filled, read back and emptied in portions of 500.
    """
    visit.sandbox.seed(1100, 3)
    groups, world = scim(visit).groups, visit.sandbox.world
    people = [person.uuid for _, person in world.people()]
    group = (await groups.create({"schemas": [CORE_GROUP], "displayName": "Everybody"}, NOW))["id"]
    before = visit.sandbox.trace.count
    await groups.change_members(group, people, [], BULK)
    assert set(people) == set(world.groups[group].members)
    read = [member["value"] async for page in groups.members(group, BULK) for member in page.items]
    assert sorted(people) == sorted(read)
    await groups.change_members(group, [], people[1:], BULK)
    assert [people[0]] == list(world.groups[group].members)
    assert 9 == visit.sandbox.trace.count - before
    shown = await groups.get(group, NOW, include_members=True)
    assert [people[0]] == [member["value"] for member in shown["members"]]
    assert "members" not in await groups.get(group, NOW)
    search = Search(comparison("displayName", "eq", "Everybody"))
    assert [group] == [each["id"] async for page in groups.search(search, NOW) for each in page.items]
    await groups.delete(group, NOW)
    assert group not in world.groups


async def test_a_bulk_request_has_one_outcome_for_each_operation(visit: Visit) -> None:
    """
    One bad operation spoils no other, and a later one may name what an earlier one created.
    """
    world = visit.sandbox.world
    _, somebody = list(world.people())[100]
    team = {"schemas": [CORE_GROUP], "displayName": "New", "members": [{"value": "bulkId:ben", "type": "user"}]}
    operations = [
        create(Kind.USER, "ben", newcomer("ben")),
        create(Kind.GROUP, "new", team),
        create(Kind.USER, "bad", {"userName": "no-type@acme.example"}),
        patch(Kind.USER, somebody.uuid, [scim_wire.replace("title", "Head")]),
        patch(Kind.USER, "00000000-0000-4000-8000-000000000000", [scim_wire.replace("title", "Head")]),
        delete(Kind.USER, somebody.uuid),
    ]
    outcomes = await scim(visit).bulk.run(operations, BULK)
    assert [None, None, Refused, None, NotFound, None] == [each.error and type(each.error) for each in outcomes]
    assert [201, 201, 400, 200, 404, 204] == [each.status for each in outcomes]
    assert outcomes[2].error is not None
    assert outcomes[2].error.tracking_id
    ben = world.person_at("ben@acme.example")
    assert ben is not None
    assert ben.uuid == outcomes[0].id
    assert [ben.uuid] == list(world.groups[str(outcomes[1].id)].members)
    assert world.person(somebody.uuid) is None
    assert 1 == visit.sandbox.trace.count


async def test_after_the_last_error_allowed_the_rest_is_open(visit: Visit) -> None:
    """
    Webex stops there: the last creation is not in place, and its outcome says that nobody knows.
    """
    bad = create(Kind.USER, "bad", {"userName": "x@acme.example"})
    operations = [create(Kind.USER, "a", newcomer("a")), bad, create(Kind.USER, "b", newcomer("b"))]
    outcomes = await scim(visit).bulk.run(operations, BULK, fail_on_errors=1)
    assert [None, Refused, AnswerLost] == [each.error and type(each.error) for each in outcomes]
    assert visit.sandbox.world.person_at("a@acme.example") is not None
    assert visit.sandbox.world.person_at("b@acme.example") is None


async def test_an_operation_that_was_turned_away_says_so(visit: Visit) -> None:
    """
    It had no effect, and the caller may send it again; the other one is in place.
    """
    visit.sandbox.faults.add(Fault(faults.Throttle(retry_after=2), to="PATCH /Users/{id}"))
    (_, one), (_, other) = list(visit.sandbox.world.people())[100:102]
    operations = [patch(Kind.USER, person.uuid, [scim_wire.replace("title", "Head")]) for person in (one, other)]
    first, second = await scim(visit).bulk.run(operations, BULK)
    assert isinstance(first.error, Throttled)
    assert not first.error.may_have_happened
    assert second.error is None
    people = [visit.sandbox.world.person(person.uuid) for person in (one, other)]
    assert [False, True] == [person is not None and person.title == "Head" for person in people]
    visit.sandbox.faults.verify()


@pytest.mark.parametrize(("effect", "applied"), [(faults.LoseAnswer(), 50), (faults.Reset(), 0), (faults.Fail(503), 0)])
async def test_a_bulk_request_of_unknown_fate_is_sent_once(visit: Visit, effect: faults.Effect, applied: int) -> None:
    """
    Fifty people may be there or not; looking is left to the caller.
    """
    before = visit.sandbox.world.people_count
    visit.sandbox.faults.add(Fault(effect, to="POST /Bulk"))
    operations = [create(Kind.USER, f"n{number}", newcomer(f"n{number}")) for number in range(50)]
    with pytest.raises(WebexError) as caught:
        await scim(visit).bulk.run(operations, BULK)
    assert caught.value.may_have_happened
    assert 1 == visit.sandbox.trace.count
    assert applied == visit.sandbox.world.people_count - before
    visit.sandbox.faults.verify()
