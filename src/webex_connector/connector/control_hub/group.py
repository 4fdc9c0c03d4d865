"""
`__GROUP__`: groups of people (https://developer.webex.com/docs/api/v1/groups).

A member list is never rewritten: members are put in and taken out, 500 in a request.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.by_uid import present
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.deletion import deleted
from webex_connector.connector.control_hub.group_writes import GroupCreation, GroupUpdate
from webex_connector.connector.control_hub.memberships import members_of
from webex_connector.connector.faults import read_all, reading, reading_one
from webex_connector.connector.one_at_a_time import OneAtATime
from webex_connector.connector.queries import GROUP_CONDITIONS, ByUid, Listing, group_filter, translated
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Value, Values
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject, WriteResult
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient

MEMBERS = "members"
_PAGE = 100

GROUP = ObjectClassInfo(
    names.GROUP,
    "Groups of people.",
    (
        AttributeInfo("displayName", "The group's name.", required=True),
        AttributeInfo("description", "What it is for."),
        AttributeInfo("orgId", "Id of the organisation.", case_sensitive=True, updateable=False),
        AttributeInfo(
            MEMBERS,
            "The people in it. Reading them costs one request for each 500.",
            AttributeType.MAP,
            many=True,
            case_sensitive=True,
            refers_to=names.ACCOUNT,
            returned_by_default=False,
            returned_when_read=True,
            fields=(
                AttributeInfo("id", "The person's id.", required=True),
                AttributeInfo("type", "user."),
                AttributeInfo("displayName", "The person's name; never written."),
            ),
        ),
        AttributeInfo(
            "memberSize", "How many members it has.", AttributeType.INTEGER, creatable=False, updateable=False
        ),
        AttributeInfo("created", "When it was made.", AttributeType.TIMESTAMP, creatable=False, updateable=False),
        AttributeInfo(
            "lastModified", "When it was changed last.", AttributeType.TIMESTAMP, creatable=False, updateable=False
        ),
    ),
    name_attribute="displayName",
)


def group_of(sent: dict[str, Any], members: Values | None = None) -> ConnectorObject:
    """
    Return the object for a group; with its members if they are handed in, or if Webex sent all of them.
    """
    if members is None and sent.get("memberSize") == len(sent.get(MEMBERS) or ()):
        members = tuple(sent.get(MEMBERS) or ())
    attributes: dict[str, Values] = {
        fact.name: (sent[fact.name],)
        for fact in GROUP.attributes
        if fact.name != MEMBERS and sent.get(fact.name) is not None
    }
    if members is not None:
        attributes[MEMBERS] = members
    return ConnectorObject(GROUP.name, sent["id"], sent.get("displayName"), attributes)


class Groups:
    """
    The handler of `__GROUP__`.
    """

    info = GROUP

    def __init__(self, client: WebexClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._turns = OneAtATime()

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a group. Members who could not be put in are in the result.

        Raises AlreadyExists for a name that a group of the organisation has, also where Webex would take it twice.
        """
        creation = GroupCreation(self._client, self._clock, attributes, options)
        sent = await creation.run()
        if sent is None:
            return creation.steps.result(None)
        return creation.steps.result(sent["id"], after=None if creation.unseen else group_of(sent))

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change name, description and members of a group.
        """
        async with self._turns.turn(uid):
            before = await self.get(uid, self._wanted_before(deltas), options)
            update = GroupUpdate(self._client, self.info, before, deltas, options)
            sent = await update.run()
            if sent is None:
                return update.steps.result(before.uid, before=before)
            return update.steps.result(before.uid, before=before, after=group_of(sent))

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Delete a group; its members stay in Webex.
        """
        call, steps = call_of(options), Steps()
        async with self._turns.turn(uid):
            before = await self.get(uid, self.info.defaults_when_read, options)
            groups, subject = self._client.groups, f"the deletion of the group {before.uid}"
            await deleted(lambda: groups.delete(before.uid, call), lambda: groups.get(before.uid, call), subject, steps)
        return steps.result(before.uid, before=before, after=before if steps.done else None)

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read a group, with all of its members if they are wanted.
        """
        call = call_of(options)
        with reading_one(GROUP.name, uid):
            sent = await self._client.groups.get(uid, call, include_members=MEMBERS in wanted)
        if MEMBERS not in wanted:
            return group_of(sent)
        return await self._whole(sent, call)

    def translate(self, node: Filter) -> Translation:
        """
        Webex finds groups by uid and by display name.
        """
        return translated(node, GROUP_CONDITIONS, GROUP.name_attribute)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream groups page by page.
        """
        if isinstance(native, ByUid):
            yield await present(lambda uid: self.get(uid, wanted, options), native.uids)
        elif isinstance(native, Listing):
            async for batch in self._listed(native, wanted, resume, options):
                yield batch

    async def _listed(
        self,
        listing: Listing,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        call = call_of(options)
        start = int(resume or 1)
        pages = self._client.groups.list(
            call,
            display_name_filter=group_filter(listing),
            include_members=MEMBERS in wanted,
            count=min(options.page_size, _PAGE) if options.page_size else _PAGE,
            start_index=start,
        )
        async for page in read_all(pages):
            start += len(page.items)
            if MEMBERS in wanted:
                found = [await self._whole(sent, call) for sent in page.items]
            else:
                found = [group_of(sent) for sent in page.items]
            more = page.total is None or start <= page.total
            yield Batch(found, str(start) if more and found else None, page.total)

    async def _whole(self, sent: dict[str, Any], call: Call) -> ConnectorObject:
        members: list[Value] = []
        with reading():
            async for some in members_of(self._client, sent, call):
                members.extend(some)
        return group_of(sent, tuple(members))

    def _wanted_before(self, deltas: Sequence[AttributeDelta]) -> frozenset[str]:
        replaces = any(delta.name == MEMBERS and delta.replace is not None for delta in deltas)
        return GROUP.defaults | {MEMBERS} if replaces else GROUP.defaults
