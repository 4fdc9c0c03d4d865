"""
A mapping with its two ends, opened.
"""

from dataclasses import dataclass

from webex_connector.icf import names
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.policy.judging import Rules as PolicyRules
from webex_connector.policy.retiring import retires
from webex_connector.store.retirements import RetirementTable
from webex_connector.sync.apply.applying import DOOR
from webex_connector.sync.apply.ports import TargetSystem
from webex_connector.sync.decide.counting import ROLES
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.planning import Rules
from webex_connector.sync.records import folded
from webex_connector.sync.sources.source import Source

_CLASS = "ROLES"
_NAME = "full administrator"


@dataclass(frozen=True, slots=True)
class Ends:
    """
    A mapping with its two ends.
    """

    mapping: SyncMapping
    source: Source
    target: TargetSystem
    rules: Rules
    policies: PolicyRules | None = None
    """
    Who gets which licences by rule at the target; None where nobody does.
    """
    templates: tuple[str, ...] = ()
    """
    The licences that Control Hub gives by itself.
    """
    retirements: RetirementTable | None = None
    """
    For whom policies have ended; None where nobody remembers.
    """
    writes_per_second: float | None = None
    """
    How many writes a second the target's settings allow; None where they say nothing.
    """


async def administrators_of(ends: Ends, actor: str) -> str | None:
    """
    Return the uid of the role whose last holder must stay: the full administrator's. Empty where objects have no roles,
    or the mapping takes nothing from anybody; None when the roles cannot be read, or none of them is it.
    """
    schema = ends.target.schema
    if not _may_take(ends) or not schema.object_class(ends.mapping.object_class).has(ROLES):
        return ""
    if all(each.name != _CLASS for each in schema.object_classes):
        return None
    options = OperationOptions(actor=Actor(actor, DOOR), lane=Lane.BULK)
    try:
        async for roles in ends.target.search(_CLASS, EVERYTHING, options):
            for role in roles:
                if folded(role.name or "") == _NAME:
                    return role.uid
    except ConnectorError:
        return None
    return None


def _may_take(ends: Ends) -> bool:
    mapping = ends.mapping
    if ends.policies is not None and any(retires(each) for each in ends.policies.policies):
        return True
    actions = {mapping.default_action(each) for each in Situation} | {each.action for each in mapping.policies}
    written = {each.target for each in mapping.properties}
    return bool(actions & {Action.DELETE, Action.DISABLE} or written & {ROLES, names.ENABLE})
