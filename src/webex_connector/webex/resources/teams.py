"""
Teams, of which Webex shows only those that the owner of the token is in (https://developer.webex.com/docs/api/v1/teams).
"""

from collections.abc import AsyncIterator

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.paging import Page, linked_pages
from webex_connector.webex.wire import Json, Request, path_to

_PATH = path_to("teams")


class Teams:
    """
    The teams of the owner of the token. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, call: Call, *, max: int = 100, start: str | None = None) -> AsyncIterator[Page]:  # noqa: A002 - Webex's word
        """
        Yield every page, beginning at `start`, the `next_url` of an earlier page, if it is given.
        """
        return linked_pages(self._sender, Request("GET", _PATH, {"max": str(max)}, address=start), call, "items")

    async def get(self, team_id: str, call: Call) -> Json:
        """
        Return the team. Raise NotFound when there is none to be seen.
        """
        return (await self._sender.send(Request("GET", path_to("teams", team_id)), call)).resource()

    async def create(self, body: Json, call: Call) -> Json:
        """
        Return the team created. The owner of the token is its first member and moderator.
        """
        return (await self._sender.send(Request("POST", _PATH, body=body), call)).resource()

    async def replace(self, team_id: str, body: Json, call: Call) -> Json:
        """
        Replace name and description; return the team. `body` must hold the name.
        """
        return (await self._sender.send(Request("PUT", path_to("teams", team_id), body=body), call)).resource()

    async def delete(self, team_id: str, call: Call) -> None:
        """
        Delete the team. Raise NotFound when there is none to be seen.
        """
        await self._sender.send(Request("DELETE", path_to("teams", team_id)), call)
