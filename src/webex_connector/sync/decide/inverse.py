"""
What takes an applied item back, as far as it can be taken back.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Values
from webex_connector.policy.safety import Harm
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.plan import AttributeChange, Mark, PlanItem
from webex_connector.sync.decide.situation import Action, Situation

FIRST = 1_000_000
"""
The rank of what undoes an item of rank 0: what was done last is taken back first.
"""

LICENSE_TAKEN: Final = "a licence that is taken may be given to somebody else before it is asked back"
"""
What no undo can promise of licences.
"""

_IRREVERSIBLE: Mapping[Action, str] = {
    Action.CREATE: "an invitation that was sent stays sent, and once it is deleted its address is blocked for 7 days",
    Action.DELETE: "it cannot be brought back: somebody made anew has another id, nothing of the old one's, and the "
    "address is blocked for 7 days",
    Action.DISABLE: "it can be taken back for 30 days; then Webex deletes whoever is inactive",
}


def irreversible(item: PlanItem) -> str | None:
    """
    Say what of an item no undo can take back; None when all of it can be (Webex Help: deactivate or delete users,
    https://help.webex.com/article/v5wksr).
    """
    if not item.writes:
        return None
    if Harm.LICENSE_REMOVAL in item.harms:
        return LICENSE_TAKEN
    return _IRREVERSIBLE.get(item.action)


def inverse(
    number: int,
    item: PlanItem,
    outcome: Mapping[str, Any],
    current: Attributes | None,
    comparison: Comparison,
) -> Sequence[PlanItem]:
    """
    Return what takes an item back that was done with this outcome. `current` is the object as it is now, None when it
    is gone. What somebody else has changed since is left to them.
    """
    uid = outcome.get("uid") or item.target_uid
    match item.action:
        case Action.CREATE if not outcome.get("adopted"):
            return [] if current is None else [_back(number, item, Action.DELETE, uid, harms=frozenset({Harm.DELETE}))]
        case Action.DELETE:
            return [_back(number, item, Action.EXCEPTION, uid, problem=_IRREVERSIBLE[Action.DELETE])]
        case Action.LINK:
            return [_back(number, item, Action.UNLINK, uid)]
        case Action.UNLINK:
            return [_back(number, item, Action.LINK, uid)]
        case Action.CREATE | Action.UPDATE | Action.DISABLE:
            return _restored(number, item, outcome, current, comparison)
        case _:
            return []


def _restored(
    number: int,
    item: PlanItem,
    outcome: Mapping[str, Any],
    current: Attributes | None,
    comparison: Comparison,
) -> list[PlanItem]:
    uid = outcome.get("uid") or item.target_uid
    unlinked = [_back(number, item, Action.UNLINK, uid)] if item.situation in _LINKED_BY else []
    if not item.changes:
        return unlinked
    if current is None:
        return [_back(number, item, Action.EXCEPTION, uid, problem="the object is gone"), *unlinked]
    before = (outcome.get("before") or {}).get("attributes")
    changes, foreign = [], []
    for change in item.changes:
        if change.attribute not in comparison.attributes:
            continue
        now = current.get(change.attribute, ())
        old: Values = change.old if before is None else tuple(before.get(change.attribute, ()))
        if not comparison.changes({change.attribute: old}, {change.attribute: now}):
            continue
        if comparison.changes({change.attribute: change.new}, {change.attribute: now}):
            foreign.append(change.attribute)
            continue
        changes.append(AttributeChange(change.attribute, now, old))
    back = []
    mark = Mark.PARDONED if item.mark is Mark.CONDEMNED and not foreign else None
    if changes or mark is not None:
        harms = comparison.harms(changes)
        back = [_back(number, item, Action.UPDATE, uid, changes=tuple(changes), harms=harms, mark=mark)]
    if foreign:
        problem = f"somebody has changed {', '.join(foreign)} since"
        back.append(_back(number, item, Action.EXCEPTION, uid, problem=problem))
    return [*back, *unlinked]


_LINKED_BY = frozenset({Situation.FOUND, Situation.ABSENT})


def _back(
    number: int,
    item: PlanItem,
    action: Action,
    uid: str | None,
    *,
    changes: tuple[AttributeChange, ...] = (),
    harms: frozenset[Harm] = frozenset(),
    problem: str | None = None,
    mark: Mark | None = None,
) -> PlanItem:
    enabled = any(each.attribute == names.ENABLE and each.new == (True,) for each in changes)
    reason = f"takes back item {number}" if not enabled else f"takes back item {number}, and lets them log in again"
    return PlanItem(
        mapping=item.mapping,
        situation=Situation.CONFIRMED,
        action=action if problem is None else Action.EXCEPTION,
        reason=reason,
        link_qualifier=item.link_qualifier,
        source_key=item.source_key,
        target_uid=uid,
        target_name=item.target_name,
        changes=changes,
        harms=harms if problem is None else frozenset(),
        rank=FIRST - min(item.rank, FIRST),
        mark=mark,
        problem=problem,
    )
