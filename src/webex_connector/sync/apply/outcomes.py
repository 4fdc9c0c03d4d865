"""
From how a change ended to what is kept of it, and whether it is tried again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from webex_connector.icf import names
from webex_connector.icf.attributes import Values
from webex_connector.icf.errors import AlreadyExists, Ambiguous, ConnectorError, UnknownUid, Verdict
from webex_connector.icf.masking import masked_json
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import ChangeOutcome, Fate
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.store.links import LinkChange
from webex_connector.store.plans import ItemState, Settled
from webex_connector.sync.apply.requests import adds, refers
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.decide.plan import AttributeChange, Mark, PlanItem
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.item_text import object_text

MOST_ATTEMPTS = 5
"""
How often an item is tried before somebody has to look at it.
"""

ON_ITS_WAY = timedelta(minutes=2)
"""
How long a request that nobody saw the end of may still arrive: twice as long as anybody waits for an answer.
"""

NOT_THERE = "what it refers to is not there"
"""
Why an attribute is left out that refers to somebody who was not made yet, or could not be.
"""

_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(minutes=15)

_LINKING = frozenset({Action.CREATE, Action.UPDATE, Action.LINK})


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    An item that was tried: for the how-manieth time, and which of its attributes had nothing to refer to.
    """

    number: int
    item: PlanItem
    attempts: int
    missing: tuple[str, ...] = ()


class Judge:
    """
    Judges how the items of one mapping ended.
    """

    def __init__(self, mapping: SyncMapping, info: ObjectClassInfo, comparison: Comparison) -> None:
        self._info, self._comparison = info, comparison
        # Webex gives no address to two people; two groups may have one name.
        self._can_be_twice = mapping.object_class != names.ACCOUNT
        self._link = partial(LinkChange, mapping.link_type, turned=mapping.links_turned)

    def interrupted(self, number: int, item: PlanItem, now: datetime) -> Settled:
        """
        Return what becomes of an item that a process had begun which died: it waits, if need be until its request has
        arrived or never will.
        """
        late = self._can_be_twice and item.action is Action.CREATE
        return Settled(number, ItemState.WAITING, due=now + ON_ITS_WAY if late else None)

    def without_write(self, tried: Attempt) -> Settled:
        """
        Return the end of an item for which nothing is asked of the target.
        """
        item = tried.item
        if item.problem is not None:
            return Settled(tried.number, ItemState.REFUSED, masked_json({"reason": item.problem}))
        if tried.missing:
            return self.done(tried, WriteResult(item.target_uid))
        links = self._links(item, item.target_uid)
        return Settled(tried.number, ItemState.DONE if links else ItemState.SKIPPED, links=links)

    def ended(self, tried: Attempt, outcome: ChangeOutcome, now: datetime) -> Settled:
        """
        Return what is kept of an item's end.
        """
        if outcome.fate is Fate.DONE and outcome.result is not None:
            return self.done(tried, outcome.result)
        error = outcome.error or Ambiguous("Nobody knows how it ended")
        if isinstance(error, UnknownUid) and tried.item.action is Action.DELETE:
            return Settled(tried.number, ItemState.DONE, _reason(error), links=self._links(tried.item, None))
        if not _is_worth_another(error, tried):
            return Settled(tried.number, ItemState.REFUSED, _reason(error))
        if error.verdict is not Verdict.STOP_RUN and tried.attempts >= MOST_ATTEMPTS:
            return Settled(tried.number, ItemState.DEAD, _reason(error))
        pause = _pause(error, tried.attempts)
        if isinstance(error, Ambiguous) and self._can_be_twice and tried.item.action is Action.CREATE:
            pause = max(pause, ON_ITS_WAY)
        return Settled(tried.number, ItemState.WAITING, _reason(error), now + pause)

    def done(self, tried: Attempt, result: WriteResult, *, adopted: bool = False) -> Settled:
        """
        Return the end of a write that came back with a result, and was read back.
        """
        item = tried.item
        missed = [
            {"attribute": each.attribute, "reason": each.reason, "tracking_id": each.tracking_id}
            for each in result.not_applied
        ]
        missed += [{"attribute": each, "reason": NOT_THERE} for each in tried.missing]
        named = {each["attribute"] for each in missed}
        missed += [
            {"attribute": each, "reason": "read back, it was other than asked"}
            for each in self._differing(item, result.after)
            if each not in named
        ]
        kept = {
            "uid": result.uid,
            "before": object_text(result.before),
            "after": object_text(result.after),
            "not_applied": missed,
            "adopted": adopted,
            "changed_since": self._changed_since(item, result.before),
        }
        state = ItemState.PARTIAL if missed else ItemState.DONE
        return Settled(tried.number, state, masked_json(kept), links=self._links(item, result.uid))

    def _changed_since(self, item: PlanItem, before: ConnectorObject | None) -> list[str]:
        """
        Return the attributes that somebody else has changed between the plan and the write.
        """
        if before is None or item.action is Action.CREATE:
            return []
        planned = {each.attribute: each.old for each in item.changes if each.attribute in before.attributes}
        return [each.attribute for each in self._comparison.changes(planned, before.attributes)]

    def _differing(self, item: PlanItem, after: ConnectorObject | None) -> list[str]:
        if after is None or item.action is Action.DELETE:
            return []
        asked = {each.attribute: each for each in item.changes if each.attribute in after.attributes}
        wanted = {name: each.new for name, each in asked.items()}
        return [
            each.attribute
            for each in self._comparison.changes(wanted, after.attributes)
            if not refers(each.new) and not self._is_added_to(asked[each.attribute], each.old)
        ]

    def _is_added_to(self, asked: AttributeChange, there: Values) -> bool:
        """
        Whether an attribute that others add to, such as licences, has all that was given and nothing that was taken.
        """
        if not adds(self._info.attribute(asked.attribute)):
            return False
        return set(asked.new) <= set(there) and not set(asked.old) - set(asked.new) & set(there)

    def _links(self, item: PlanItem, uid: str | None) -> tuple[LinkChange, ...]:
        if item.source_key is None:
            return ()
        one = (item.source_key, item.link_qualifier)
        if item.action is Action.DELETE:
            return (self._link(*one, None, dies=True),)
        if item.action is Action.UNLINK:
            return (self._link(*one, None, dies=item.situation is Situation.LINK_ONLY),)
        if item.mark is Mark.CONDEMNED:
            return (self._link(*one, None, condemns=True),)
        known = uid or item.target_uid
        # A link that is made anew is condemned no more.
        is_new = item.action is Action.LINK or item.situation is not Situation.CONFIRMED or item.mark is Mark.PARDONED
        if item.action in _LINKING and known is not None and is_new:
            return (self._link(*one, known),)
        return ()


def _is_worth_another(error: ConnectorError, tried: Attempt) -> bool:
    if isinstance(error, AlreadyExists):
        # An earlier attempt has made it, and the target's search does not show it yet.
        return tried.attempts > 1
    return isinstance(error, Ambiguous) or error.verdict is not Verdict.REFUSE


def _pause(error: ConnectorError, attempts: int) -> timedelta:
    if error.verdict is Verdict.STOP_RUN:
        # Whoever goes on has mended what was in the way.
        return timedelta(0)
    if error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    if error.verdict is Verdict.RETRY_NOW:
        return timedelta(0)
    return min(_FIRST_PAUSE * float(2 ** (attempts - 1)), _LONGEST_PAUSE)


def _reason(error: ConnectorError) -> str:
    return masked_json({"error": type(error).__name__, "reason": error.message, "tracking_id": error.tracking_id})
