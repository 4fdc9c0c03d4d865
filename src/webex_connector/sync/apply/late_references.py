"""
References to objects that were not there when their turn came: of people who manage each other one is made first. They
are given once everything else has ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from webex_connector.icf.errors import ConnectorError, Verdict
from webex_connector.icf.masking import masked_json
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.store.links import LinkTable
from webex_connector.store.plans import ItemState, KeptItem, PlanTable, Settled
from webex_connector.sync.apply.outcomes import NOT_THERE
from webex_connector.sync.apply.ports import TargetSystem
from webex_connector.sync.apply.requests import Linked, missing, referred, request_of
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.item_text import item_of

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class LateReferences:
    """
    Gives the objects of one mapping what they could not be given before.
    """

    def __init__(self, mapping: SyncMapping, target: TargetSystem, plans: PlanTable, links: LinkTable) -> None:
        self._mapping, self._target, self._plans, self._links = mapping, target, plans, links
        self._info = target.schema.object_class(mapping.object_class)

    async def fill(self, plan: str, options: OperationOptions) -> None:
        """
        Give what can be given by now; doing it twice does no harm. What cannot be stays in the outcome.

        Raises the ConnectorError after which nothing more can succeed.
        """
        async for kept in self._plans.items(plan, frozenset({ItemState.PARTIAL})):
            items = {each.number: item_of(each.content) for each in kept}
            type_, turned = self._mapping.link_type, self._mapping.links_turned
            linked = await self._links.of_keys(type_, sorted(referred(items.values())), turned=turned)
            asked: list[tuple[KeptItem, ChangeRequest]] = []
            for each in kept:
                request = self._request(items[each.number], _decode(each.outcome or "{}"), linked)
                if request is not None:
                    asked.append((each, request))
            if asked:
                await self._give(plan, asked, options)

    def _request(self, item: PlanItem, outcome: Mapping[str, Any], linked: Linked) -> ChangeRequest | None:
        late = {each["attribute"] for each in outcome["not_applied"] if each["reason"] == NOT_THERE}
        late -= set(missing(item, linked))
        changes = tuple(each for each in item.changes if each.attribute in late)
        left = replace(item, action=Action.UPDATE, target_uid=outcome["uid"], changes=changes)
        return request_of(left, self._info, linked)

    async def _give(
        self, plan: str, asked: Sequence[tuple[KeptItem, ChangeRequest]], options: OperationOptions
    ) -> None:
        requests = [request for _, request in asked]
        try:
            outcomes = await self._target.apply_many(self._mapping.object_class, requests, options)
        except ConnectorError as problem:
            outcomes = [ChangeOutcome(Fate.REFUSED, error=problem) for _ in requests]
        ended = list(zip(asked, outcomes, strict=True))
        stopped = [one.error for _, one in ended if one.error is not None and one.error.verdict is Verdict.STOP_RUN]
        settled = [_settled(each, request, one) for (each, request), one in ended if one.error not in stopped]
        await self._plans.settle(plan, settled)
        if stopped:
            raise stopped[0]


def _settled(kept: KeptItem, request: ChangeRequest, ended: ChangeOutcome) -> Settled:
    outcome = _decode(kept.outcome or "{}")
    given = {delta.name for delta in request.deltas}
    if ended.error is not None:
        told = {"reason": ended.error.message, "tracking_id": ended.error.tracking_id}
        outcome["not_applied"] = [
            {**each, **told} if each["attribute"] in given else each for each in outcome["not_applied"]
        ]
        return Settled(kept.number, ItemState.PARTIAL, masked_json(outcome))
    outcome["not_applied"] = [each for each in outcome["not_applied"] if each["attribute"] not in given]
    if ended.result is not None:
        outcome["not_applied"] += [
            {"attribute": each.attribute, "reason": each.reason, "tracking_id": each.tracking_id}
            for each in ended.result.not_applied
        ]
        after = ended.result.after
        if after is not None and outcome.get("after"):
            outcome["after"]["attributes"] |= {name: after.values(name) for name in given}
    return Settled(kept.number, ItemState.PARTIAL if outcome["not_applied"] else ItemState.DONE, masked_json(outcome))
