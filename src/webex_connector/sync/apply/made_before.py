"""
Making an object that an earlier attempt may have made: it is looked for first, and completed if it is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from webex_connector.icf.errors import Ambiguous, ConnectorError, Verdict
from webex_connector.icf.filters import And, Filter, Or, equals
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.store.plans import Settled
from webex_connector.sync.apply.outcomes import Attempt, Judge
from webex_connector.sync.apply.ports import Now, TargetSystem
from webex_connector.sync.apply.requests import adds, request_of
from webex_connector.sync.decide.comparing import Comparison, named
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.plan import AttributeChange, PlanItem
from webex_connector.sync.decide.situation import Action


class MadeBefore:
    """
    Makes objects of one mapping that may be there already.
    """

    def __init__(
        self, mapping: SyncMapping, target: TargetSystem, comparison: Comparison, judge: Judge, now: Now
    ) -> None:
        self._mapping, self._target, self._comparison = mapping, target, comparison
        self._judge, self._now = judge, now
        self._info: ObjectClassInfo = target.schema.object_class(mapping.object_class)

    async def settled(self, tried: Attempt, request: ChangeRequest, options: OperationOptions) -> Settled:
        """
        Make or complete an object. Raises the ConnectorError after which nothing more can succeed.
        """
        try:
            there = await self._look(request, options)
            if there is None:
                result = await self._target.create(self._mapping.object_class, request.attributes or {}, options)
                return self._judge.done(tried, result)
            return self._judge.done(tried, await self._completed(tried.item, there, request, options), adopted=True)
        except ConnectorError as problem:
            if problem.verdict is Verdict.STOP_RUN:
                raise
            return self._judge.ended(tried, ChangeOutcome(Fate.REFUSED, error=problem), self._now())

    async def _look(self, request: ChangeRequest, options: OperationOptions) -> ConnectorObject | None:
        node = self._corresponding(request.attributes or {})
        asked = replace(options, live=True, attributes_to_get=tuple(self._comparison.attributes))
        found: list[ConnectorObject] = []
        async for objects in self._target.search(self._mapping.object_class, node, asked):
            found += objects
        if len(found) > 1:
            uids = ", ".join(sorted(each.uid for each in found))
            raise Ambiguous(f"Several objects correspond, and which of them was made here nobody knows: {uids}")
        return found[0] if found else None

    def _corresponding(self, attributes: Mapping[str, Sequence[object]]) -> Filter:
        for rule in self._mapping.correlation:
            if all(attributes.get(each) for each in rule.attributes):
                parts = [Or(tuple(equals(each, str(value)) for value in attributes[each])) for each in rule.attributes]
                return parts[0] if len(parts) == 1 else And(tuple(parts))
        name = self._info.name_attribute
        values = attributes.get(name or "", ())
        return Or(tuple(equals(str(name), str(value)) for value in values))

    async def _completed(
        self, item: PlanItem, there: ConnectorObject, request: ChangeRequest, options: OperationOptions
    ) -> WriteResult:
        differing = self._comparison.changes(request.attributes or {}, named(there))
        changes = tuple(each for each in map(self._added, differing) if each.new != each.old)
        left = replace(item, action=Action.UPDATE, target_uid=there.uid, changes=changes)
        asked = request_of(left, self._info, {})
        if asked is None:
            return WriteResult(there.uid, there, there, changed=False)
        return await self._target.update(self._mapping.object_class, there.uid, asked.deltas, options)

    def _added(self, change: AttributeChange) -> AttributeChange:
        """
        Return a change that takes nothing of what Webex gave to somebody beside it, such as licences.
        """
        if not adds(self._info.attribute(change.attribute)):
            return change
        more = tuple(each for each in change.new if each not in change.old)
        return replace(change, new=(*change.old, *more))
