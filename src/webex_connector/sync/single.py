"""
What belongs to one record, without comparing everybody: for changes as they come, and to explain one of them.
"""

from collections.abc import Sequence
from datetime import datetime

from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.filters import Filter, Or, equals
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import OperationOptions
from webex_connector.store.links import KeptLink, LinkTable
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.deciding import Pair, chosen, item_of, policies_of, referred
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER, CorrelationRule
from webex_connector.sync.decide.mapped import Mapped, Target
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import GoneSide, SourceSide, of_gone, of_source
from webex_connector.sync.ends import Ends


class Single:
    """
    Finds the object of one record at a time. What it asks of the target, a mirror answers.
    """

    def __init__(self, ends: Ends, links: LinkTable, options: OperationOptions) -> None:
        self._ends, self._links, self._options = ends, links, options

    async def of_record(self, record: Mapped) -> Pair:
        """
        Return a record that is there with its object and their situation. Raises what the target and the store raise.
        """
        link = await self._linked(record.key, record.qualifier)
        target = None if link is None else await self._target(link.target_uid)
        if link is not None and (link.dead is None or await self._revives(link, record, target)):
            situation = of_source(SourceSide(record.qualifies, is_linked=True, target_exists=target is not None))
            uid, since = link.target_uid, link.condemned or link.dead
            return Pair(situation, record, target, record.key, uid, record.qualifier, is_linked=True, condemned=since)
        found = await self.corresponding(record)
        taken = len(found) == 1 and await self._is_taken(found[0].uid, record.qualifier)
        side = SourceSide(record.qualifies, is_linked=False, corresponding=len(found), is_taken=taken)
        one = found[0] if len(found) == 1 else None
        candidates = () if len(found) == 1 else tuple(each.uid for each in found)
        return Pair(of_source(side), record, one, record.key, None, record.qualifier, candidates=candidates)

    async def of_gone(self, key: str, qualifier: str = DEFAULT_QUALIFIER) -> Pair:
        """
        Return a record that is gone with the object it leaves behind. How it was before nobody remembers, so without a
        link it has left nothing. Raises what the target and the store raise.
        """
        link = await self._linked(key, qualifier)
        if link is None or link.dead is not None:
            return Pair(of_gone(GoneSide(is_linked=False)), None, None, key, None, qualifier)
        target = await self._target(link.target_uid)
        side = GoneSide(
            is_linked=True, target_exists=target is not None, target_is_valid=target is None or target.valid
        )
        uid, since = link.target_uid, link.condemned
        return Pair(of_gone(side), None, target, key, uid, qualifier, is_linked=True, condemned=since)

    async def item(self, pair: Pair, comparison: Comparison, now: datetime) -> PlanItem:
        """
        Return what would be done about a pair at this moment. Raises what the store raises.
        """
        mapping, rules = self._ends.mapping, self._ends.rules
        (pair,) = await rules.completed([pair])
        holds = [
            each.condition is None or (await rules.hold(each.condition, [pair]))[0]
            for each in policies_of(mapping, pair.situation)
        ]
        known = await self._links.of_keys(mapping.link_type, sorted(referred([pair])), turned=mapping.links_turned)
        linked = {key: uid for (key, qualifier), uid in known.items() if qualifier == pair.qualifier}
        return item_of(mapping, comparison, pair, chosen(mapping, pair.situation, holds), linked, now)

    async def corresponding(self, record: Mapped) -> Sequence[Target]:
        """
        Return the objects that correspond to a record by the first rule that finds any.
        """
        for number, rule in enumerate(self._ends.mapping.correlation):
            wanted = {value for of_rule, value in record.matches if of_rule == number}
            node = None if not wanted else _looking(rule, record)
            if node is None:
                continue
            found: list[ConnectorObject] = []
            async for objects in self._ends.target.search(self._ends.mapping.object_class, node, self._options):
                found += objects
            targets = [
                each
                for each in await self._ends.rules.targets(found)
                if any(of_rule == number and value in wanted for of_rule, value in each.matches)
            ]
            if targets:
                return targets
        return ()

    async def _linked(self, key: str, qualifier: str) -> KeptLink | None:
        mapping = self._ends.mapping
        return await self._links.one(mapping.link_type, key, qualifier, turned=mapping.links_turned)

    async def _is_taken(self, uid: str, qualifier: str) -> bool:
        mapping = self._ends.mapping
        return (uid, qualifier) in await self._links.of_keys(mapping.link_type, [uid], turned=not mapping.links_turned)

    async def _revives(self, link: KeptLink, record: Mapped, target: Target | None) -> bool:
        """
        Whether a dead link's object is there again with its record: the same person, as if disabled since, to be
        deleted later.
        """
        is_back = record.qualifies and target is not None
        return is_back and not await self._is_taken(link.target_uid, link.qualifier)

    async def _target(self, uid: str) -> Target | None:
        try:
            found = await self._ends.target.get(self._ends.mapping.object_class, uid, self._options)
        except UnknownUid:
            return None
        (target,) = await self._ends.rules.targets([found])
        return target


def _looking(rule: CorrelationRule, record: Mapped) -> Filter | None:
    """
    Return what the target is asked for by a rule; what comes is compared by all of it.
    """
    first = record.attributes.get(rule.attributes[0], ())
    asked = [equals(name, value) for name in (rule.attributes[0], *rule.aliases) for value in first]
    if not asked:
        return None
    return asked[0] if len(asked) == 1 else Or(tuple(asked))
