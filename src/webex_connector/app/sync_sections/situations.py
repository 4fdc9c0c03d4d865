"""
What is done in which situation: `[mappings.<name>.situations]`.
"""

from collections.abc import Mapping
from typing import Any, Final

from webex_connector.app.mistakes import nearest
from webex_connector.app.table import Table
from webex_connector.expressions.values import Expression
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation

PROPERTIES: Final = (
    Property("action", "What is done.", required=True, allowed=tuple(Action.__members__)),
    Property(
        "condition",
        "An expression; where it does not hold, the next policy of the situation decides, and at last the profile. It "
        "sees the record as `source` and the object as `target`, each where there is one.",
    ),
    Property("after_days", "With DELETE: disable now, and delete so many days later.", PropertyType.INTEGER),
)
_KNOWN: Final = frozenset(each.name for each in PROPERTIES)


def read(table: Table) -> tuple[tuple[SituationPolicy, ...], Mapping[Situation, Action]]:
    """
    Return the policies with conditions, in order, and the plain actions. A text is an action, a table an action with a
    condition or a delay, a list several of them.
    """
    policies: list[SituationPolicy] = []
    actions: dict[Situation, Action] = {}
    for name, given in table.given.items():
        if name not in Situation.__members__:
            table.wrong(name, f"is no situation{nearest(name, list(Situation.__members__))}")
            continue
        situation = Situation(name)
        for each in given if isinstance(given, list) else [given]:
            policy = _policy(table, situation, {"action": each} if isinstance(each, str) else each)
            if policy is None:
                continue
            if policy.condition is None and policy.after_days is None and not isinstance(given, list):
                actions[situation] = policy.action
            else:
                policies.append(policy)
    return tuple(policies), actions


def _policy(table: Table, situation: Situation, given: Any) -> SituationPolicy | None:
    name = situation.value
    if not isinstance(given, dict) or given.keys() - _KNOWN or "action" not in given:
        table.wrong(name, f"must be an action, or a table of {', '.join(sorted(_KNOWN))}")
        return None
    action = given["action"]
    if action not in Action.__members__:
        table.wrong(name, f"names the unknown action {action}{nearest(str(action), list(Action.__members__))}")
        return None
    days = given.get("after_days")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or days < 1 or action != "DELETE"):
        table.wrong(name, "has after_days, which goes with DELETE and is a whole number of days from 1")
        return None
    condition = given.get("condition")
    if condition is not None and not isinstance(condition, str):
        table.wrong(name, "has a condition that is no expression")
        return None
    found = None if not condition else Expression(condition, table.place_of(name))
    return SituationPolicy(situation, Action(action), found, days)
