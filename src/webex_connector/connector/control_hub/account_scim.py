"""
`__ACCOUNT__` on the SCIM road: the people road with SCIM beside it.

What SCIM can write, it writes, one request for each change; what it cannot (licences, groups, sites, calling) goes on
by the people road. A few attributes exist in SCIM alone; reading them costs a SCIM request for each person, or one walk
of all SCIM users for a list.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.account import Accounts
from webex_connector.connector.control_hub.account_bulk import AccountBulk, Fields
from webex_connector.connector.control_hub.account_one_by_one import OneByOne
from webex_connector.connector.control_hub.account_scim_create import AccountScimCreation, demanding, with_more
from webex_connector.connector.control_hub.account_ways import ALONE, Way, changed_by
from webex_connector.connector.control_hub.existence import gone_if_unknown
from webex_connector.connector.control_hub.road import Roads, Taken
from webex_connector.connector.control_hub.scim_delete import deleted_by_scim
from webex_connector.connector.control_hub.scim_fields import ScimFields, ScimRoad
from webex_connector.connector.control_hub.scim_hundreds import Understood
from webex_connector.connector.control_hub.scim_update import ScimUpdate
from webex_connector.connector.control_hub.scim_user import ONLY_HERE, attributes_of
from webex_connector.connector.faults import read_all, reading_one
from webex_connector.connector.identity import identity
from webex_connector.connector.properties import Road
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values
from webex_connector.icf.errors import Ambiguous, ConnectorError, PermissionDenied, UnknownUid
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject, WriteResult
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest, Translation
from webex_connector.icf.options import Lane, OperationOptions
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.scim_wire import Search

_PAGE = 500

# Texts and switches that Webex keeps as they are, and that no other attribute is made of. That they were taken, its
# answer to the change shows.
_NOTHING_FOLLOWS = frozenset(
    {names.ENABLE, "title", "department", "costCenter", "division", "employeeNumber", "organization"}
)


def _tells_all(deltas: Sequence[AttributeDelta], user: Mapping[str, Any]) -> bool:
    """
    Whether the answer to a change leaves nothing to be read. Who has not accepted the invitation is enabled all the
    same, whatever SCIM says.
    """
    is_invited = "pending" in attributes_of(user)["accountStatus"]
    return not is_invited and all(delta.name in _NOTHING_FOLLOWS for delta in deltas)


class ScimAccounts:
    """
    The handler of `__ACCOUNT__` where SCIM may be the road.
    """

    def __init__(self, people: Accounts, client: WebexClient, roads: Roads, clock: Clock) -> None:
        plain = people.info
        more = tuple(replace(each, returned_by_default=False) for each in ONLY_HERE)
        here = tuple(replace(each, creatable=True) if each.name == names.ENABLE else each for each in plain.attributes)
        self.info = replace(plain, attributes=here + more)
        self._people, self._client, self._roads, self._clock = people, client, roads, clock
        self._creation = AccountScimCreation(people, client, roads, clock, self.info)
        self._understood = Understood()

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a person by whichever API takes fewer requests, see `account_scim_create`.
        """
        return await self._creation.run(attributes, options)

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
        here = [delta for delta in deltas if Way.PATCH_USER in changed_by(delta.name, Road.SCIM)]
        rest = [delta for delta in deltas if delta not in here]
        steps, answer = Steps(), None
        if here:
            await self._people.own.refuse_loss_unseen(uid, here, call)
            try:
                async with self._people.turns.turn(uid):
                    answer = await ScimUpdate(self._client, taken.organization, uid, call, steps).run(here)
            except PermissionDenied as error:
                if alone is not None or not self._roads.gives_way(error):
                    async with gone_if_unknown(self._client, uid, call):
                        raise
                return await self._people.update(uid, deltas, options)
            if steps.done:
                self._roads.proven()
        if rest:
            return await self._rest(uid, rest, options, steps)
        after = None
        needless = not options.read_back and answer is not None and _tells_all(deltas, answer)
        if options.lane is Lane.INTERACTIVE and not options.dry_run and not needless:
            after = await self._seen(uid, options, steps)
        return steps.result(uid, after=after)

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Delete a person for good, by SCIM where the people API may not.
        """
        taken = await self._roads.taken(call_of(options))
        if taken.road is not Road.SCIM:
            return await self._people.delete(uid, options)
        if self._roads.people_may_write:
            with suppress(PermissionDenied):
                return await self._people.delete(uid, options)
        await self._people.own.refuse_deletion(uid, call_of(options))
        async with self._people.turns.turn(uid):
            result = await deleted_by_scim(self._client.scim(taken.organization), self.info, uid, options)
        self._roads.people_may_write = False
        return result

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make, change and delete people a hundred in a request where SCIM can, else a few at a time, and change each
        group once for each 500 of them. One outcome for each change, in order.
        """
        taken = await self._roads.taken(call_of(options))
        fields: Fields = OneByOne(self._client, self, self._clock, options)
        if taken.road is Road.SCIM:
            road = ScimRoad(self._client, self._clock, self._roads, self._people.own, taken, self._understood)
            fields = ScimFields(road, self, options)
        return await AccountBulk(self._client, fields, changes, options).run()

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
        return with_more(found, {name: values for name, values in attributes_of(user).items() if name in asked})

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
                objects = [with_more(each, index.get(identity(each.uid), {})) for each in batch.objects]
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
        return demanding(await self._roads.taken(call), attribute)

    async def _seen(self, uid: str, options: OperationOptions, steps: Steps) -> ConnectorObject | None:
        """
        Read the person for whoever waits; None when that fails once the change is made: it is made all the same.
        """
        try:
            return await self._people.get(uid, self._people.info.defaults_when_read, options)
        except UnknownUid:
            raise
        except ConnectorError:
            if not steps.done:
                raise
            return None

    async def _rest(
        self,
        uid: str,
        rest: Sequence[AttributeDelta],
        options: OperationOptions,
        steps: Steps,
    ) -> WriteResult:
        done = steps.done
        try:
            result = await self._people.update(uid, rest, options, steps)
        except Ambiguous:
            raise
        except ConnectorError as error:
            if not done:
                raise
            for delta in rest:
                steps.missed(delta.name, delta.values, error)
            return steps.result(uid)
        # What was read before the rest is not what was there before the whole.
        return replace(result, before=None) if done else result
