"""
Joining and leaving groups, the same by `/groups` and by SCIM.
"""

from collections.abc import Iterable

import msgspec

from webex_connector.sandbox.problems import bad_request, conflict
from webex_connector.sandbox.records import Group
from webex_connector.sandbox.world import World

AT_ONCE = 500
"""
How many members one request may change and one answer shows.
"""

Members = dict[str, None]
"""
UUIDs in the order of joining.
"""


def require_few(count: int) -> None:
    """
    Raise a 400 for more members than one request may change.
    """
    if count > AT_ONCE:
        raise bad_request(f"At most {AT_ONCE} members can be changed in one request.")


def require_room(world: World, members: Members) -> None:
    """
    Raise a 400 for more members than a group may have (https://help.webex.com/article/7eedy0).
    """
    if len(members) > world.quirks.most_members:
        raise bad_request(f"A group can have at most {world.quirks.most_members} members.")


def join(world: World, members: Members, uuids: Iterable[str]) -> None:
    """
    Add people to a list of members. Who is in it already is no error, or a 409, as the quirks say.
    """
    for uuid in uuids:
        if uuid in members and world.quirks.strict_members:
            raise conflict(f"Member already exists: {uuid}")
        members[uuid] = None


def leave(world: World, members: Members, uuids: Iterable[str]) -> None:
    """
    Take people from a list of members. Who is not in it is no error, or a 400, as the quirks say.
    """
    for uuid in uuids:
        if uuid not in members and world.quirks.strict_members:
            raise bad_request(f"Not a member: {uuid}")
        members.pop(uuid, None)


def keep(world: World, group: Group, members: Members) -> tuple[str, ...]:
    """
    Let these be the members of the group and return who is new; the group itself is still to be put back.

    Whether those who joined or left count as changed is up to the quirks.
    """
    before, group.members = group.members, members
    joined = tuple(uuid for uuid in members if uuid not in before)
    if world.quirks.membership_modifies:
        for uuid in (*joined, *(uuid for uuid in before if uuid not in members)):
            if person := world.person(uuid):
                world.put_person(msgspec.structs.replace(person, last_modified=world.now()))
    return joined
