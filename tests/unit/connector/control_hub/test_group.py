"""
Groups: what is in the simulated organisation afterwards, and which requests it took.
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from fakes.hub import OPTIONS, Hub, asked, found, running_hub
from fakes.hub_subjects import group_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, added, removed, replaced
from webex_connector.icf.errors import AlreadyExists, ConnectionBroken, InvalidAttributeValue, UnknownUid
from webex_connector.icf.filters import EVERYTHING, Compare, Filter, Operator, equals
from webex_connector.icf.objects import WriteResult
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Fail, Fault, WrongJson
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import Group
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE

LIST, READ, CREATE, CHANGE, MORE = (
    "GET /groups",
    "GET /groups/{id}",
    "POST /groups",
    "PATCH /groups/{id}",
    "GET /groups/{id}/members",
)
NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")
EMPTY = "Newly founded"


def _named(hub: Hub, name: str) -> Group:
    return next(group for group in hub.sandbox.world.groups.values() if group.display_name == name)


def _everybody(hub: Hub) -> list[dict[str, str]]:
    return [{"id": rendering.person_id(person.uuid)} for _, person in hub.sandbox.world.people()]


async def _update(hub: Hub, *deltas: AttributeDelta, name: str = EMPTY, dry: bool = False) -> WriteResult:
    hub.sandbox.trace.clear()
    options = replace(OPTIONS, dry_run=dry)
    return await hub.facade.update(names.GROUP, group_id(hub, name), deltas, options)


async def test_a_group_is_made_with_its_members(hub: Hub) -> None:
    """
    A look whether the name is taken and one request; the result shows the group as Webex does.
    """
    members = ({"id": person_id(hub, ADMIN)}, {"id": person_id(hub, SAMPLE), "type": "user"})
    attributes: Attributes = {"displayName": ("Chœur",), "description": ("Sings",), "members": members}
    result = await hub.facade.create(names.GROUP, attributes, OPTIONS)

    assert [LIST, CREATE] == asked(hub)
    choir = _named(hub, "Chœur")
    assert ("Sings", 2) == (choir.description, len(choir.members))
    assert result.after is not None
    assert (group_id(hub, "Chœur"), "Chœur", (2,)) == (result.uid, result.after.name, result.after.values("memberSize"))
    assert ["Ada Admin", "John Doe"] == [each["displayName"] for each in result.after.values("members")]  # type: ignore[index, call-overload]  # members are maps


async def test_more_members_than_one_request_takes(clock: VirtualClock) -> None:
    """
    Five hundred come with the group, the others five hundred at a time; then the group is looked at.
    """
    async with running_hub(clock, people=1201) as hub:
        attributes: Attributes = {"displayName": ("Everybody",), "members": tuple(_everybody(hub))}
        result = await hub.facade.create(names.GROUP, attributes, OPTIONS)

        assert [LIST, CREATE, CHANGE, CHANGE, READ] == asked(hub)
        assert 1201 == len(_named(hub, "Everybody").members)
        assert (1201,) == (result.after.values("memberSize") if result.after else None)


@pytest.mark.parametrize("twice", [True, False], ids=["Webex would take it", "Webex would refuse it"])
async def test_a_name_is_taken_once(*, twice: bool, hub: Hub) -> None:
    """
    Whoever makes a group anew, perhaps because nobody saw the end of the first try, learns its uid and gets no second.
    """
    hub.sandbox.quirks = Quirks(duplicate_groups=twice)
    with pytest.raises(AlreadyExists) as raised:
        await hub.facade.create(names.GROUP, {"displayName": ("первая ПОМОЩЬ",)}, OPTIONS)
    assert group_id(hub, "Первая помощь") == raised.value.uid
    assert [LIST] == asked(hub)


async def test_a_name_that_was_taken_in_the_meantime_is_refused_by_webex(hub: Hub) -> None:
    """
    Where Webex refuses a second group of a name, the caller gets its tracking id.
    """
    hub.sandbox.faults.add(Fault(Fail(409), to=CREATE))
    with pytest.raises(AlreadyExists) as raised:
        await hub.facade.create(names.GROUP, {"displayName": ("Chœur",)}, OPTIONS)
    assert raised.value.tracking_id
    assert 0 == hub.sandbox.world.writes


async def test_a_group_that_somebody_else_made_meanwhile_is_not_taken_for_ours(hub: Hub) -> None:
    """
    The service failed, and a group of this name appears that is about something else: ours is made all the same.
    """
    theirs = {
        "id": "theirs",
        "displayName": "Chœur",
        "description": "Plays",
        "created": rendering.moment(hub.sandbox.world.now()),
    }
    listed = msgspec.json.encode({"totalResults": 1, "groups": [theirs]}).decode()
    hub.sandbox.faults.add(Fault(Fail(500), to=CREATE))
    hub.sandbox.faults.add(Fault(WrongJson(listed), to=LIST, attempt=2, times=5))

    result = await hub.facade.create(names.GROUP, {"displayName": ("Chœur",), "description": ("Sings",)}, OPTIONS)

    assert [LIST, CREATE, *[LIST] * 5, CREATE] == asked(hub)
    assert group_id(hub, "Chœur") == result.uid


@pytest.mark.parametrize("member", [NOBODY, "nobody"])
async def test_a_group_of_nobody_is_not_made(member: str, hub: Hub) -> None:
    """
    Webex refuses the whole group, and says whom it does not know.
    """
    with pytest.raises(InvalidAttributeValue) as raised:
        await hub.facade.create(names.GROUP, {"displayName": ("A",), "members": ({"id": member},)}, OPTIONS)
    assert raised.value.tracking_id
    assert 0 == hub.sandbox.world.writes


async def test_a_group_is_read_with_all_of_its_members(clock: VirtualClock) -> None:
    """
    The first five hundred come with it, each five hundred more cost a request.
    """
    async with running_hub(clock, people=1201) as hub:
        _named(hub, EMPTY).members.update(dict.fromkeys(person.uuid for _, person in hub.sandbox.world.people()))
        group = await hub.facade.get(names.GROUP, group_id(hub, EMPTY), OPTIONS)
        assert [READ, MORE, MORE] == asked(hub)
        assert _everybody(hub) == [{"id": each["id"]} for each in group.values("members")]  # type: ignore[index, call-overload]  # members are maps


async def test_groups_are_listed_without_their_members(hub: Hub) -> None:
    """
    One request; members come only when somebody asks for them, and then with the list.
    """
    listed = await found(hub, names.GROUP, EVERYTHING)
    assert [LIST] == asked(hub)
    assert {group.display_name for group in hub.sandbox.world.groups.values()} == {each.name for each in listed}
    assert all("members" not in each.attributes for each in listed)

    hub.sandbox.trace.clear()
    listed = await found(hub, names.GROUP, EVERYTHING, "members")
    assert [LIST] == asked(hub)
    members = sum(len(group.members) for group in hub.sandbox.world.groups.values())
    assert members == sum(len(each.values("members")) for each in listed) > 0


@pytest.mark.parametrize(
    ("node", "query", "expected"),
    [
        (equals("displayName", "managers"), "filter=displayName%20eq", ["Managers"]),
        (equals(names.NAME, "Managers"), "filter=displayName%20eq", ["Managers"]),
        (Compare("displayName", Operator.STARTS_WITH, "Finance app"), "filter=displayName%20sw", ["Finance approvers"]),
        (equals("displayName", "Первая помощь"), "filter=displayName%20eq", ["Первая помощь"]),
        (equals("displayName", 'The "Q" club'), "ascending&count=100&startIndex=1", ['The "Q" club']),
        (equals("description", "Nobody is in it yet"), "ascending&count=100&startIndex=1", [EMPTY]),
        (equals("displayName", "none"), "filter=displayName%20eq", []),
    ],
)
async def test_webex_finds_groups_by_name(node: Filter, query: str, expected: list[str], hub: Hub) -> None:
    """
    The condition travels in the query; what Webex cannot find is found in the whole list.
    """
    assert expected == [each.name for each in await found(hub, names.GROUP, node)]
    sent = hub.sandbox.trace.requests(template="/groups")
    assert 1 == len(sent)
    assert query in sent[0].query


@pytest.mark.parametrize("uid", [rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff"), "nobody", "..", "a/b"])
async def test_a_group_that_is_not_there_is_told(uid: str, hub: Hub) -> None:
    """
    By read, change and delete; an unknown id and a malformed one are the same.
    """
    for work in (
        hub.facade.get(names.GROUP, uid, OPTIONS),
        hub.facade.update(names.GROUP, uid, [replaced("description", "x")], OPTIONS),
        hub.facade.delete(names.GROUP, uid, OPTIONS),
    ):
        with pytest.raises(UnknownUid):
            await work
    assert 0 == hub.sandbox.world.writes


async def test_a_group_is_renamed(hub: Hub) -> None:
    """
    Read and change; members and description stay, and so does the uid.
    """
    uid, members = group_id(hub, "Managers"), dict(_named(hub, "Managers").members)
    result = await _update(hub, replaced(names.NAME, "Leads"), name="Managers")

    assert [READ, CHANGE] == asked(hub)
    leads = _named(hub, "Leads")
    assert ("Heads and team leads", members) == (leads.description, leads.members)
    assert (uid, "Leads") == (result.uid, result.after.name if result.after else None)


async def test_a_description_is_cleared(hub: Hub) -> None:
    """
    No value means none.
    """
    result = await _update(hub, replaced("description"))
    assert "" == _named(hub, EMPTY).description
    assert () == (result.after.values("description") if result.after else None)


@pytest.mark.parametrize("delta", [replaced("displayName", EMPTY), replaced("description", "Nobody is in it yet")])
async def test_what_is_there_already_is_not_written(delta: AttributeDelta, hub: Hub) -> None:
    """
    One read, and the result says that nothing was changed.
    """
    result = await _update(hub, delta)
    assert [READ] == asked(hub)
    assert not result.changed


async def test_only_the_value_named_is_removed(hub: Hub) -> None:
    """
    Removing another description leaves the one that is there; a name cannot be removed.
    """
    await _update(hub, replaced("description", "Sings"))

    await _update(hub, removed("description", "Plays"))
    assert ([READ], "Sings") == (asked(hub), _named(hub, EMPTY).description)
    await _update(hub, removed("description", "Sings"))
    assert ([READ, CHANGE], "") == (asked(hub), _named(hub, EMPTY).description)
    with pytest.raises(InvalidAttributeValue, match="'displayName' cannot be cleared"):
        await _update(hub, removed("displayName", EMPTY))
    assert [READ] == asked(hub)


async def test_members_are_put_in_and_taken_out(hub: Hub) -> None:
    """
    Only those named are sent, in one request; the others stay. Doing it twice does nothing more.
    """
    ada, john = ({"id": person_id(hub, address)} for address in (ADMIN, SAMPLE))
    for _ in range(2):
        result = await _update(hub, added("members", ada, john))
        assert [READ, CHANGE] == asked(hub)
        assert (2,) == (result.after.values("memberSize") if result.after else None)
    for _ in range(2):
        await _update(hub, removed("members", ada))
        assert [hub.sandbox.world.person_at(SAMPLE)] == [
            hub.sandbox.world.person(uuid) for uuid in _named(hub, EMPTY).members
        ]


async def test_members_are_replaced_by_the_difference(clock: VirtualClock) -> None:
    """
    The list is read, and only who joins and who leaves is sent, five hundred in a request.
    """
    async with running_hub(clock, people=1201) as hub:
        everybody = _everybody(hub)
        people = [person.uuid for _, person in hub.sandbox.world.people()]
        _named(hub, EMPTY).members.update(dict.fromkeys(people[:600]))

        await _update(hub, replaced("members", *everybody[300:]))

        # 300 leave, 601 join.
        assert [READ, MORE, CHANGE, CHANGE] == asked(hub)
        assert set(people[300:]) == set(_named(hub, EMPTY).members)


async def test_all_members_are_taken_out(hub: Hub) -> None:
    """
    A replace by nobody empties the group.
    """
    await _update(hub, replaced("members"), name="Managers")
    assert {} == _named(hub, "Managers").members


async def test_unknown_members_are_named_and_the_rest_is_done(hub: Hub) -> None:
    """
    A new name is there; who could not be put in is in the result, with Webex's reason.
    """
    result = await _update(hub, replaced("displayName", "Old"), added("members", {"id": NOBODY}))
    assert ("members", ({"id": NOBODY},)) == (result.not_applied[0].attribute, result.not_applied[0].values)
    assert "Member not found" in result.not_applied[0].reason
    assert {} == _named(hub, "Old").members


async def test_a_change_that_webex_refuses_altogether_is_an_error(hub: Hub) -> None:
    """
    Nobody may take it for a partial success.
    """
    with pytest.raises(InvalidAttributeValue, match="Member not found") as raised:
        await _update(hub, added("members", {"id": NOBODY}))
    assert raised.value.tracking_id
    assert 0 == hub.sandbox.world.writes


async def test_a_change_of_which_only_a_part_is_seen_is_not_claimed(hub: Hub) -> None:
    """
    The service failed three times, and afterwards the group has the new name and the old description.
    """
    half = {"id": group_id(hub, EMPTY), "displayName": "Old", "description": "", "memberSize": 0}
    hub.sandbox.faults.add(Fault(Fail(500), to=CHANGE, times=3))
    hub.sandbox.faults.add(Fault(WrongJson(msgspec.json.encode(half).decode()), to=READ, attempt=2))

    with pytest.raises(ConnectionBroken):
        await _update(hub, replaced("displayName", "Old"), replaced("description", "Sings"))

    assert [READ, CHANGE, CHANGE, CHANGE, READ] == asked(hub)


@pytest.mark.parametrize("delta", [added, removed])
async def test_members_who_are_not_where_they_should_be_are_named(
    delta: Callable[..., AttributeDelta],
    hub: Hub,
) -> None:
    """
    Webex failed three times, so the members are read: who is still in, or still out, was missed; the rest was done.
    """
    here, there = person_id(hub, ADMIN), person_id(hub, SAMPLE)
    inside = _named(hub, EMPTY).members
    inside.clear()
    seen = here if delta is removed else there
    group = {"id": group_id(hub, EMPTY), "memberSize": 1, "members": [{"id": seen}]}
    hub.sandbox.faults.add(Fault(Fail(500), to=CHANGE, times=3))
    hub.sandbox.faults.add(Fault(WrongJson(msgspec.json.encode(group).decode()), to=READ, attempt=2))

    result = await _update(hub, delta("members", {"id": here}, {"id": there}))

    assert [("members", ({"id": here},))] == [(each.attribute, each.values) for each in result.not_applied]
    assert result.changed


async def test_a_member_is_named_by_id(hub: Hub) -> None:
    """
    A member without one is refused before anything is sent.
    """
    with pytest.raises(InvalidAttributeValue, match="'members' needs its part 'id'"):
        await _update(hub, added("members", {"displayName": "Ada"}))
    assert [] == asked(hub)


async def test_a_group_is_deleted_and_its_members_stay(hub: Hub) -> None:
    """
    The result shows what it was; a second delete is told.
    """
    uid, people = group_id(hub, "Managers"), hub.sandbox.world.people_count
    result = await hub.facade.delete(names.GROUP, uid, OPTIONS)

    assert [READ, "DELETE /groups/{id}"] == asked(hub)
    assert uid not in {rendering.group_id(hub.sandbox.world, group) for group in hub.sandbox.world.groups.values()}
    assert people == hub.sandbox.world.people_count
    assert "Managers" == (result.after.name if result.after else None)
    with pytest.raises(UnknownUid):
        await hub.facade.delete(names.GROUP, uid, OPTIONS)


async def test_a_dry_run_shows_the_requests_and_sends_none(hub: Hub) -> None:
    """
    Create, change and delete say in order what they would send.
    """
    dry, uid = replace(OPTIONS, dry_run=True), group_id(hub, EMPTY)
    many = tuple({"id": f"{number}"} for number in range(501))
    made = await hub.facade.create(names.GROUP, {"displayName": ("A",), "members": many}, dry)
    changed = await _update(hub, replaced("displayName", "B"), added("members", *many), dry=True)
    deleted = await hub.facade.delete(names.GROUP, uid, dry)

    assert ("POST /groups", "PATCH /groups/new") == made.withheld
    assert (f"PATCH /groups/{uid}",) * 3 == changed.withheld
    assert (f"DELETE /groups/{uid}",) == deleted.withheld
    assert not made.changed | changed.changed | deleted.changed
    assert 0 == hub.sandbox.world.writes
