"""
Making, changing and deleting a group (https://developer.webex.com/docs/api/v1/groups).

Setting a name and putting members in or out can be repeated without harm. Making a group cannot: Webex may allow two
groups of one name, so after a lost answer we look before trying again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.steps import Steps
from webex_connector.connector.faults import attribute_in, meaning, open_question, reading
from webex_connector.connector.queries import Listing, group_filter
from webex_connector.icf.attributes import AttributeDelta, Attributes, Value, Values
from webex_connector.icf.errors import AlreadyExists
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import AnswerLost, Conflict, NotFound, ServerFailed, TooStrange, WebexError
from webex_connector.webex.resources.groups import MOST_MEMBERS

FIELDS = ("displayName", "description")
"""
What a change of a group may name beside its members.
"""

_TRIES = 3
_CLOCKS_DIFFER = timedelta(minutes=5)
_DOUBTFUL = (AnswerLost, ServerFailed, TooStrange)


def ids_of(members: Values) -> list[str]:
    """
    Return the people a member list names, each once.
    """
    return list(dict.fromkeys(str(member["id"]) for member in members if isinstance(member, dict)))


class GroupCreation:
    """
    One group being made.
    """

    def __init__(self, client: WebexClient, clock: Clock, attributes: Attributes, options: OperationOptions) -> None:
        self._client, self._clock, self._attributes = client, clock, attributes
        self.call = call_of(options)
        self.steps = Steps()

    async def run(self) -> dict[str, Any] | None:
        """
        Make the group and return it; None in a dry run. Raises AlreadyExists, or a ConnectorError if nothing was made.
        """
        body: dict[str, Any] = {
            name: self._attributes[name][0] for name in (*FIELDS, "orgId") if self._attributes.get(name)
        }
        members = ids_of(self._attributes.get("members", ()))
        if members:
            body["members"] = [{"id": each} for each in members[:MOST_MEMBERS]]
        sent = await self._made(body)
        rest = members[MOST_MEMBERS:]
        if rest:
            uid = sent["id"] if sent else "{id}"
            await change_members(self._client, uid, rest, [], self.call, self.steps)
        if sent is None or not rest:
            return sent
        with reading():
            return await self._client.groups.get(sent["id"], self.call)

    async def _made(self, body: dict[str, Any]) -> dict[str, Any] | None:
        began = self._clock.now()
        failure: WebexError | None = None
        for _ in range(_TRIES):
            try:
                return await self.steps.take(self._client.groups.create(body, self.call))
            except _DOUBTFUL as error:
                failure = error
            except Conflict as error:
                known = await self._newest(body["displayName"], error)
                if failure is not None and known is not None and _since(known, began):
                    return self._found(known)
                uid = known["id"] if known else None
                text = f"There is a group named {body['displayName']}"
                raise AlreadyExists(text, uid=uid, tracking_id=error.tracking_id) from error
            except WebexError as error:
                raise meaning(error, attribute=attribute_in(error, body)) from error
            known = await self._newest(body["displayName"], failure)
            if known is not None and _since(known, began):
                return self._found(known)
        assert failure is not None  # noqa: S101 - the loop ends early otherwise
        raise meaning(failure) from failure

    def _found(self, known: dict[str, Any]) -> dict[str, Any]:
        self.steps.done = True
        return known

    async def _newest(self, name: str, failure: WebexError) -> dict[str, Any] | None:
        found: list[dict[str, Any]] = []
        try:
            text = group_filter(Listing("eq", name))
            async for page in self._client.groups.list(self.call, display_name_filter=text):
                found += [group for group in page.items if str(group.get("displayName")).lower() == name.lower()]
        except WebexError as error:
            raise open_question(failure, f"the creation of the group {name}") from error
        return max(found, key=lambda group: str(group.get("created", "")), default=None)


def _since(group: dict[str, Any], began: datetime) -> bool:
    created = group.get("created")
    return isinstance(created, str) and datetime.fromisoformat(created) >= began - _CLOCKS_DIFFER


class GroupUpdate:
    """
    One change of one group.
    """

    def __init__(
        self,
        client: WebexClient,
        before: ConnectorObject,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
    ) -> None:
        self._client, self._before = client, before
        self._deltas = {delta.name: delta for delta in deltas}
        self.call = call_of(options)
        self.steps = Steps()

    async def run(self) -> dict[str, Any] | None:
        """
        Make the change and return the group as it is then; None in a dry run.

        Raises UnknownUid, or any ConnectorError as long as nothing was changed.
        """
        body = {name: self._field(name) for name in FIELDS if name in self._deltas and self._differs(name)}
        sent = await self._patched(body) if body else None
        members = self._deltas.get("members")
        if members is not None:
            add, remove = self._members(members)
            await change_members(self._client, self._before.uid, add, remove, self.call, self.steps)
        if self.steps.withheld:
            return None
        if sent is not None and members is None:
            return sent
        with reading():
            return await self._client.groups.get(self._before.uid, self.call)

    def _field(self, name: str) -> Value:
        values = self._deltas[name].replace or ()
        return values[0] if values else ""

    def _differs(self, name: str) -> bool:
        return (self._deltas[name].replace or ()) != self._before.values(name)

    async def _patched(self, body: dict[str, Any]) -> dict[str, Any] | None:
        failure: WebexError | None = None
        for _ in range(_TRIES):
            try:
                return await self.steps.take(self._client.groups.update(self._before.uid, body, self.call))
            except _DOUBTFUL as error:
                failure = error
            except WebexError as error:
                raise meaning(error, attribute=attribute_in(error, body)) from error
        assert failure is not None  # noqa: S101 - the loop ends early otherwise
        return await self._looked(body, failure)

    async def _looked(self, body: dict[str, Any], failure: WebexError) -> dict[str, Any]:
        try:
            seen = await self._client.groups.get(self._before.uid, self.call)
        except WebexError as error:
            raise open_question(failure, f"the change of the group {self._before.uid}") from error
        if any(seen.get(name, "") != value for name, value in body.items()):
            raise meaning(failure) from failure
        self.steps.done = True
        return seen

    def _members(self, delta: AttributeDelta) -> tuple[list[str], list[str]]:
        if delta.replace is None:
            return ids_of(delta.add), ids_of(delta.remove)
        have, wanted = ids_of(self._before.values("members")), ids_of(delta.replace)
        return [each for each in wanted if each not in set(have)], [each for each in have if each not in set(wanted)]


async def change_members(
    client: WebexClient,
    uid: str,
    add: Sequence[str],
    remove: Sequence[str],
    call: Any,
    steps: Steps,
) -> None:
    """
    Put members in and out, as many at a time as one request takes.

    A part that fails is repeated, then noted in `steps`; the others go on.
    """
    changes = [(each, True) for each in add] + [(each, False) for each in remove]
    for first in range(0, len(changes), MOST_MEMBERS):
        part = changes[first : first + MOST_MEMBERS]
        joining = [each for each, joins in part if joins]
        leaving = [each for each, joins in part if not joins]
        for remaining in reversed(range(_TRIES)):
            try:
                await steps.take(client.groups.change_members(uid, joining, leaving, call))
            except _DOUBTFUL as error:
                if not remaining:
                    steps.missed("members", tuple({"id": each} for each, _ in part), error)
                continue
            except WebexError as error:
                steps.missed("members", tuple({"id": each} for each, _ in part), error)
            break


async def deleted(client: WebexClient, before: ConnectorObject, options: OperationOptions) -> WriteResult:
    """
    Delete a group that was just read. Deleting twice is deleting once.
    """
    steps, call = Steps(), call_of(options)
    for remaining in reversed(range(_TRIES)):
        try:
            await steps.take(client.groups.delete(before.uid, call))
        except NotFound:
            steps.done = True
        except _DOUBTFUL as error:
            if remaining:
                continue
            raise open_question(error, f"the deletion of {before.uid}") from error
        except WebexError as error:
            raise meaning(error) from error
        break
    return steps.result(before.uid, before=before, after=before if steps.done else None)
