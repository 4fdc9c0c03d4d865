"""
Users by SCIM 2.0: https://developer.webex.com/docs/api/v1/scim-2-users.

A user is a person without licences; its id is the bare UUID inside the person's id.
"""

from collections.abc import AsyncIterator, Sequence

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.errors import NotFound
from webex_connector.webex.paging import Page, counted_pages
from webex_connector.webex.scim_wire import Search, patch_body, resource, scim_request
from webex_connector.webex.wire import Json


class ScimUsers:
    """
    The users of one organisation, which is given by its UUID. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender, organization: str) -> None:
        self._sender = sender
        self._place = (organization, "v2", "Users")

    def search(
        self,
        search: Search,
        call: Call,
        *,
        start_index: int = 1,
        return_groups: bool = False,
    ) -> AsyncIterator[Page]:
        """
        Yield every page from `start_index` on; the first user is 1. Each page tells the size of the whole.

        With `return_groups` each user comes with the groups it is in. Raise Refused, with the code `invalidFilter`, for
        a filter that Webex does not know: it takes `eq`, `sw` and `ew` on few attributes.
        """
        query = search.parameters() | ({"returnGroups": "true"} if return_groups else {})
        request = scim_request("GET", *self._place, query=query)
        return counted_pages(self._sender, request, call, "Resources", total="totalResults", start_index=start_index)

    async def get(self, user_id: str, call: Call) -> Json:
        """
        Return the user. Raise NotFound when there is none, or no longer.
        """
        return resource(await self._sender.send(scim_request("GET", *self._path(user_id)), call), user_id)

    async def me(self, call: Call) -> Json:
        """
        Return the user who owns the token. A service app is nobody: it is refused.
        """
        return resource(await self._sender.send(scim_request("GET", "v2", "Users", "me"), call))

    async def create(self, body: Json, call: Call) -> Json:
        """
        Return the user created, who has no licence but those a template gives.

        Raise Conflict when the user name is taken, be it in another organisation: names are unique in all of Webex.
        """
        return resource(await self._sender.send(scim_request("POST", *self._place, body=body), call))

    async def patch(self, user_id: str, operations: Sequence[Json], call: Call) -> Json | None:
        """
        Apply the operations that `scim_wire` makes, in their order; what they do not name stays.

        Return the user as Webex now sees it, or None when it does not tell (204). After Refused the operations before
        the one that failed may be in place.
        """
        request = scim_request("PATCH", *self._path(user_id), body=patch_body(operations))
        answer = await self._sender.send(request, call)
        return None if answer.data is None else resource(answer, user_id)

    async def replace(self, user_id: str, body: Json, call: Call) -> Json | None:
        """
        Replace the whole user: what `body` leaves out is cleared. Return the user, or None when Webex does not tell.
        """
        answer = await self._sender.send(scim_request("PUT", *self._path(user_id), body=body), call)
        return None if answer.data is None else resource(answer, user_id)

    async def delete(self, user_id: str, call: Call) -> None:
        """
        Delete the user for good. Raise NotFound when there is none, or no longer.
        """
        await self._sender.send(scim_request("DELETE", *self._path(user_id)), call)

    def _path(self, user_id: str) -> tuple[str, ...]:
        if user_id.lower() == "me":
            raise NotFound("'me' is not an id", request="/Users/me")
        return (*self._place, user_id)
