"""
Ids in their several spellings are one object.
"""

from fakes.hub import OPTIONS, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.connector.identity import identity, without
from webex_connector.icf.attributes import replaced
from webex_connector.sandbox.rendering import group_id, person_id
from webex_connector.webex.ids import encode

UUID = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"


def test_every_spelling_has_one_identity() -> None:
    """
    The id of `/v1`, the same with padding, and the UUID in capitals are the same; other texts are themselves.
    """
    long = encode("PEOPLE", UUID)

    assert {UUID} == {identity(long), identity(long + "=="), identity(UUID.upper())}
    assert "id_full_admin" == identity("id_full_admin")
    assert [] == without([UUID, long], [long])
    assert [long] == without([UUID, long], [])


async def test_groups_may_be_named_by_their_uuid(clock: VirtualClock) -> None:
    """
    Replacing a person's groups by the UUIDs of the groups they are in takes nobody out of anything.
    """
    async with running_hub(clock, people=40) as hub:
        world = hub.sandbox.world
        person = next(each for _, each in world.people() if any(each.uuid in g.members for g in world.groups.values()))
        inside = {group.uuid for group in world.groups.values() if person.uuid in group.members}
        before = world.writes

        await hub.facade.update("__ACCOUNT__", person.uuid, [replaced("groups", *inside)], OPTIONS)

        assert before == world.writes
        assert inside == {group.uuid for group in world.groups.values() if person.uuid in group.members}


async def test_members_may_be_named_by_their_uuid(clock: VirtualClock) -> None:
    """
    Replacing the members of a group by other spellings of the same people changes nothing.
    """
    async with running_hub(clock, people=40) as hub:
        world = hub.sandbox.world
        group = next(each for each in world.groups.values() if len(each.members) > 2)
        members = dict(group.members)
        spelt = [{"id": uuid if n % 2 else person_id(uuid)} for n, uuid in enumerate(members)]
        before = world.writes

        await hub.facade.update(
            "__GROUP__",
            group_id(world, group),
            [replaced("members", *spelt)],
            OPTIONS,
        )

        assert (before, members) == (world.writes, group.members)
