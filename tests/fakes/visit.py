"""
A simulated organisation that is served, and clients of it.
"""

from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.webex.call import Call, Lane
from webex_connector.webex.client import WebexClient, connect
from webex_connector.webex.oauth import OAuthClient, Tokens
from webex_connector.webex.pacer import AdaptivePacer
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.tokens import MemoryVault, RefreshGrant, StaticToken, TokenSource

BULK = Call(Lane.BULK)
NOW = Call()


class Visit:
    """
    An organisation that is served, and clients of it.
    """

    def __init__(self, sandbox: Sandbox, address: str, clock: VirtualClock) -> None:
        self.sandbox, self.clock = sandbox, clock
        self.settings = ClientSettings(service_uri=f"{address}/v1", trust_environment=False)
        self.client = self.connected(StaticToken(Secret(sandbox.credentials.access_token)))

    def connected(self, tokens: TokenSource) -> WebexClient:
        """
        Return a client with those tokens.
        """
        return connect(self.settings, tokens, AdaptivePacer(self.clock), self.clock)

    def grant(self, vault: MemoryVault) -> RefreshGrant:
        """
        Return the grant of an integration whose access token of long ago Webex no longer knows.
        """
        known = self.sandbox.credentials
        oauth = OAuthClient(f"{self.settings.service_uri}/access_token", known.client_id, Secret(known.client_secret))
        given = Tokens(Secret("long-forgotten"))
        return RefreshGrant(oauth, Secret(known.refresh_token), vault=vault, clock=self.clock, given=given)

    def everybody(self) -> list[str]:
        """
        The addresses of all people there are, in the order of the organisation.
        """
        return [person.email for _, person in self.sandbox.world.people()]
