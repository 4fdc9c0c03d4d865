"""
What the items of a plan come to: the numbers that its summary shows and its gates compare.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from webex_connector.icf import names
from webex_connector.policy.safety import Harm, Limits, Numbers, is_protected
from webex_connector.sync.decide.deciding import Pair
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.records import folded

ROLES = "roles"
"""
The attribute that holds somebody's administrator roles.
"""

_TAKING = frozenset({Action.DISABLE, Action.DELETE})


@dataclass(slots=True)
class Counts:
    """
    What a plan has counted; it grows while the items stream.
    """

    sources: int = 0
    targets: int = 0
    unchanged: int = 0
    situations: Counter[Situation] = field(default_factory=Counter)
    actions: Counter[Action] = field(default_factory=Counter)
    harms: Counter[Harm] = field(default_factory=Counter)
    problems: int = 0
    strangers: int = 0
    protected: int = 0
    administrators: int | None = 0
    administrators_lost: int = 0
    short: Sequence[str] = ()
    """
    Of which licences how many units are missing, in words.
    """

    def add(self, item: PlanItem) -> None:
        """
        Count an item.
        """
        self.situations[item.situation] += 1
        self.actions[item.action] += 1
        self.harms.update(item.harms)
        self.problems += item.problem is not None

    def numbers(self, records_before: int | None) -> Numbers:
        """
        Return what the gates compare. `records_before` are those of the last plan that was applied.
        """
        return Numbers(
            self.sources,
            self.targets,
            dict(self.harms),
            records_before,
            self.strangers,
            self.protected,
            self.administrators,
            self.administrators_lost,
            bool(self.administrators_lost or (self.administrators is None and self._takes)),
        )

    @property
    def _takes(self) -> bool:
        return any(self.actions[each] for each in _TAKING)


class Watch:
    """
    Counts what concerns persons: strangers, the protected, administrators. `administrators` is the uid of the role
    whose last holder must stay; None when nobody could read which it is.
    """

    def __init__(self, limits: Limits, administrators: str | None) -> None:
        self._limits, self._role = limits, administrators

    def began(self, counts: Counts) -> None:
        """
        Begin a plan.
        """
        counts.administrators = None if self._role is None else 0

    def target(self, counts: Counts, roles: tuple[object, ...], *, enabled: bool) -> None:
        """
        Count an object of the target with its roles.
        """
        if counts.administrators is not None and enabled and self._role in roles:
            counts.administrators += 1

    def item(self, counts: Counts, pair: Pair, item: PlanItem) -> None:
        """
        Count what an item would do to whom.
        """
        if not item.writes:
            return
        target = pair.target
        takes = item.action in _TAKING
        counts.strangers += takes and not pair.is_linked
        known = {folded(each) for each in (item.target_uid, item.target_name) if each}
        if target is not None:
            known |= {folded(str(each)) for each in target.attributes.get("emails", ())}
        counts.protected += is_protected(self._limits, known)
        if target is None or self._role not in target.attributes.get(ROLES, ()):
            return
        loses_role = any(each.attribute == ROLES and self._role not in each.new for each in item.changes)
        loses_access = any(each.attribute == names.ENABLE and each.new == (False,) for each in item.changes)
        counts.administrators_lost += takes or loses_role or loses_access
