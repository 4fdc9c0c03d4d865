"""
What may happen to a group.

The rules are those of https://developer.webex.com/docs/api/v1/groups; where Webex says nothing, `quirks` decides.
"""

import re
from collections.abc import Sequence

import msgspec

from webex_connector.sandbox import ids
from webex_connector.sandbox.problems import Problem, bad_request, conflict, not_found
from webex_connector.sandbox.records import Group
from webex_connector.sandbox.rules import membership
from webex_connector.sandbox.world import World

_FILTER = re.compile(r'displayName\s+(eq|sw)\s+"((?:[^"\\]|\\.)*)"', re.IGNORECASE)


class MemberChange(msgspec.Struct, frozen=True):
    """
    Somebody who joins or leaves.
    """

    id: str
    operation: str = "add"


class GroupDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a caller writes; unknown members are ignored.
    """

    display_name: str | None = None
    description: str | None = None
    org_id: str | None = None
    members: tuple[MemberChange, ...] = ()


def find(world: World, group_id: str) -> Group:
    """
    Return the group. Raises a 404 for an unknown one, a 400 for a malformed identifier.
    """
    value = ids.value_of(ids.Kind.GROUP, group_id) or ""
    group = world.groups.get(value.removesuffix(f":{world.organization.uuid}"))
    if group is None:
        raise not_found("Group")
    return group


def matching(world: World, filter_text: str) -> list[Group]:
    """
    Return the groups that a filter finds, all for an empty one. Raises a 400 for a filter Webex does not know.
    """
    if not filter_text:
        return list(world.groups.values())
    parsed = _FILTER.fullmatch(filter_text.strip())
    if parsed is None:
        raise bad_request(f"Unsupported filter: {filter_text}")
    text = re.sub(r"\\(.)", r"\1", parsed[2]).casefold()
    if parsed[1].lower() == "eq":
        return [group for group in world.groups.values() if group.display_name.casefold() == text]
    return [group for group in world.groups.values() if group.display_name.casefold().startswith(text)]


def create(world: World, draft: GroupDraft) -> Group:
    """
    Add a group. Raises a 400 without a name, with unknown members or too many of them; a 409 for a name in use if
    quirks say so.
    """
    _require_name(world, draft.display_name, None)
    if draft.org_id and ids.value_of(ids.Kind.ORGANIZATION, draft.org_id) != world.organization.uuid:
        raise Problem(403)
    joining, _ = _members(world, draft.members)
    membership.require_room(world, dict.fromkeys(joining))
    now = world.now()
    group = Group(world.new_uuid(), draft.display_name or "", now, now, draft.description or "")
    world.put_group(group, membership.keep(world, group, dict.fromkeys(joining)))
    return group


def change(world: World, group: Group, draft: GroupDraft) -> None:
    """
    Change name, description and members; what is not given stays.

    Raises as `create` does, and for joining twice and leaving without being in it if the quirks say so; then nothing
    was changed.
    """
    if draft.display_name is not None:
        _require_name(world, draft.display_name, group)
    joining, leaving = _members(world, draft.members)
    members = dict(group.members)
    membership.join(world, members, joining)
    membership.leave(world, members, leaving)
    membership.require_room(world, members)
    group.display_name = group.display_name if draft.display_name is None else draft.display_name
    group.description = group.description if draft.description is None else draft.description
    group.last_modified = world.now()
    world.put_group(group, membership.keep(world, group, members))


def _require_name(world: World, name: str | None, of: Group | None) -> None:
    if not name or not name.strip():
        raise bad_request("displayName is required.")
    if world.quirks.duplicate_groups:
        return
    if any(group.display_name.casefold() == name.casefold() for group in world.groups.values() if group is not of):
        raise conflict("Group already exists.")


def _members(world: World, changes: Sequence[MemberChange]) -> tuple[list[str], list[str]]:
    membership.require_few(len(changes))
    joining, leaving = list[str](), list[str]()
    for member in changes:
        uuid = ids.value_of(ids.Kind.PERSON, member.id) or ""
        if member.operation.lower() == "delete":
            leaving.append(uuid)
        elif member.operation.lower() != "add":
            raise bad_request(f"Unknown operation: {member.operation}")
        elif world.person(uuid) is None:
            raise bad_request(f"Member not found: {member.id}")
        else:
            joining.append(uuid)
    return joining, leaving
