"""
Groups by SCIM 2.0: https://developer.webex.com/docs/api/v1/scim-2-groups. The same groups as those of `/v1`, with more
attributes and bare UUIDs.
"""

from collections.abc import AsyncIterator, Iterator, Sequence

from webex_connector.webex import scim_wire
from webex_connector.webex.call import Call, Sender
from webex_connector.webex.paging import Page, counted_pages
from webex_connector.webex.scim_wire import Search, having, patch_body, resource, scim_request
from webex_connector.webex.wire import Json

MOST_MEMBERS = 500
"""
How many members one request may change, or one page may hold.
"""


class ScimGroups:
    """
    The groups of one organisation, which is given by its UUID. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender, organization: str) -> None:
        self._sender = sender
        self._place = (organization, "v2", "Groups")

    def search(
        self,
        search: Search,
        call: Call,
        *,
        start_index: int = 1,
        include_members: bool = False,
    ) -> AsyncIterator[Page]:
        """
        Yield every page from `start_index` on; the first group is 1. Each page tells the size of the whole.

        Webex filters by `displayName` only.
        """
        query = search.parameters() | ({"includeMembers": "true"} if include_members else {})
        request = scim_request("GET", *self._place, query=query)
        return counted_pages(self._sender, request, call, "Resources", total="totalResults", start_index=start_index)

    async def get(self, group_id: str, call: Call, *, include_members: bool = False) -> Json:
        """
        Return the group, with its first 500 members if asked for. Raise NotFound when there is none.
        """
        query = {} if include_members else {"excludedAttributes": "members"}
        request = scim_request("GET", *self._place, group_id, query=query)
        return resource(await self._sender.send(request, call), group_id)

    def members(self, group_id: str, call: Call, *, start_index: int = 1) -> AsyncIterator[Page]:
        """
        Yield every page of the group's members (`value`, `type`, `display`), from the one with that number on.
        """
        query = {"count": str(MOST_MEMBERS)}
        request = scim_request("GET", *self._place, group_id, "Members", query=query)
        return counted_pages(
            self._sender,
            request,
            call,
            "members",
            total="memberSize",
            start_index=start_index,
            key="value",
        )

    async def create(self, body: Json, call: Call) -> Json:
        """
        Return the group created; `body` may hold 500 members at most.
        """
        return resource(await self._sender.send(scim_request("POST", *self._place, body=body), call))

    async def patch(self, group_id: str, operations: Sequence[Json], call: Call) -> Json | None:
        """
        Apply the operations that `scim_wire` makes, in their order; they may touch 500 members at most.

        Return the group as Webex now sees it, or None when it does not tell (204). After Refused the operations before
        the one that failed may be in place.
        """
        request = scim_request("PATCH", *self._place, group_id, body=patch_body(operations))
        answer = await self._sender.send(request, call)
        return None if answer.data is None else resource(answer, group_id)

    async def change_members(self, group_id: str, add: Sequence[str], remove: Sequence[str], call: Call) -> None:
        """
        Add and remove users by UUID, 500 in a request.

        The error of a later request says nothing about the earlier ones: they stay. With nothing to change nothing is
        sent.
        """
        for operations in _portions(add, remove):
            await self.patch(group_id, operations, call)

    async def replace(self, group_id: str, body: Json, call: Call) -> Json | None:
        """
        Replace the whole group, its members included: for groups of more than 500 members it must not be used.

        Return the group, or None when Webex does not tell.
        """
        answer = await self._sender.send(scim_request("PUT", *self._place, group_id, body=body), call)
        return None if answer.data is None else resource(answer, group_id)

    async def delete(self, group_id: str, call: Call) -> None:
        """
        Delete the group, not its members. Raise NotFound when there is none, or no longer.
        """
        await self._sender.send(scim_request("DELETE", *self._place, group_id), call)


def _portions(joining: Sequence[str], leaving: Sequence[str]) -> Iterator[list[Json]]:
    changes = [(user, True) for user in joining] + [(user, False) for user in leaving]
    for first in range(0, len(changes), MOST_MEMBERS):
        portion = changes[first : first + MOST_MEMBERS]
        members = [{"value": user, "type": "user"} for user, joins in portion if joins]
        operations = [scim_wire.remove(having("members", {"value": user})) for user, joins in portion if not joins]
        yield ([scim_wire.add("members", members)] if members else []) + operations
