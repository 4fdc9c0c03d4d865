"""
Those for whom no policy holds any more, as a plan finds them: by what was noticed when they were changed, and by how
they are now.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.policy.judging import Rules
from webex_connector.policy.retiring import Retiring, retires, retiring
from webex_connector.store.retirements import RetirementTable


class Leaving:
    """
    Tells who among objects is to be disabled. Made by `leaving_of`.
    """

    def __init__(self, rules: Rules, ended: Mapping[str, Mapping[str, datetime]], now: datetime) -> None:
        self._rules, self._ended, self._now = rules, ended, now

    def reads(self, info: ObjectClassInfo) -> frozenset[str]:
        """
        Return the attributes that have to be read of the objects.
        """
        if not self._ended:
            return frozenset()
        looks = self._rules.looked_at(self._rules.policies)
        return frozenset(each.name for each in info.attributes if each.readable) if looks is None else looks

    async def among(self, objects: Sequence[ConnectorObject]) -> dict[str, Retiring]:
        """
        Return who is to be disabled, by uid.
        """
        noticed = [each for each in objects if each.uid in self._ended]
        if not noticed:
            return {}
        judged = await self._rules.judged([(each.uid, each.attributes) for each in noticed], self._now)
        policies = self._rules.policies
        found = {
            each.uid: retiring(policies, verdicts, self._ended[each.uid])
            for each, verdicts in zip(noticed, judged, strict=True)
        }
        return {uid: each for uid, each in found.items() if each is not None}


async def leaving_of(rules: Rules | None, table: RetirementTable | None, now: datetime) -> Leaving | None:
    """
    Return what tells who is to be disabled by policies; None where no policy says that of anybody. Raises StoreFailed.
    """
    if rules is None or table is None or not any(retires(each) for each in rules.policies):
        return None
    ended: dict[str, dict[str, datetime]] = {}
    for each in await table.all():
        ended.setdefault(each.uid, {})[each.policy] = each.since
    return Leaving(rules, ended, now)
