"""
Administrator roles, which can be read only; they are given by writing a person (https://developer.webex.com/docs/api/v1/roles).
"""

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.wire import Json, Request, path_to


class Roles:
    """
    The roles of the organisation. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def list(self, call: Call) -> list[Json]:
        """
        Return all roles; Webex gives them in one answer.
        """
        return (await self._sender.send(Request("GET", path_to("roles")), call)).items("items")

    async def get(self, role_id: str, call: Call) -> Json:
        """
        Return the role. Raise NotFound when there is none.
        """
        return (await self._sender.send(Request("GET", path_to("roles", role_id)), call)).json()
