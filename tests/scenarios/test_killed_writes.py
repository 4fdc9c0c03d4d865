"""
The process is killed between any two requests of a write; whoever asks again makes the world as if nothing had been.
"""

import pytest

from fakes.fault_operations import ADDRESS, EMPTY, KNOWN, TEAM, first_people, group_id, john
from fakes.fault_teams import CREW, PERSONAL, ada, entitled, founded, old_team, third
from fakes.hub import OPTIONS
from fakes.killing import Plan, Story, creating, deleting, killed_everywhere, repeated
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, added, replaced
from webex_connector.icf.facade import Facade
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.sandbox.world import World

pytestmark = pytest.mark.long

LEFT = "Finance approvers"
"""
A group that John is in until he is changed.
"""

LEAST_REQUESTS = 3
"""
One for the token, one to look or to make, one to write.
"""


def _license(world: World) -> str:
    return rendering.license_id(world, CALL_ON_WEBEX)


def _new_person(world: World) -> Plan:
    attributes = {
        "emails": (ADDRESS,),
        "displayName": ("Zoë New",),
        "firstName": ("Zoë",),
        "lastName": ("New",),
        "title": ("Tester",),
        "licenses": (_license(world),),
        "groups": (group_id(world, EMPTY), group_id(world, KNOWN)),
    }
    return creating(names.ACCOUNT, attributes)


def _updating(object_class: str, uid: str, *deltas: AttributeDelta) -> Plan:
    async def call(facade: Facade) -> None:
        await facade.update(object_class, uid, deltas, OPTIONS)

    return repeated(call)


def _changed_person(world: World) -> Plan:
    person = world.person_at(SAMPLE)
    assert person is not None
    next(group for group in world.groups.values() if group.display_name == LEFT).members[person.uuid] = None
    return _updating(
        names.ACCOUNT,
        john(world),
        replaced("title", "Tester"),
        added("licenses", _license(world)),
        replaced("groups", group_id(world, EMPTY), group_id(world, KNOWN)),
    )


def _new_group(world: World) -> Plan:
    members = tuple({"id": uid} for uid in first_people(world, 700))
    return creating(names.GROUP, {"displayName": (TEAM,), "description": ("They test.",), "members": members})


def _changed_group(world: World) -> Plan:
    leaving = [{"id": uid} for uid in first_people(world, 10)]
    members = next(group for group in world.groups.values() if group.display_name == KNOWN).members
    members.update(dict.fromkeys(person.uuid for _, person in list(world.people())[:10]))
    joining = [{"id": uid} for uid in first_people(world, 710)[10:]]
    return _updating(
        names.GROUP,
        group_id(world, KNOWN),
        replaced("description", "They test."),
        AttributeDelta("members", add=tuple(joining), remove=tuple(leaving)),
    )


def _replaced_members(world: World) -> Plan:
    members = [{"id": uid} for uid in first_people(world, 700)]
    return _updating(names.GROUP, group_id(world, KNOWN), replaced("members", *members))


def _new_team(world: World) -> Plan:
    entitled(world)
    attributes: Attributes = {
        "name": (CREW,),
        "description": ("They test.",),
        # Its owner is in it, whoever is named; who asks again asks for exactly these.
        "members": tuple({"id": uid} for uid in (ada(world), john(world), third(world))),
        "moderators": (ada(world), john(world)),
    }
    return creating("TEAMS", attributes)


def _changed_team(world: World) -> Plan:
    founded(world)
    return _updating(
        "TEAMS",
        old_team(world),
        replaced("description", "They test."),
        replaced("members", {"id": ada(world)}, {"id": third(world)}),
        replaced("moderators", third(world)),
    )


def _deleted_team(world: World) -> Plan:
    founded(world)
    return deleting("TEAMS", old_team(world))


STORIES = {
    "create a person": Story(_new_person),
    "create a person whom Webex takes only without licences": Story(
        _new_person, faults=(Fault(Fail(400), to="POST /people"),)
    ),
    "update a person": Story(_changed_person),
    "delete a person": Story(lambda world: deleting(names.ACCOUNT, john(world))),
    "create a group": Story(_new_group, people=720),
    "update a group": Story(_changed_group, people=720),
    "replace the members of a group": Story(_replaced_members, people=720),
    "create a team": Story(_new_team, settings=PERSONAL),
    "update a team": Story(_changed_team, settings=PERSONAL),
    "delete a team": Story(_deleted_team, settings=PERSONAL),
    "delete a group": Story(lambda world: deleting(names.GROUP, group_id(world, KNOWN))),
}


CASES = [("people", name) for name in STORIES] + [("scim", name) for name in STORIES if "person" in name]


@pytest.mark.parametrize(("road", "name"), CASES)
async def test_a_killed_write_is_repaired_by_asking_again(road: str, name: str, clock: VirtualClock) -> None:
    """
    Before each request, after its effect, and before the journal knows: the next call makes the world whole, nobody and
    nothing is made twice, and the journal shows the write whose end nobody saw.
    """
    killed = await killed_everywhere(STORIES[name], clock, road)
    assert killed >= 2 * LEAST_REQUESTS + 1
