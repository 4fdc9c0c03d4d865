"""
Those for whom no policy holds any more, as a plan finds them: by what was noticed when they were changed, and by how
they are now.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.policy.judging import Rules
from webex_connector.policy.retiring import Retiring, retires, retiring
from webex_connector.store.retirements import RetirementTable
from webex_connector.sync.decide.deciding import Pair


class Leaving:
    """
    Tells who is to be disabled. Made by `leaving_of`.
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

    @property
    def noticed(self) -> Collection[str]:
        """
        The uids of those for whom a policy had ended, whatever has become of them since.
        """
        return self._ended.keys()

    async def among(self, pairs: Sequence[Pair]) -> dict[str, Retiring]:
        """
        Return which of these objects are to be disabled, by uid: those for whom no policy will hold once they are as
        their records have them.
        """
        people = {
            each.target.uid: {**each.target.attributes, **({} if each.source is None else each.source.attributes)}
            for each in pairs
            if each.target is not None and each.target.uid in self._ended
        }
        if not people:
            return {}
        judged = await self._rules.judged(list(people.items()), self._now)
        policies = self._rules.policies
        found = {
            uid: retiring(policies, verdicts, self._ended[uid]) for uid, verdicts in zip(people, judged, strict=True)
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
