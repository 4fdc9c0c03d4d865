"""
A group at its limit: who did not get in is named, with Webex's reason, and everything else is done.
"""

import json
from collections.abc import AsyncIterator

import pytest

from fakes.hub import OPTIONS, Hub, running_hub
from fakes.hub_people import missed
from fakes.rest_door import rest_door
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, added, replaced
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.sandbox import rendering
from webex_connector.sandbox.quirks import Quirks

MOST = 8
PEOPLE = 20
REASON = "Webex refused the request: PATCH /groups/{group}: 400 A group can have at most 8 members."


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    An organisation whose groups are small.
    """
    async with running_hub(clock, people=PEOPLE, quirks=Quirks(most_members=MOST)) as hub:
        yield hub


def _uids(hub: Hub) -> list[str]:
    return [rendering.person_id(person.uuid) for _, person in hub.sandbox.world.people()]


def _members(uids: list[str]) -> list[dict[str, str]]:
    return [{"id": uid} for uid in uids]


async def _founded(hub: Hub, size: int) -> str:
    attributes: Attributes = {"displayName": ("Small",), "members": tuple(_members(_uids(hub)[:size]))}
    result = await hub.facade.create(names.GROUP, attributes, OPTIONS)
    assert result.uid is not None
    return result.uid


def _inside(hub: Hub) -> list[str]:
    small = next(group for group in hub.sandbox.world.groups.values() if group.display_name == "Small")
    return [rendering.person_id(uuid) for uuid in small.members]


async def test_too_many_at_once_found_no_group(hub: Hub) -> None:
    """
    A group of more members than there is room for is not made.
    """
    with pytest.raises(InvalidAttributeValue) as raised:
        await _founded(hub, MOST + 1)

    assert "Webex refused the request: POST /groups: 400 A group can have at most 8 members." == raised.value.message
    assert 0 == hub.sandbox.world.writes


async def test_who_finds_no_room_is_named_and_the_rest_is_done(hub: Hub) -> None:
    """
    The description changes, three people do not get in, and exactly they are in the result.
    """
    group, uids = await _founded(hub, MOST - 1), _uids(hub)
    deltas = [replaced("description", "Small"), added("members", *_members(uids[7:10]))]

    result = await hub.facade.update(names.GROUP, group, deltas, OPTIONS)

    (note,) = result.not_applied
    assert ("members", tuple(_members(uids[7:10])), REASON.format(group=group)) == (
        note.attribute,
        note.values,
        note.reason,
    )
    assert uids[:7] == _inside(hub)
    assert {"Small"} == {each.description for each in hub.sandbox.world.groups.values() if each.display_name == "Small"}


async def test_when_nobody_gets_in_it_is_an_error(hub: Hub) -> None:
    """
    A change of which nothing could be done is refused, and the group is as it was.
    """
    group, uids = await _founded(hub, MOST), _uids(hub)

    with pytest.raises(InvalidAttributeValue) as raised:
        await hub.facade.update(names.GROUP, group, [added("members", {"id": uids[10]})], OPTIONS)

    assert REASON.format(group=group) == raised.value.message
    assert uids[:MOST] == _inside(hub)


async def test_a_person_is_made_without_the_full_group(hub: Hub) -> None:
    """
    The person is there, and the group is in the result as not applied.
    """
    group = await _founded(hub, MOST)

    attributes = {"emails": ("new@acme.example",), "displayName": ("New",), "groups": (group,)}
    result = await hub.facade.create(names.ACCOUNT, attributes, OPTIONS)

    assert {"groups": (group,)} == missed(result)
    assert [REASON.format(group=group)] == [each.reason for each in result.not_applied]
    assert hub.sandbox.world.person_at("new@acme.example") is not None
    assert MOST == len(_inside(hub))


async def test_of_many_people_those_with_another_change_are_done(hub: Hub) -> None:
    """
    Who only was to join is refused; whose title changes too is done, without the group.
    """
    group, uids = await _founded(hub, MOST), _uids(hub)
    joining = added("groups", group)
    changes = [
        ChangeRequest(Change.UPDATE, uids[10], deltas=(joining,)),
        ChangeRequest(Change.UPDATE, uids[11], deltas=(replaced("title", "Tester"), joining)),
    ]

    refused, done = await hub.facade.apply_many(names.ACCOUNT, changes, OPTIONS)

    assert (Fate.REFUSED, Fate.DONE) == (refused.fate, done.fate)
    assert refused.error is not None
    assert REASON.format(group=group) == refused.error.message
    assert done.result is not None
    assert {"groups": (group,)} == missed(done.result)
    assert MOST == len(_inside(hub))


async def test_leaving_makes_room(hub: Hub) -> None:
    """
    Somebody goes and somebody comes in one change of a full group.
    """
    group, uids = await _founded(hub, MOST), _uids(hub)
    members = _members([*uids[1:MOST], uids[10]])

    result = await hub.facade.update(names.GROUP, group, [replaced("members", *members)], OPTIONS)

    assert () == result.not_applied
    assert [*uids[1:MOST], uids[10]] == _inside(hub)


async def test_platforms_hear_that_a_group_is_full(clock: VirtualClock) -> None:
    """
    Over REST the refused change is a 400 with Webex's reason.
    """
    async with rest_door(clock, people=PEOPLE, quirks=Quirks(most_members=MOST)) as door:
        group, uids = await _founded(door.hub, MOST), _uids(door.hub)
        patch = [{"operation": "add", "field": "/members/-", "value": {"id": uids[10]}}]

        status, answer = await door.ask("PATCH", f"/__GROUP__/{group}", json.dumps(patch))

        assert (400, REASON.format(group=group)) == (status, answer["message"])
        assert uids[:MOST] == _inside(door.hub)
