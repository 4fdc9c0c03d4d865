"""
What the settings of a system say of changes that Webex would make, and clients are surprised by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from webex_connector.gateway.scim.call import Call
from webex_connector.gateway.scim.errors import Kind, Problem, refused
from webex_connector.gateway.scim.groups import MEMBERS, TEAMS
from webex_connector.gateway.scim.manner import LastMember
from webex_connector.gateway.scim.mapping import Mutability
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Value, Values, after
from webex_connector.icf.filters import equals

_ADDRESS = "emails"
_MODERATORS = "moderators"


async def refuse_taken_name(call: Call, deltas: Sequence[AttributeDelta]) -> None:
    """
    Raise Problem (409) when a group would get the name of another one, unless the settings allow that: Webex would take
    it, and whoever looks groups up by name would find two.
    """
    row = next((row for _, row in call.resource.rows if row.name == "displayName" and row.unique), None)
    name = next((delta.replace for delta in deltas if row is not None and delta.name == row.model), None)
    if row is None or row.model is None or not name or call.system.manner.duplicate_names:
        return
    options = replace(call.options, attributes_to_get=())
    search = call.system.facade.search(call.resource.object_class, equals(row.model, name[0]), options)
    uids = [each.uid async for batch in search for each in batch]
    if uids and call.uid not in uids:
        raise Problem(409, f"There is a {call.resource.name} named {name[0]!r} (id {uids[0]})", Kind.UNIQUENESS)


async def refuse_other_address(call: Call, deltas: Sequence[AttributeDelta]) -> None:
    """
    Raise Problem (400, mutability) when somebody would get another userName, where the settings do not allow that.
    """
    delta = next((each for each in deltas if each.name == _ADDRESS), None)
    if delta is None or call.system.manner.change_user_name or call.resource.object_class != names.ACCOUNT:
        return
    present = await _values(call, _ADDRESS)
    if _folded(after(delta, present)) != _folded(present):
        raise refused(Kind.MUTABILITY, "userName cannot be changed: the settings of the system keep it as it is")


async def without_fixed(call: Call, deltas: Sequence[AttributeDelta]) -> list[AttributeDelta]:
    """
    Return the changes without what is given once and is so already, as a PUT repeats it. Raises Problem (400,
    mutability) when it is to be something else.
    """
    fixed = {row.model for _, row in call.resource.rows if row.mutability is Mutability.IMMUTABLE and row.model}
    fixed = {name for name in fixed if not call.info.attribute(name).updateable}
    for delta in deltas:
        if delta.name in fixed and _folded(delta.values) != _folded(await _values(call, delta.name)):
            raise refused(Kind.MUTABILITY, f"{delta.name} is given once and cannot be changed")
    return [each for each in deltas if each.name not in fixed]


async def leaves_nobody(call: Call, deltas: Sequence[AttributeDelta]) -> bool:
    """
    Whether a change takes everybody out of a team, and the settings want the team to be deleted then. Raises any
    ConnectorError.
    """
    if call.resource.object_class != TEAMS or call.system.manner.last_member is not LastMember.DELETE:
        return False
    named: Mapping[str, AttributeDelta] = {each.name: each for each in deltas}
    members, moderators = named.get(MEMBERS.name), named.get(_MODERATORS)
    if members is None or (moderators is not None and (moderators.replace or moderators.add)):
        return False
    if members.replace is not None:
        return not members.replace
    if members.add or not members.remove:
        return False
    gone = {_id(each) for each in members.remove}
    return {_id(each) for each in await _values(call, MEMBERS.name)} <= gone


async def _values(call: Call, attribute: str) -> Values:
    """
    Return what an attribute holds now; a copy may be too old to decide by.
    """
    options = replace(call.options, attributes_to_get=(attribute,), live=True)
    return (await call.system.facade.get(call.resource.object_class, call.uid, options)).values(attribute)


def _folded(values: Values) -> list[str]:
    return [names.folded_text(str(each)) for each in values]


def _id(member: Value) -> object:
    return member.get("id") if isinstance(member, Mapping) else member
