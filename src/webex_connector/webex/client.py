"""
The Webex client: one object with a drawer for each resource.
"""

from webex_connector.base.clock import Clock
from webex_connector.webex.pace import Pacer
from webex_connector.webex.resources.groups import Groups
from webex_connector.webex.resources.licenses import Licenses
from webex_connector.webex.resources.organizations import Organizations
from webex_connector.webex.resources.people import People
from webex_connector.webex.resources.roles import Roles
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.tokens import TokenSource
from webex_connector.webex.transport import Transport


class WebexClient:
    """
    One Webex organisation, seen through one token source. Close it with `aclose`.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.people = People(transport)
        self.groups = Groups(transport)
        self.licenses = Licenses(transport)
        self.roles = Roles(transport)
        self.organizations = Organizations(transport)

    async def aclose(self) -> None:
        """
        Close every connection.
        """
        await self._transport.aclose()


def connect(settings: ClientSettings, tokens: TokenSource, pacer: Pacer, clock: Clock) -> WebexClient:
    """
    Return a client. Nothing is sent before the first request.
    """
    return WebexClient(Transport(settings, tokens, pacer, clock))
