"""
`__ACCOUNT__` on the SCIM road: the people road with SCIM beside it.

What SCIM can write, it writes, one request for each change; what it cannot (licences, groups, sites, calling) goes on
by the people road. A few attributes exist in SCIM alone; reading them costs a SCIM request for each person, or one walk
of all SCIM users for a list.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.configuration import Road
from webex_connector.connector.control_hub.account import Accounts
from webex_connector.connector.control_hub.account_bulk import AccountBulk
from webex_connector.connector.control_hub.identity import identity
from webex_connector.connector.control_hub.road import Roads, Taken
from webex_connector.connector.control_hub.scim_bulk_update import ScimBulkUpdate, fits_bulk
from webex_connector.connector.control_hub.scim_update import ScimUpdate
from webex_connector.connector.control_hub.scim_user import CAPABLE, ONLY_HERE, attributes_of
from webex_connector.connector.control_hub.steps import Steps
from webex_connector.connector.faults import read_all, reading_one
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values, replaced
from webex_connector.icf.errors import Ambiguous, ConnectorError, PermissionDenied
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject, NotApplied, WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate, Translation
from webex_connector.icf.options import Lane, OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.scim_wire import Search

ALONE = frozenset(each.name for each in ONLY_HERE)
"""
The attributes that only SCIM has.
"""

_PAGE = 500


class ScimAccounts:
    """
    The handler of `__ACCOUNT__` where SCIM may be the road.
    """

    def __init__(self, people: Accounts, client: WebexClient, roads: Roads, clock: Clock) -> None:
        plain = people.info
        more = tuple(replace(each, returned_by_default=False) for each in ONLY_HERE)
        self.info = ObjectClassInfo(plain.name, plain.help, plain.attributes + more, plain.name_attribute)
        self._people, self._client, self._roads, self._clock = people, client, roads, clock

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a person by the people API, which takes licences along, and give what only SCIM has afterwards.
        """
        extra = {name: values for name, values in attributes.items() if name in ALONE}
        if extra:
            await self._demanded(call_of(options), next(iter(extra)))
        made = await self._people.create(
            {name: values for name, values in attributes.items() if name not in ALONE},
            options,
        )
        if not extra:
            return made
        if made.uid is None:
            return replace(made, withheld=(*made.withheld, "PATCH /Users/{id}"))
        steps = Steps()
        steps.done = True
        deltas = [replaced(name, *values) for name, values in extra.items()]
        await self._noted(made.uid, deltas, options, steps)
        missed = {each.attribute for each in steps.not_applied}
        given = {name: values for name, values in extra.items() if name not in missed}
        after = None if made.after is None else _with(made.after, given)
        return replace(made, after=after, not_applied=(*made.not_applied, *steps.not_applied))

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change by SCIM what it can, and the rest by the people road. Once something was changed, what fails is a part
        that was not applied.
        """
        call = call_of(options)
        alone = next((delta.name for delta in deltas if delta.name in ALONE), None)
        taken = await self._roads.taken(call) if alone is None else await self._demanded(call, alone)
        if taken.road is not Road.SCIM:
            return await self._people.update(uid, deltas, options)
        here = [delta for delta in deltas if delta.name in CAPABLE | ALONE]
        rest = [delta for delta in deltas if delta.name not in CAPABLE | ALONE]
        steps = Steps()
        if here:
            try:
                async with self._people.turns.turn(uid):
                    await ScimUpdate(self._client, taken.organization, uid, call, steps).run(here)
            except PermissionDenied:
                # A token with identity:people_read alone reads SCIM, which is how the road was chosen, and writes none.
                if alone is not None or not self._roads.is_free:
                    raise
                return await self._people.update(uid, deltas, options)
        if rest:
            return await self._rest(uid, rest, options, steps)
        after = None
        if options.lane is Lane.INTERACTIVE and not options.dry_run:
            after = await self._people.get(uid, self._people.info.defaults_when_read, options)
        return steps.result(uid, after=after)

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Delete a person for good.
        """
        return await self._people.delete(uid, options)

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Change people a hundred in a request where SCIM can, make and delete them a few at a time, and change each group
        once for each 500 of them. One outcome for each change, in order.
        """
        taken = await self._roads.taken(call_of(options))
        if taken.road is not Road.SCIM:
            return await AccountBulk(self._client, self, self._clock, changes, options).run()
        split = {place: _split(change) for place, change in enumerate(changes) if change.change is Change.UPDATE}
        bulk = ScimBulkUpdate(self._client.scim(taken.organization), self, options)
        outcomes = await bulk.run(
            {place: (changes[place].uid or "", here) for place, (here, _) in split.items() if here}
        )
        rest: dict[int, ChangeRequest] = {}
        for place, change in enumerate(changes):
            _, others = split.get(place, ((), change.deltas))
            if place not in outcomes:
                rest[place] = change
            elif others and outcomes[place].fate is Fate.DONE:
                rest[place] = replace(change, deltas=tuple(others))
        made = await AccountBulk(self._client, self, self._clock, list(rest.values()), options).run()
        for place, outcome in zip(rest, made, strict=True):
            outcomes[place] = _joined(outcomes.get(place), outcome, rest[place])
        return [outcomes[place] for place in range(len(changes))]

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read a person; what only SCIM has costs a request more.
        """
        found = await self._people.get(uid, wanted - ALONE, options)
        asked = ALONE & wanted
        if not asked:
            return found
        call = call_of(options)
        taken = await self._demanded(call, min(asked))
        with reading_one(self.info.name, uid):
            user = await self._client.scim(taken.organization).users.get(identity(found.uid), call)
        return _with(found, {name: values for name, values in attributes_of(user).items() if name in asked})

    def translate(self, node: Filter) -> Translation:
        """
        Split a filter as the people road does.
        """
        return self._people.translate(node)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream people page by page. With attributes wanted that only SCIM has, all SCIM users are walked once before.
        """
        asked = ALONE & wanted
        index = await self._index(asked, call_of(options)) if asked else {}
        async for batch in self._people.search(native, wanted - ALONE, resume, options):
            if asked:
                objects = [_with(each, index.get(identity(each.uid), {})) for each in batch.objects]
                yield replace(batch, objects=objects)
            else:
                yield batch

    async def _index(self, asked: frozenset[str], call: Call) -> dict[str, dict[str, Values]]:
        taken = await self._demanded(call, min(asked))
        found: dict[str, dict[str, Values]] = {}
        async for page in read_all(self._client.scim(taken.organization).users.search(Search(count=_PAGE), call)):
            for user in page.items:
                have = attributes_of(user)
                found[str(user["id"])] = {name: have[name] for name in asked if have[name]}
        return found

    async def _demanded(self, call: Call, attribute: str) -> Taken:
        taken = await self._roads.taken(call)
        if taken.road is not Road.SCIM:
            raise PermissionDenied(f"{attribute} is an attribute of SCIM alone; {taken.why}", attribute=attribute)
        return taken

    async def _noted(
        self,
        uid: str,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
        steps: Steps,
    ) -> None:
        call = call_of(options)
        try:
            taken = await self._roads.taken(call)
            await ScimUpdate(self._client, taken.organization, uid, call, steps).run(deltas)
        except ConnectorError as error:
            for delta in deltas:
                steps.missed(delta.name, delta.values, error)

    async def _rest(
        self,
        uid: str,
        rest: Sequence[AttributeDelta],
        options: OperationOptions,
        steps: Steps,
    ) -> WriteResult:
        try:
            result = await self._people.update(uid, rest, options)
        except Ambiguous:
            raise
        except ConnectorError as error:
            if not steps.done:
                raise
            for delta in rest:
                steps.missed(delta.name, delta.values, error)
            return steps.result(uid)
        return replace(
            result,
            not_applied=(*steps.not_applied, *result.not_applied),
            withheld=(*steps.withheld, *result.withheld),
            changed=steps.done or result.changed,
        )


def _split(change: ChangeRequest) -> tuple[list[AttributeDelta], list[AttributeDelta]]:
    here = [delta for delta in change.deltas if fits_bulk(delta)]
    return here, [delta for delta in change.deltas if not fits_bulk(delta)]


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
    missed = (NotApplied(delta.name, delta.values, error.message, error.tracking_id) for delta in change.deltas)
    return ChangeOutcome(Fate.DONE, replace(done, not_applied=(*done.not_applied, *missed)))


def _with(found: ConnectorObject, more: dict[str, Any]) -> ConnectorObject:
    return replace(found, attributes={**found.attributes, **{name: values for name, values in more.items() if values}})
