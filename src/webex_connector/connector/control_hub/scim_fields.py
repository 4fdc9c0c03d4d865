"""
Many changes of people on the SCIM road, apart from their groups: in bulk what bulk can do in fewer requests, the rest a
few at a time. The changes of one person keep their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webex_connector.base.clock import Clock
from webex_connector.connector.a_few_at_a_time import for_each
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.account_one_by_one import OneByOne, Person
from webex_connector.connector.control_hub.account_plan import carried, fits_bulk_creation
from webex_connector.connector.control_hub.account_rounds import rounds
from webex_connector.connector.control_hub.own_account import OwnAccount
from webex_connector.connector.control_hub.road import Roads, Taken
from webex_connector.connector.control_hub.scim_bulk_create import ScimBulkCreate
from webex_connector.connector.control_hub.scim_bulk_delete import ScimBulkDelete
from webex_connector.connector.control_hub.scim_bulk_update import ScimBulkUpdate, fits_bulk
from webex_connector.connector.control_hub.scim_create import UNKNOWN, ScimCreation
from webex_connector.connector.control_hub.scim_hundreds import Hundreds, Understood, all_refused
from webex_connector.connector.control_hub.scim_user import CAPABLE
from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.writing import harm_of
from webex_connector.webex.client import WebexClient
from webex_connector.webex.ids import uuid_of

_WORTH_A_BULK = 2
"""
One creation or deletion by itself shows the person as well, in as many requests.
"""


@dataclass(frozen=True, slots=True)
class ScimRoad:
    """
    What it takes to change people by SCIM.
    """

    client: WebexClient
    clock: Clock
    roads: Roads
    own: OwnAccount
    taken: Taken
    understood: Understood


class ScimFields:
    """
    Some changes of people being made by SCIM.
    """

    def __init__(self, road: ScimRoad, singly: Person, options: OperationOptions) -> None:
        self._road, self._singly, self._options = road, singly, options
        self._scim = road.client.scim(road.taken.organization)
        self._stopped: ConnectorError | None = None

    @property
    def stopped(self) -> ConnectorError | None:
        """
        Why nothing more may be sent.
        """
        return self._stopped

    async def run(self, changes: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        """
        Make the changes; one outcome for each, under the same key.

        After an error that ends the run, what has not begun is refused with the same error.
        """
        if any(harm_of(each) is not None for each in changes.values()):
            await self._road.own.learn(call_of(self._options))
        outcomes: dict[int, ChangeOutcome] = {}
        for each in rounds(changes):
            outcomes |= await self._round(each)
        return outcomes

    async def _round(self, changes: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        """
        Make changes, each of another person. Deletions go first and creations last: an address may have to get free.
        """
        outcomes = await self._deleted(changes)
        split = {place: self._split(change) for place, change in changes.items() if change.change is Change.UPDATE}
        outcomes |= await self._updated(
            {place: (changes[place].uid or "", here) for place, (here, _) in split.items() if here}
        )
        outcomes |= await self._created(changes)
        if any(each.result is not None and each.result.changed for each in outcomes.values()):
            self._road.roads.proven()
        rest: dict[int, ChangeRequest] = {}
        for place, change in changes.items():
            _, others = split.get(place, ((), change.deltas))
            if place not in outcomes:
                rest[place] = change
            elif others and outcomes[place].fate is Fate.DONE:
                rest[place] = replace(change, deltas=tuple(others))
        for place, outcome in (await self._alone(rest)).items():
            outcomes[place] = _joined(outcomes.get(place), outcome, rest[place])
        return outcomes

    async def _deleted(self, changes: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        uids = {place: each.uid or "" for place, each in changes.items() if each.change is Change.DELETE}
        fit = {place: uid for place, uid in uids.items() if _has_uuid(uid) and not self._road.own.is_known_as(uid)}
        if len(fit) < _WORTH_A_BULK or self._stopped is not None:
            return {}
        hundreds = self._hundreds()
        outcomes = await ScimBulkDelete(self._road.client, hundreds, self._options).run(fit)
        self._stopped = hundreds.stopped
        return outcomes

    async def _updated(self, updates: Mapping[int, tuple[str, Sequence[AttributeDelta]]]) -> dict[int, ChangeOutcome]:
        if self._stopped is not None:
            return all_refused(updates, self._stopped)
        bulk = ScimBulkUpdate(self._scim, self._singly, self._options)
        outcomes = await bulk.run({place: update for place, update in updates.items() if _has_uuid(update[0])})
        self._stopped = bulk.stopped
        return outcomes

    async def _created(self, changes: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        creations = {
            place: carried(each.attributes or {}) for place, each in changes.items() if each.change is Change.CREATE
        }
        people = self._road.roads.people_may_write
        fit = {
            place: each
            for place, each in creations.items()
            if fits_bulk_creation(each, people=people) and len(each["emails"]) == 1
        }
        if len(fit) < _WORTH_A_BULK or self._stopped is not None:
            return {}
        hundreds = self._hundreds()
        making = ScimBulkCreate(self._scim, hundreds, self._singly.info, self._road.clock, self._options)
        outcomes = await making.run(fit)
        self._stopped = hundreds.stopped

        async def complete(place: int) -> None:
            outcomes[place] = await self._completed(outcomes[place], fit[place])

        done = [place for place, outcome in outcomes.items() if outcome.fate is Fate.DONE]
        await for_each(done, complete, self._road.client.connections)
        return outcomes

    async def _completed(self, outcome: ChangeOutcome, attributes: Attributes) -> ChangeOutcome:
        """
        Give somebody whom bulk made what it cannot carry.
        """
        result = outcome.result or WriteResult(None)
        road = self._road
        creation = ScimCreation(
            road.client, road.taken.organization, self._singly.info, road.clock, attributes, self._options
        )
        steps = creation.steps
        steps.done = result.changed
        if self._stopped is None:
            await creation.completed({"id": result.uid or UNKNOWN})
            if creation.stopped is not None:
                self._stopped = creation.stopped
        else:
            for name in attributes.keys() - CAPABLE:
                steps.missed(name, attributes[name], self._stopped)
        parts = (*result.not_applied, *steps.not_applied)
        return replace(outcome, result=replace(result, not_applied=parts, withheld=(*result.withheld, *steps.withheld)))

    async def _alone(self, changes: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        if self._stopped is not None:
            return all_refused(changes, self._stopped)
        work = OneByOne(self._road.client, self._singly, self._road.clock, self._options)
        outcomes = await work.run(changes)
        self._stopped = work.stopped
        return outcomes

    def _split(self, change: ChangeRequest) -> tuple[list[AttributeDelta], list[AttributeDelta]]:
        """
        Return what bulk may change, and the rest. The owner of the token is changed apart from the others: there,
        what may not be done to them is refused.
        """
        if self._road.own.is_known_as(change.uid or ""):
            return [], list(change.deltas)
        here = [delta for delta in change.deltas if fits_bulk(delta)]
        return here, [delta for delta in change.deltas if not fits_bulk(delta)]

    def _hundreds(self) -> Hundreds:
        return Hundreds(self._scim, self._road.understood, call_of(self._options))


def _has_uuid(uid: str) -> bool:
    # A bulk path takes any text; `me` would be whoever owns the token.
    try:
        uuid_of(uid)
    except ValueError:
        return False
    return True


def _joined(first: ChangeOutcome | None, second: ChangeOutcome, change: ChangeRequest) -> ChangeOutcome:
    """
    Return the outcome of a change that was made in two parts, the first of which is done.
    """
    if first is None or first.result is None:
        return second
    done = first.result
    if second.result is not None:
        both = replace(
            second.result,
            withheld=(*done.withheld, *second.result.withheld),
            not_applied=(*done.not_applied, *second.result.not_applied),
            changed=done.changed or second.result.changed,
        )
        return ChangeOutcome(Fate.DONE, both)
    if second.error is None or isinstance(second.error, Ambiguous) or not done.changed:
        return second
    error = second.error
    missed = (NotApplied.by(delta.name, delta.values, error) for delta in change.deltas)
    return ChangeOutcome(Fate.DONE, replace(done, not_applied=(*done.not_applied, *missed)))
