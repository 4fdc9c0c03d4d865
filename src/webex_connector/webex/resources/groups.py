"""
Groups and their members: https://developer.webex.com/docs/api/v1/groups.
"""

from collections.abc import AsyncIterator, Sequence

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.paging import Page, counted_pages
from webex_connector.webex.wire import Json, Request, path_to

_PATH = path_to("groups")
MOST_MEMBERS = 500
"""
How many members one request may change, or one page may hold.
"""


class Groups:
    """
    The groups of the organisation. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        call: Call,
        *,
        display_name_filter: str | None = None,
        include_members: bool = False,
        count: int = 100,
        start_index: int = 1,
    ) -> AsyncIterator[Page]:
        """
        Yield every page of the groups from `start_index` on; the first group is 1.

        They are ordered by id, so that a walk over a changing set misses little. `display_name_filter` is a filter in
        Webex's words: `displayName eq "…"` or `displayName sw "…"`. With `include_members` each group comes with its
        first 500 members.
        """
        query = {"sortBy": "id", "sortOrder": "ascending", "count": str(count)}
        if display_name_filter:
            query["filter"] = display_name_filter
        if include_members:
            query["includeMembers"] = "true"
        request = Request("GET", _PATH, query)
        return counted_pages(self._sender, request, call, "groups", total="totalResults", start_index=start_index)

    async def get(self, group_id: str, call: Call, *, include_members: bool = False) -> Json:
        """
        Return the group, with its first 500 members if asked for. Raise NotFound when there is none.
        """
        query = {"includeMembers": "true"} if include_members else {}
        return (await self._sender.send(Request("GET", path_to("groups", group_id), query), call)).resource()

    def members(self, group_id: str, call: Call, start_index: int = 1) -> AsyncIterator[Page]:
        """
        Yield every page of the group's members, from the one with that number on; the first is 1.
        """
        request = Request("GET", path_to("groups", group_id, "members"), {"count": str(MOST_MEMBERS)})
        return counted_pages(self._sender, request, call, "members", total="memberSize", start_index=start_index)

    async def create(self, body: Json, call: Call) -> Json:
        """
        Return the group created; `body` may hold 500 members at most.
        """
        return (await self._sender.send(Request("POST", _PATH, body=body), call)).resource()

    async def update(self, group_id: str, body: Json, call: Call) -> Json:
        """
        Change what `body` names and nothing else; return the group.
        """
        return (await self._sender.send(Request("PATCH", path_to("groups", group_id), body=body), call)).resource()

    async def change_members(
        self,
        group_id: str,
        add: Sequence[str],
        remove: Sequence[str],
        call: Call,
    ) -> Json | None:
        """
        Add and remove people by id, 500 in a request; return the group as Webex saw it after the last one, None when
        Webex did not show it.

        The error of a later request says nothing about the earlier ones: they stay. With nothing to change nothing is
        sent.
        """
        changes = [{"id": person, "operation": "add"} for person in add]
        changes += [{"id": person, "operation": "delete"} for person in remove]
        group: Json | None = None
        for first in range(0, len(changes), MOST_MEMBERS):
            body = {"members": changes[first : first + MOST_MEMBERS]}
            shown = (await self._sender.send(Request("PATCH", path_to("groups", group_id), body=body), call)).data
            group = shown if isinstance(shown, dict) and shown.get("id") else None
        return group

    async def delete(self, group_id: str, call: Call) -> None:
        """
        Delete the group, not its members. Raise NotFound when there is none, or no longer.
        """
        await self._sender.send(Request("DELETE", path_to("groups", group_id)), call)
