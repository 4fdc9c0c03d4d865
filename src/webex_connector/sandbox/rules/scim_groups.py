"""
What may happen to a group by SCIM (https://developer.webex.com/docs/api/v1/scim-2-groups).
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from webex_connector.sandbox import urns
from webex_connector.sandbox.problems import Detail, Problem, invalid_value, not_found
from webex_connector.sandbox.profile import GroupProfile
from webex_connector.sandbox.records import Group
from webex_connector.sandbox.rules import membership
from webex_connector.sandbox.rules.membership import Members
from webex_connector.sandbox.rules.scim_filter import AnyOf, Comparison, Filter, Operator, fits
from webex_connector.sandbox.rules.scim_patch import PatchDraft, Shape, Step, Verb, steps, take
from webex_connector.sandbox.world import World


class MemberDraft(msgspec.Struct, frozen=True):
    """
    A member as a caller writes it; only users are known here.
    """

    value: str
    type: str = "user"


class WebexGroupDraft(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """
    The writable part of the Cisco section.
    """

    usage: Literal["policy", "location", "distribution"] | None = None
    owners: Annotated[tuple[dict[str, Any], ...], Meta(max_length=30)] | None = None
    managed_by: Annotated[tuple[dict[str, Any], ...], Meta(max_length=30)] | None = None
    inheritances: Annotated[tuple[dict[str, Any], ...], Meta(max_length=10)] | None = None
    member_filter: str | None = None
    group_type: Literal["flat_static", "unique_flat_static", "nested_static", "dynamic"] | None = None


class GroupDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    A group as a caller writes it. None stands for absent and for null; anything else is ignored.
    """

    schemas: tuple[str, ...] = ()
    display_name: Annotated[str, Meta(max_length=512)] | None = None
    external_id: Annotated[str, Meta(max_length=256)] | None = None
    members: tuple[MemberDraft, ...] | None = None
    webex: WebexGroupDraft | None = msgspec.field(name=urns.WEBEX_GROUP, default=None)


_SHAPE = Shape(
    names={
        "": {"displayname": "displayName", "externalid": "externalId", "schemas": "schemas"},
        urns.WEBEX_GROUP: {
            field.encode_name.lower(): field.encode_name for field in msgspec.structs.fields(WebexGroupDraft)
        },
    },
    lists=frozenset({"schemas", "owners", "managedBy", "inheritances"}),
    read_only=frozenset({"id", "meta", "provisionSource"}),
)


def find(world: World, uuid: str) -> Group:
    """
    Return the group. Raises a 404 for none, and for an identifier that is no UUID.
    """
    group = world.groups.get(uuid.lower())
    if group is None:
        raise not_found("Group")
    return group


def create(world: World, document: Any) -> Group:
    """
    Add a group. Raises a 400 without core schema or name, for more than 500 or unknown members; a 409 for a name in
    use if the quirks say so.
    """
    draft = _read(document)
    _require_core(draft)
    now = world.now()
    group = Group(world.new_uuid(), "", now, now)
    members: Members = {}
    membership.join(world, members, _known(world, draft.members or ()))
    _keep(world, group, draft, members)
    return group


def replace(world: World, group: Group, document: Any) -> None:
    """
    Put what the caller wrote in the place of what was there, the members too. Raises as `create` does.
    """
    draft = _read(document)
    _require_core(draft)
    members: Members = {}
    membership.join(world, members, _known(world, draft.members or ()))
    _keep(world, group, draft, members)


def patch(world: World, group: Group, document: dict[str, Any], draft: PatchDraft) -> None:
    """
    Carry the operations out on `document`, which is the group as SCIM shows it without members, and on the members.

    Raises a 400 for the first operation that cannot be done; whether those before it stay is up to the quirks.
    """
    members = dict(group.members)
    failure: Problem | None = None
    changed = 0
    try:
        for step in steps(draft.operations):
            if step.target.section or step.target.attribute.lower() != "members":
                take(document, step, _SHAPE)
                continue
            changed += len(step.value) if isinstance(step.value, list) else 1
            membership.require_few(changed)
            members = _with_members(world, members, step)
    except Problem as problem:
        if world.quirks.scim_patch_atomic:
            raise
        failure = problem
    _keep(world, group, _read(document), members)
    if failure:
        raise failure


def _with_members(world: World, members: Members, step: Step) -> Members:
    condition = step.target.condition
    if step.verb is Verb.REMOVE:
        gone = members if condition is None else _chosen(members, condition)
        membership.leave(world, members, tuple(gone))
        return members
    if condition is not None:
        raise Problem(400, Detail("Members can be added and removed, not changed."), scim_type="invalidPath")
    given = step.value if isinstance(step.value, list) else [step.value]
    try:
        joining = _known(world, msgspec.convert(given, tuple[MemberDraft, ...]))
    except msgspec.ValidationError as error:
        raise invalid_value(f"members: {error}") from None
    if step.verb is Verb.REPLACE:
        return dict.fromkeys(joining)
    membership.join(world, members, joining)
    return members


def _chosen(members: Members, condition: Filter) -> list[str]:
    # Nearly every filter names members; then nobody else has to be looked at.
    parts = condition.parts if isinstance(condition, AnyOf) else (condition,)
    named = [
        part.value.lower()
        for part in parts
        if isinstance(part, Comparison)
        and (part.path.lower(), part.operator) == ("value", Operator.EQ)
        and isinstance(part.value, str)
    ]
    if len(named) == len(parts):
        return named
    return [uuid for uuid in members if fits(condition, {"value": uuid, "type": "user"})]


def _keep(world: World, group: Group, draft: GroupDraft, members: Members) -> None:
    name = draft.display_name or ""
    if not name.strip():
        raise invalid_value("displayName is required.")
    membership.require_room(world, members)
    if not world.quirks.duplicate_groups and any(
        other.display_name.casefold() == name.casefold() for other in world.groups.values() if other is not group
    ):
        raise Problem(409, Detail("The name is in use already."), scim_type=world.quirks.scim_conflict_type)
    webex = msgspec.to_builtins(draft.webex or WebexGroupDraft())
    profile = GroupProfile(draft.external_id or "", webex)
    group.display_name = name
    group.more = None if profile == GroupProfile() else profile
    group.last_modified = world.now()
    world.put_group(group, membership.keep(world, group, members))


def _require_core(draft: GroupDraft) -> None:
    if urns.GROUP not in draft.schemas:
        raise invalid_value(f"schemas must contain {urns.GROUP}.")


def _known(world: World, members: Sequence[MemberDraft]) -> list[str]:
    membership.require_few(len(members))
    for member in members:
        if member.type.lower() != "user" or world.person(member.value.lower()) is None:
            raise invalid_value(f"The member is no user of the organization: {member.value}")
    return [member.value.lower() for member in members]


def _read(document: Any) -> GroupDraft:
    try:
        return msgspec.convert(document, GroupDraft)
    except msgspec.ValidationError as error:
        raise invalid_value(str(error)) from None
