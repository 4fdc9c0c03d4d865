"""
Whether there are enough licences for a plan, counted before anybody says yes to it.

Counted is what the plan's changes give and take, and what policies give to those who are made. What a licence template
of Control Hub gives by itself nobody can count here.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from webex_connector.base.log import logger
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.policy.counting import Person, Shortage, units_for
from webex_connector.policy.entitlements import short_of
from webex_connector.policy.named import found_of
from webex_connector.sync.apply.applying import DOOR
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.ends import Ends

_log = logger("sync")
_CLASS = "LICENSES"
_ATTRIBUTE = "licenses"


class UnitCount:
    """
    Counts the units that the items of one plan take. Licences are read when something takes one; where they cannot be
    read, nothing can be said.
    """

    def __init__(self, ends: Ends, actor: str, now: datetime) -> None:
        self._ends, self._actor, self._now = ends, actor, now
        self._wanted: Counter[str] = Counter()
        self._read: Sequence[ConnectorObject] | None = None

    async def add(self, items: Sequence[PlanItem]) -> None:
        """
        Count more items.
        """
        acting = [item for item in items if item.acts]
        for item in acting:
            for change in item.changes:
                if change.attribute == _ATTRIBUTE:
                    old, new = set(map(str, change.old)), set(map(str, change.new))
                    self._wanted.update(new - old)
                    self._wanted.subtract(old - new)
        people = [_person(item) for item in acting if item.action is Action.CREATE]
        if people and self._ends.policies is not None:
            rules, templates = self._ends.policies, self._ends.templates
            found = await units_for(rules, people, await self._licenses(), self._now, templates)
            self._wanted.update(found.wanted)

    async def short(self) -> Sequence[Shortage]:
        """
        Return which licences there are too few of.
        """
        if not any(count > 0 for count in self._wanted.values()):
            return []
        known = {each.uid: found_of(each) for each in await self._licenses()}
        wanted = {uid: count for uid, count in self._wanted.items() if count > 0 and uid in known}
        missing = short_of({uid: each.free for uid, each in known.items()}, wanted)
        return [Shortage(uid, known[uid].name, count) for uid, count in missing.items()]

    async def _licenses(self) -> Sequence[ConnectorObject]:
        if self._read is None:
            self._read = await _licenses_of(self._ends, self._actor)
        return self._read


async def _licenses_of(ends: Ends, actor: str) -> Sequence[ConnectorObject]:
    if all(each.name != _CLASS for each in ends.target.schema.object_classes):
        return []
    options = OperationOptions(actor=Actor(actor, DOOR), lane=Lane.BULK)
    found: list[ConnectorObject] = []
    try:
        async for licenses in ends.target.search(_CLASS, EVERYTHING, options):
            found += licenses
    except ConnectorError as problem:
        _log.warning("sync.units_unread", system=ends.mapping.system, reason=problem.message)
        return []
    return found


def _person(item: PlanItem) -> Person:
    attributes = {change.attribute: change.new for change in item.changes}
    held = frozenset(map(str, attributes.get(_ATTRIBUTE, ())))
    return Person(item.source_key or "", attributes, held=held)
