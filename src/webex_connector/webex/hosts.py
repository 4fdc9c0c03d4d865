"""
The clouds that Webex runs in, and where each is reached.
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Hosts:
    """
    The addresses of one cloud. SCIM lives on the host of `service_uri`.
    """

    service_uri: str
    token_endpoint: str
    broker: str
    """The identity broker's consent page, where a bearer token to paste is fetched."""


class Environment(Enum):
    """
    The clouds: https://developer.webex.com/docs/api/getting-started and https://developer.webex.com/docs/fedramp-overview.
    """

    COMMERCIAL = "COMMERCIAL"
    """Everybody's."""

    GOVERNMENT = "GOVERNMENT"
    """Webex for Government (FedRAMP). Its token endpoint is not published; it is taken to be where the others are."""

    @property
    def hosts(self) -> Hosts:
        """
        Where it is reached.
        """
        root = _ROOTS[self]
        return Hosts(root, f"{root}/access_token", _BROKERS[self])


_ROOTS = {
    Environment.COMMERCIAL: "https://webexapis.com/v1",
    Environment.GOVERNMENT: "https://api-usgov.webex.com/v1",
}

# https://help.webex.com/en-us/article/nmm9pzdb
_BROKERS = {
    Environment.COMMERCIAL: "https://idbroker.webex.com/idb/oauth2/v1/authorize",
    Environment.GOVERNMENT: "https://idbroker-f.webex.com/idb/oauth2/v1/authorize",
}
