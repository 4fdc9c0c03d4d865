"""
Organisations the token may see; a partner sees several (https://developer.webex.com/docs/api/v1/organizations).
"""

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.wire import Json, Request, path_to


class Organizations:
    """
    The organisations. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def list(self, call: Call) -> list[Json]:
        """
        Return all organisations; Webex gives them in one answer.
        """
        return (await self._sender.send(Request("GET", path_to("organizations")), call)).items("items")

    async def get(self, organization_id: str, call: Call) -> Json:
        """
        Return the organisation. Raise NotFound when there is none, or none to be seen.
        """
        return (await self._sender.send(Request("GET", path_to("organizations", organization_id)), call)).json()
