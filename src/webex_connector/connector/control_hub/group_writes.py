"""
Making, changing and deleting a group (https://developer.webex.com/docs/api/v1/groups).

Setting a name and putting members in or out can be repeated without harm. Making a group cannot: Webex may allow two
groups of one name. So we look before, and whoever asks again after an end that nobody saw learns the uid instead of
getting a second group; after a failure we look again, and try again only when the service itself said that it failed.
"""

from collections.abc import Sequence
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.made_by_name import made
from webex_connector.connector.control_hub.memberships import change_members_there_are
from webex_connector.connector.faults import attribute_in, meaning, open_question, reading, undone
from webex_connector.connector.identity import without
from webex_connector.connector.queries import Listing, group_filter
from webex_connector.connector.steps import Steps
from webex_connector.icf.attributes import AttributeDelta, Attributes, Value, Values, after
from webex_connector.icf.errors import AlreadyExists, ConnectorError
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.icf.validation import refuse_cleared
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Conflict, Refused, WebexError
from webex_connector.webex.resources.groups import MOST_MEMBERS
from webex_connector.webex.wire import Json

FIELDS = ("displayName", "description")
"""
What a change of a group may name beside its members.
"""

_TRIES = 3


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
        self._may_share = options.namesakes
        self._before: frozenset[str] = frozenset()
        self.call = call_of(options)
        self.steps = Steps()
        self.unseen = False
        """Whether the group could not be read once all was done."""

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
        await self._refuse_known(body)
        sent = await made(self, body, self._clock, self.steps)
        rest = members[MOST_MEMBERS:]
        if rest:
            uid = sent["id"] if sent else "new"
            await _members_changed(self._client, uid, rest, [], self.call, self.steps)
        if sent is None or not rest:
            return sent
        try:
            return await self._client.groups.get(sent["id"], self.call)
        except WebexError:
            self.unseen = True
            return sent

    @property
    def subject(self) -> str:
        """
        The creation, as errors speak of it.
        """
        name: object = self._attributes["displayName"][0]
        return f"the creation of the group {name}"

    async def post(self, body: Json) -> Json:
        """
        Send the creation once. Raises the WebexError, Withheld in a dry run.
        """
        return await self._client.groups.create(body, self.call)

    async def namesakes(self, body: Json) -> list[Json]:
        """
        Return every group of the name that was not there before. Raises the WebexError.
        """
        return [each for each in await self._named(body["displayName"]) if each["id"] not in self._before]

    async def refusal(self, failures: Sequence[WebexError], body: Json) -> ConnectorError:
        """
        Return what the failures mean where no group was made: an organisation may hold names to be unique.
        """
        if isinstance(failures[-1], Conflict):
            return await self._exists(body, failures[-1])
        return undone(failures, self.subject, attribute=attribute_in(failures[-1], body))

    async def _refuse_known(self, body: dict[str, Any]) -> None:
        with reading():
            found = await self._named(body["displayName"])
        if found and not self._may_share:
            raise _taken(body, found)
        self._before = frozenset(each["id"] for each in found)

    async def _exists(self, body: dict[str, Any], error: WebexError) -> AlreadyExists:
        with reading():
            return _taken(body, await self._named(body["displayName"]), error.tracking_id)

    async def _named(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async for page in self._client.groups.list(self.call, display_name_filter=group_filter(Listing("eq", name))):
            found += [group for group in page.items if str(group.get("displayName")).lower() == name.lower()]
        return found


def _taken(body: dict[str, Any], found: Sequence[dict[str, Any]], tracking_id: str | None = None) -> AlreadyExists:
    uid = found[0]["id"] if found else None
    return AlreadyExists(f"There is a group named {body['displayName']}", uid=uid, tracking_id=tracking_id)


class GroupUpdate:
    """
    One change of one group.
    """

    def __init__(
        self,
        client: WebexClient,
        info: ObjectClassInfo,
        before: ConnectorObject,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
    ) -> None:
        self._client, self._info, self._before = client, info, before
        self._deltas = {delta.name: delta for delta in deltas}
        self.call = call_of(options)
        self.steps = Steps()

    async def run(self) -> dict[str, Any] | None:
        """
        Make the change and return the group as it is then; None when nothing was changed.

        Raises UnknownUid, or any ConnectorError as long as nothing was changed.
        """
        body = self._body()
        sent = await self._patched(body) if body else None
        members = self._deltas.get("members")
        if members is not None:
            add, remove = self._members(members)
            seen = await _members_changed(self._client, self._before.uid, add, remove, self.call, self.steps)
            if seen is not None:
                return seen
        if not self.steps.done:
            return None
        if sent is not None and members is None:
            return sent
        try:
            return await self._client.groups.get(self._before.uid, self.call)
        except WebexError:
            # Whatever was to be done is done or noted; an error would say that nothing is.
            return None

    def _body(self) -> dict[str, Value]:
        body: dict[str, Value] = {}
        for name in FIELDS:
            current = self._before.values(name)
            values = after(self._deltas[name], current) if name in self._deltas else current
            if values != current:
                refuse_cleared(self._info.attribute(name), values)
                body[name] = values[0] if values else ""
        return body

    async def _patched(self, body: dict[str, Any]) -> dict[str, Any] | None:
        failures: list[WebexError] = []
        for _ in range(_TRIES):
            try:
                return await self.steps.take(self._client.groups.update(self._before.uid, body, self.call))
            except WebexError as error:
                failures.append(error)
            if not failures[-1].may_have_happened or isinstance(failures[-1], Refused):
                break
        if any(failure.may_have_happened for failure in failures):
            return await self._looked(body, failures)
        raise meaning(failures[-1], attribute=attribute_in(failures[-1], body)) from failures[-1]

    async def _looked(self, body: dict[str, Any], failures: Sequence[WebexError]) -> dict[str, Any]:
        subject = f"the change of the group {self._before.uid}"
        try:
            seen = await self._client.groups.get(self._before.uid, self.call)
        except WebexError as error:
            raise open_question(failures[0], subject) from error
        if any(seen.get(name, "") != value for name, value in body.items()):
            raise undone(failures, subject, attribute=attribute_in(failures[-1], body)) from failures[-1]
        self.steps.done = True
        return seen

    def _members(self, delta: AttributeDelta) -> tuple[list[str], list[str]]:
        if delta.replace is None:
            return ids_of(delta.add), ids_of(delta.remove)
        have, wanted = ids_of(self._before.values("members")), ids_of(delta.replace)
        return without(wanted, have), without(have, wanted)


async def _members_changed(
    client: WebexClient,
    uid: str,
    add: Sequence[str],
    remove: Sequence[str],
    call: Call,
    steps: Steps,
) -> dict[str, Any] | None:
    """
    Put members in and out, as many at a time as one request takes. A part that fails is noted; the others go on.

    Return the group as Webex answered the last request, None when that is not known or nothing was sent.
    """
    seen: object = None
    changes = [(each, True) for each in add] + [(each, False) for each in remove]
    for first in range(0, len(changes), MOST_MEMBERS):
        part = changes[first : first + MOST_MEMBERS]
        joining = [each for each, joins in part if joins]
        leaving = [each for each, joins in part if not joins]
        everybody_missed = await change_members_there_are(client, uid, joining, leaving, call, steps)
        for missed in everybody_missed:
            values = tuple({"id": each} for each, _ in part if each in missed.people)
            steps.missed("members", values, missed.error)
        seen = None if everybody_missed else steps.answer
    return seen if isinstance(seen, dict) else None
