"""
What the client must know about the way to Webex. Names and defaults follow the configuration properties in
https://docs.pingidentity.com/openicf/connector-reference/webex.html.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from webex_connector.base.secret import Secret
from webex_connector.webex.certificates import ClientCertificate
from webex_connector.webex.wire import Root


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """
    The HTTP proxy to go through.
    """

    host: str
    port: int
    username: str | None = None
    password: Secret | None = None

    @property
    def address(self) -> str:
        """
        The proxy's address, without its credentials.
        """
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """
    The way to one Webex service.
    """

    service_uri: str = "https://webexapis.com/v1"
    """Where `/people` and the others live, the version included."""

    scim_uri: str | None = None
    """Where SCIM 2.0 lives, up to the organisation's UUID. `None` is `/identity/scim` on the host of `service_uri`."""

    maximum_connections: int = 10
    """Open connections at most, hence requests under way at most."""

    connection_timeout: float = 30.0
    """Seconds until a connection must stand, TLS included."""

    read_timeout: float = 60.0
    """Seconds of silence after which an answer counts as lost."""

    accept_self_signed: bool = False
    """Trust any certificate, whatever its issuer and name. For tests: whoever is in between can read the token."""

    disable_host_name_verifier: bool = False
    """Trust a certificate of a known issuer also when it was made out to another host."""

    disable_compression: bool = False
    """Ask Webex for uncompressed answers."""

    client_certificate: ClientCertificate | None = None
    """What is shown to a server that asks who we are."""

    proxy: ProxySettings | None = None
    """`None` leaves the choice to the environment (`HTTPS_PROXY`, `NO_PROXY`), if that is trusted."""

    trust_environment: bool = True
    """Whether proxies and certificate stores named in environment variables are used."""

    authorization_prefix: str = "Bearer"
    """The word before the token in the `Authorization` header (RFC 6750, section 2.1)."""

    @property
    def roots(self) -> Mapping[Root, str]:
        """
        Where each family of paths begins; our token goes to the hosts of these addresses and to no other.
        """
        service = urlsplit(self.service_uri)
        return {
            Root.SERVICE: self.service_uri,
            Root.SCIM: self.scim_uri or f"{service.scheme}://{service.netloc}/identity/scim",
        }
