"""
Who is in a team, and who moderates it (https://developer.webex.com/docs/api/v1/team-memberships).
"""

from collections.abc import AsyncIterator

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.paging import Page, linked_pages
from webex_connector.webex.wire import Json, Request, path_to

_PATH = path_to("team", "memberships")


class TeamMemberships:
    """
    The memberships of the teams that the owner of the token is in. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, team_id: str, call: Call, *, max: int = 100, start: str | None = None) -> AsyncIterator[Page]:  # noqa: A002 - Webex's word
        """
        Yield every page of the team's memberships, beginning at `start`, the `next_url` of an earlier page.
        """
        request = Request("GET", _PATH, {"teamId": team_id, "max": str(max)}, address=start)
        return linked_pages(self._sender, request, call, "items")

    async def get(self, membership_id: str, call: Call) -> Json:
        """
        Return the membership. Raise NotFound when there is none.
        """
        return (await self._sender.send(Request("GET", _path_of(membership_id)), call)).resource()

    async def create(self, team_id: str, person_id: str, call: Call, *, is_moderator: bool = False) -> Json:
        """
        Put a person into the team; return the membership. Raise Conflict when the person is already in it.
        """
        body = {"teamId": team_id, "personId": person_id, "isModerator": is_moderator}
        return (await self._sender.send(Request("POST", _PATH, body=body), call)).resource()

    async def update(self, membership_id: str, call: Call, *, is_moderator: bool) -> Json:
        """
        Make the member a moderator, or one no longer; return the membership.
        """
        body = {"isModerator": is_moderator}
        return (await self._sender.send(Request("PUT", _path_of(membership_id), body=body), call)).resource()

    async def delete(self, membership_id: str, call: Call) -> None:
        """
        Take the person out of the team. Webex refuses to let the last moderator go: somebody else must be one first.
        """
        await self._sender.send(Request("DELETE", _path_of(membership_id)), call)


def _path_of(membership_id: str) -> str:
    return path_to("team", "memberships", membership_id)
