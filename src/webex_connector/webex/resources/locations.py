"""
Locations: https://developer.webex.com/docs/api/v1/locations.
"""

from collections.abc import AsyncIterator

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.paging import Page, linked_pages
from webex_connector.webex.wire import Json, Request, path_to

_PATH = path_to("locations")


class Locations:
    """
    The locations of the organisation. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        call: Call,
        *,
        name: str | None = None,
        max: int = 500,  # noqa: A002 - Webex's word
        start: str | None = None,
    ) -> AsyncIterator[Page]:
        """
        Yield every page, beginning at `start`, the `next_url` of an earlier page, if it is given.

        `name` is a part of the name, whatever its case.
        """
        query = {"max": str(max)} | ({"name": name} if name else {})
        return linked_pages(self._sender, Request("GET", _PATH, query, address=start), call, "items")

    async def get(self, location_id: str, call: Call) -> Json:
        """
        Return the location. Raise NotFound when there is none.
        """
        return (await self._sender.send(Request("GET", path_to("locations", location_id)), call)).resource()

    async def create(self, body: Json, call: Call) -> str:
        """
        Return the id of the location created; Webex tells no more of it.

        `body` must hold name, time zone, address, preferred language and language of announcements.
        """
        return str((await self._sender.send(Request("POST", _PATH, body=body), call)).resource()["id"])

    async def update(self, location_id: str, body: Json, call: Call) -> None:
        """
        Change the location. Webex answers without it: read it to know what it is like now.
        """
        await self._sender.send(Request("PUT", path_to("locations", location_id), body=body), call)

    async def delete(self, location_id: str, call: Call) -> None:
        """
        Delete the location. Raise Conflict while something refers to it, as a location with Calling always is.
        """
        await self._sender.send(Request("DELETE", path_to("locations", location_id)), call)
