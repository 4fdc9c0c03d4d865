"""
The configuration properties of the Control Hub connector, under exactly the names that the OpenICF connector uses
(https://docs.pingidentity.com/openicf/connector-reference/webex.html), and what they mean to the Webex client.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar
from urllib.parse import urlsplit

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import (
    ConfigurationMistakes,
    Mistake,
    Property,
    PropertyType,
    Setting,
)
from webex_connector.webex.oauth import OAuthClient, Tokens
from webex_connector.webex.pace import Rate
from webex_connector.webex.settings import ClientSettings, ProxySettings
from webex_connector.webex.tokens import DirectGrant, RefreshGrant, StaticToken, TokenSource, TokenVault

T = TypeVar("T")

_ANY_PORT = 1
_LAST_PORT = 65535


class Road(Enum):
    """
    What `road` may be set to, and what is then taken.
    """

    PEOPLE = "people"
    SCIM = "scim"
    AUTO = "auto"
    """
    SCIM if the token may use it, else people.
    """


NAME_ATTRIBUTES = ("emails", "displayName", "firstName")
"""
The attributes that may serve as the name of an account.
"""

LATER = tuple(
    Property(
        name,
        f"{help_} Does nothing yet; leave it empty.",
        secret=name in {"password", "clientCertPassword"},
        group="later",
        idle=True,
    )
    for name, help_ in {
        "login": "The user of BASIC.",
        "password": "The password of BASIC.",
        "clientCertAlias": "The client certificate.",
        "clientCertPassword": "The password of the client certificate's key.",
        "jwtKey": "The key that signs a JWT.",
        "jwtExpiration": "Seconds a JWT lives.",
        "jwtAlgorithm": "How a JWT is signed.",
        "jwtClaims": "What a JWT says.",
        "jwtPem": "The private key that signs a JWT.",
        "jwtCert": "The certificate to that key.",
        "keyAlgorithm": "The kind of that key.",
    }.items()
)
"""
Properties of the OpenICF connector that do nothing here yet.
"""

PROPERTIES = (
    Property("serviceUri", "The Webex API, version included.", default="https://webexapis.com/v1", group="base"),
    Property(
        "authenticationMethod",
        "How Webex knows us: OAUTH with a client id and secret, or TOKEN with a fixed access token.",
        default="OAUTH",
        allowed=("OAUTH", "TOKEN"),
        group="authentication",
    ),
    Property(
        "grantType",
        "How OAUTH gets its access tokens.",
        default="refresh_token",
        allowed=("refresh_token", "client_credentials"),
        group="authentication",
    ),
    Property(
        "tokenEndpoint",
        "Where access tokens are asked for.",
        default="https://webexapis.com/v1/access_token",
        group="authentication",
    ),
    Property("clientId", "The client id of the integration or service app.", group="authentication"),
    Property("clientSecret", "Its client secret.", secret=True, group="authentication"),
    Property("refreshToken", "The refresh token to start with.", secret=True, group="authentication"),
    Property("accessToken", "An access token to use first, until it ends.", secret=True, group="authentication"),
    Property(
        "tokenExpiration",
        "When accessToken ends: milliseconds since 1970-01-01 UTC. Without it, it is used until Webex refuses it.",
        PropertyType.INTEGER,
        group="authentication",
    ),
    Property("scope", "The scopes to ask for; those of the grant when empty.", group="authentication"),
    Property(
        "useBasicAuthForOauthTokenNeg",
        "Send client id and secret to the token endpoint by HTTP Basic; else in the form.",
        PropertyType.BOOLEAN,
        default=True,
        group="authentication",
    ),
    Property("authToken", "The access token of TOKEN.", secret=True, group="authentication"),
    Property(
        "authorizationTokenPrefix",
        "The word before the token in the Authorization header.",
        default="Bearer",
        group="authentication",
    ),
    Property("readRateLimit", "Reads at most: 2.5 (a second), 30/sec, 100/min. Empty: as Webex lets us.", group="pace"),
    Property("writeRateLimit", "Writes at most, in the same forms. Empty: as Webex lets us.", group="pace"),
    Property(
        "maximumConnections", "Connections at the same time.", PropertyType.INTEGER, default=10, group="connection"
    ),
    Property(
        "connectionTimeout", "Seconds until a connection stands.", PropertyType.INTEGER, default=30, group="connection"
    ),
    Property("httpProxyHost", "The proxy's host.", group="connection"),
    Property("httpProxyPort", "The proxy's port.", PropertyType.INTEGER, group="connection"),
    Property("httpProxyUsername", "The user at the proxy.", group="connection"),
    Property("httpProxyPassword", "The password at the proxy.", secret=True, group="connection"),
    Property(
        "acceptSelfSignedCertificates",
        "Trust any certificate. For tests only.",
        PropertyType.BOOLEAN,
        default=False,
        group="connection",
    ),
    Property(
        "disableHostNameVerifier",
        "Do not compare the certificate with the host. For tests only.",
        PropertyType.BOOLEAN,
        default=False,
        group="connection",
    ),
    Property(
        "disableHttpCompression",
        "Ask for uncompressed answers.",
        PropertyType.BOOLEAN,
        default=False,
        group="connection",
    ),
    Property(
        "nameAttribute",
        "The attribute of an account that is its __NAME__.",
        default="emails",
        allowed=NAME_ATTRIBUTES,
        group="model",
    ),
    Property(
        "road",
        "How accounts are changed: by the people API, by SCIM (scope identity:people_rw), or by SCIM if the token may.",
        default=Road.PEOPLE.value,
        allowed=tuple(each.value for each in Road),
        group="model",
    ),
    Property(
        "objectClasses",
        "Object classes beside the usual five.",
        PropertyType.LIST,
        default=(),
        allowed=("LOCATIONS", "TEAMS"),
        group="model",
    ),
    Property("scimUri", "Where SCIM lives; by default beside serviceUri, at /identity/scim.", group="base"),
    *LATER,
)
"""
Every property, in the order in which forms and pages show them.
"""


@dataclass(frozen=True, slots=True)
class Connection:
    """
    Everything that connects the connector to one organisation.
    """

    client: ClientSettings
    tokens: TokenSource
    read_rate: Rate | None
    write_rate: Rate | None
    name_attribute: str
    road: Road
    more_classes: tuple[str, ...]


class _Reader:
    """
    Typed access to validated settings that collects what is wrong with their combination.
    """

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        self._settings = settings
        self.mistakes: list[Mistake] = []

    def get(self, name: str, kind: type[T]) -> T | None:
        value = self._settings.get(name)
        return value if isinstance(value, kind) else None

    def need(self, name: str, kind: type[T], empty: T, why: str) -> T:
        value = self.get(name, kind)
        if value is None:
            self.mistakes.append(Mistake(name, f"is required {why}"))
        return empty if value is None else value

    def rate(self, name: str) -> Rate | None:
        text = self.get(name, str)
        try:
            return None if text is None else Rate.parse(text)
        except ValueError as problem:
            self.mistakes.append(Mistake(name, str(problem)))
            return None

    def positive(self, name: str, default: int) -> int:
        value = self.get(name, int)
        if value is not None and value < 1:
            self.mistakes.append(Mistake(name, f"must be 1 or more, not {value}"))
        return value or default

    def address(self, name: str, default: str) -> str:
        value = self.get(name, str) or default
        if "@" in value:
            # Not repeated: a password may stand there, and it would be sent to nobody as one.
            self.mistakes.append(Mistake(name, "must not hold a user name or a password"))
        elif not _is_address(value):
            self.mistakes.append(Mistake(name, f"must be an address that begins with https://, not {value!r}"))
        elif not _is_private(value):
            problem = f"must begin with https://: the token would be sent in clear to {value!r}"
            self.mistakes.append(Mistake(name, problem))
        return value.rstrip("/")

    def idle_without(self, other: str, *names: str) -> None:
        given = (name for name in names if self._settings.get(name) is not None)
        self.mistakes.extend(Mistake(name, f"does nothing without {other}") for name in given)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, brackets without an end
        return False


def _is_private(text: str) -> bool:
    """
    Say whether nobody on the way can read what is sent there.
    """
    parts = urlsplit(text)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def connection_of(settings: Mapping[str, Setting], clock: Clock, vault: TokenVault) -> Connection:
    """
    Turn validated settings into what the client needs.

    Raises ConfigurationMistakes with everything that is missing or contradicts.
    """
    reader = _Reader(settings)
    connection = Connection(
        _client(reader),
        _tokens(reader, clock, vault),
        reader.rate("readRateLimit"),
        reader.rate("writeRateLimit"),
        reader.get("nameAttribute", str) or "emails",
        Road(reader.get("road", str) or Road.PEOPLE.value),
        reader.get("objectClasses", tuple) or (),
    )
    if reader.mistakes:
        raise ConfigurationMistakes(reader.mistakes)
    return connection


def _client(reader: _Reader) -> ClientSettings:
    return ClientSettings(
        service_uri=reader.address("serviceUri", "https://webexapis.com/v1"),
        scim_uri=reader.address("scimUri", "") if reader.get("scimUri", str) else None,
        maximum_connections=reader.positive("maximumConnections", 10),
        connection_timeout=float(reader.positive("connectionTimeout", 30)),
        accept_self_signed=bool(reader.get("acceptSelfSignedCertificates", bool)),
        disable_host_name_verifier=bool(reader.get("disableHostNameVerifier", bool)),
        disable_compression=bool(reader.get("disableHttpCompression", bool)),
        proxy=_proxy(reader),
        authorization_prefix=reader.get("authorizationTokenPrefix", str) or "Bearer",
    )


def _proxy(reader: _Reader) -> ProxySettings | None:
    host = reader.get("httpProxyHost", str)
    if host is None:
        reader.idle_without("httpProxyHost", "httpProxyPort", "httpProxyUsername", "httpProxyPassword")
        return None
    port = reader.need("httpProxyPort", int, _ANY_PORT, "together with httpProxyHost")
    if not 0 < port <= _LAST_PORT:
        reader.mistakes.append(Mistake("httpProxyPort", f"must be from 1 to {_LAST_PORT}, not {port}"))
    return ProxySettings(host, port, reader.get("httpProxyUsername", str), reader.get("httpProxyPassword", Secret))


def _tokens(reader: _Reader, clock: Clock, vault: TokenVault) -> TokenSource:
    if reader.get("authenticationMethod", str) == "TOKEN":
        return StaticToken(reader.need("authToken", Secret, Secret(""), "with authenticationMethod TOKEN"))
    grant = reader.get("grantType", str) or "refresh_token"
    why = f"with grantType {grant}"
    client = OAuthClient(
        reader.address("tokenEndpoint", "https://webexapis.com/v1/access_token"),
        reader.need("clientId", str, "", why),
        reader.need("clientSecret", Secret, Secret(""), why),
        basic=reader.get("useBasicAuthForOauthTokenNeg", bool) is not False,
        scope=reader.get("scope", str),
    )
    given = _given(reader, clock)
    if grant == "client_credentials":
        return DirectGrant(client, lambda: {"grant_type": "client_credentials"}, clock=clock, given=given)
    refresh = reader.need("refreshToken", Secret, Secret(""), why)
    return RefreshGrant(client, refresh, vault=vault, clock=clock, given=given)


def _given(reader: _Reader, clock: Clock) -> Tokens | None:
    access = reader.get("accessToken", Secret)
    if access is None:
        return None
    milliseconds = reader.get("tokenExpiration", int)
    epoch = datetime.fromtimestamp(0, tz=clock.now().tzinfo)
    try:
        ends = None if milliseconds is None else epoch + timedelta(milliseconds=milliseconds)
    except OverflowError:
        reader.mistakes.append(Mistake("tokenExpiration", f"is no moment in milliseconds: {milliseconds}"))
        return None
    return Tokens(access, ends=ends)
