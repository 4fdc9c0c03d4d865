"""
The writes that fault schedules are tried on, each with what it makes of the world.
"""

from collections.abc import Sequence

from fakes.fault_trial import Facts, Operation, Person, Team
from fakes.hub import Hub
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, added, replaced
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX, SCREEN_SHARE
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.sandbox.world import World

ADDRESS = "zoe.new@acme.example"
"""
The address of the person who is made.
"""

TEAM = "Testers"
"""
The name of the group that is made.
"""

EMPTY, KNOWN = "Newly founded", "Managers"
"""
Two groups that are there: one without members, which people join, and one that is changed and deleted.
"""


def group_id(world: World, name: str) -> str:
    """
    Return the uid of the group of that name.
    """
    return next(rendering.group_id(world, each) for each in world.groups.values() if each.display_name == name)


def first_people(world: World, count: int) -> tuple[str, ...]:
    """
    Return the uids of the people who were there first.
    """
    return tuple(rendering.person_id(person.uuid) for _, person in list(world.people())[:count])


def john(world: World) -> str:
    """
    Return the uid of the person who is changed and deleted.
    """
    person = world.person_at(SAMPLE)
    assert person is not None
    return rendering.person_id(person.uuid)


def _license(world: World) -> str:
    return rendering.license_id(world, CALL_ON_WEBEX)


async def create_person(hub: Hub, options: OperationOptions) -> WriteResult:
    """
    Make somebody with a licence and a group.
    """
    world = hub.sandbox.world
    attributes = {
        "emails": (ADDRESS,),
        "displayName": ("Zoë New",),
        "firstName": ("Zoë",),
        "lastName": ("New",),
        "title": ("Tester",),
        "licenses": (_license(world),),
        "groups": (group_id(world, EMPTY),),
    }
    return await hub.facade.create(names.ACCOUNT, attributes, options)


async def update_person(hub: Hub, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
    """
    Change John.
    """
    return await hub.facade.update(names.ACCOUNT, john(hub.sandbox.world), deltas, options)


async def retitle_person(hub: Hub, options: OperationOptions) -> WriteResult:
    """
    Change John's title.
    """
    return await update_person(hub, [replaced("title", "Tester")], options)


async def _license_person(hub: Hub, options: OperationOptions) -> WriteResult:
    return await update_person(hub, [added("licenses", _license(hub.sandbox.world))], options)


async def _join(hub: Hub, options: OperationOptions) -> WriteResult:
    return await update_person(hub, [added("groups", group_id(hub.sandbox.world, EMPTY))], options)


async def _regroup(hub: Hub, options: OperationOptions) -> WriteResult:
    return await update_person(hub, [replaced("groups", group_id(hub.sandbox.world, EMPTY))], options)


async def _everything(hub: Hub, options: OperationOptions) -> WriteResult:
    world = hub.sandbox.world
    deltas = [replaced("title", "Tester"), added("licenses", _license(world)), added("groups", group_id(world, EMPTY))]
    return await update_person(hub, deltas, options)


async def _delete_person(hub: Hub, options: OperationOptions) -> WriteResult:
    return await hub.facade.delete(names.ACCOUNT, john(hub.sandbox.world), options)


async def create_group(hub: Hub, options: OperationOptions, size: int = 3) -> WriteResult:
    """
    Make a group of that many members.
    """
    members = tuple({"id": uid} for uid in first_people(hub.sandbox.world, size))
    attributes: Attributes = {"displayName": (TEAM,), "description": ("They test.",), "members": members}
    return await hub.facade.create(names.GROUP, attributes, options)


async def create_large_group(hub: Hub, options: OperationOptions) -> WriteResult:
    """
    Make a group of more members than one request takes.
    """
    return await create_group(hub, options, 510)


async def _describe(hub: Hub, options: OperationOptions) -> WriteResult:
    deltas = [replaced("description", "They test.")]
    return await hub.facade.update(names.GROUP, group_id(hub.sandbox.world, KNOWN), deltas, options)


async def _change(hub: Hub, options: OperationOptions) -> WriteResult:
    world = hub.sandbox.world
    members = [{"id": uid} for uid in first_people(world, 3)]
    deltas = [replaced("description", "They test."), added("members", *members)]
    return await hub.facade.update(names.GROUP, group_id(world, KNOWN), deltas, options)


async def _fill(hub: Hub, options: OperationOptions) -> WriteResult:
    """
    Put more members into a group than one request takes.
    """
    world = hub.sandbox.world
    members = [{"id": uid} for uid in first_people(world, 510)]
    return await hub.facade.update(names.GROUP, group_id(world, EMPTY), [added("members", *members)], options)


async def _delete_group(hub: Hub, options: OperationOptions) -> WriteResult:
    return await hub.facade.delete(names.GROUP, group_id(hub.sandbox.world, KNOWN), options)


def _made(world: World) -> Facts:
    return {
        "there": frozenset({"1"}),
        "title": frozenset({"Tester"}),
        # Webex gives screen share beside every other licence.
        "licenses": frozenset(rendering.license_id(world, key) for key in (CALL_ON_WEBEX, SCREEN_SHARE)),
        "groups": frozenset({group_id(world, EMPTY)}),
    }


def _titled(_world: World) -> Facts:
    return {"title": frozenset({"Tester"})}


def _licensed(world: World) -> Facts:
    return {"licenses": Person(SAMPLE).facts(world)["licenses"] | {_license(world)}}


def _grouped(world: World) -> Facts:
    return {"groups": frozenset({group_id(world, EMPTY)})}


def _all(world: World) -> Facts:
    return {**_titled(world), **_licensed(world), **_grouped(world)}


def _founded(size: int, world: World) -> Facts:
    members = frozenset(first_people(world, size))
    return {"there": frozenset({"1"}), "description": frozenset({"They test."}), "members": members}


def _described(_world: World) -> Facts:
    return {"description": frozenset({"They test."})}


def _changed(world: World) -> Facts:
    return {**_described(world), "members": Team(KNOWN).facts(world)["members"] | frozenset(first_people(world, 3))}


def _nothing(*facts: str) -> Facts:
    return dict.fromkeys(facts, frozenset())


_JOHN = Person(SAMPLE)
CREATING = Operation(Person(ADDRESS), create_person, _made, writes=2)
RETITLING = Operation(_JOHN, retitle_person, _titled)
RETITLING_UNSEEN = Operation(_JOHN, retitle_person, _titled, quirks=Quirks(put_status=204))
RETITLING_ROTATING = Operation(_JOHN, retitle_person, _titled, quirks=Quirks(refresh_rotates=True))
LICENSING = Operation(_JOHN, _license_person, _licensed)
JOINING = Operation(_JOHN, _join, _grouped)
REGROUPING = Operation(_JOHN, _regroup, _grouped)
EVERYTHING = Operation(
    _JOHN, _everything, lambda world: {**_titled(world), **_licensed(world), **_grouped(world)}, writes=3
)
DELETING = Operation(_JOHN, _delete_person, lambda _world: _nothing("there", "title", "licenses", "groups"))

FOUNDING = Operation(Team(TEAM), create_group, lambda world: _founded(3, world))
FOUNDING_LARGE = Operation(Team(TEAM), create_large_group, lambda world: _founded(510, world), writes=2, people=520)
DESCRIBING = Operation(Team(KNOWN), _describe, _described)
CHANGING = Operation(Team(KNOWN), _change, _changed, writes=2)
FILLING = Operation(
    Team(EMPTY), _fill, lambda world: {"members": frozenset(first_people(world, 510))}, writes=2, people=520
)
DISBANDING = Operation(Team(KNOWN), _delete_group, lambda _world: _nothing("there", "description", "members"))
