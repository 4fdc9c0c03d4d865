"""
What the values of the properties mean to the Webex client.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.connector.credentials import credentials_of
from webex_connector.connector.given import Given
from webex_connector.connector.properties import Login, Road
from webex_connector.icf.configuration import ConfigurationMistakes, Setting
from webex_connector.webex.certificates import (
    CertificateFile,
    ClientCertificate,
    UnusableCertificate,
    WrongPassphrase,
    certificate_in,
)
from webex_connector.webex.hosts import Environment
from webex_connector.webex.pace import Rate
from webex_connector.webex.settings import ClientSettings, ProxySettings
from webex_connector.webex.tokens import TokenSource, TokenVault

Certificates = Mapping[str, CertificateFile]
"""
The client certificates there are, by alias.
"""

NO_CERTIFICATES: Certificates = {}

_ANY_PORT = 1
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Connection:
    """
    Everything that connects the connector to one organisation.
    """

    client: ClientSettings
    tokens: TokenSource
    login: Login
    read_rate: Rate | None
    write_rate: Rate | None
    name_attribute: str
    road: Road
    more_classes: tuple[str, ...]


def connection_of(
    settings: Mapping[str, Setting],
    clock: Clock,
    vault: TokenVault,
    certificates: Certificates = NO_CERTIFICATES,
) -> Connection:
    """
    Turn validated settings into what the client needs; the files of a client certificate are read.

    Raises ConfigurationMistakes with everything that is missing or contradicts.
    """
    given = Given(settings)
    hosts = Environment(given.get("environment", str) or Environment.COMMERCIAL.value).hosts
    service = given.address("serviceUri", hosts.service_uri)
    credentials = credentials_of(given, hosts, service, clock, vault)
    connection = Connection(
        replace(way_of(given, service, certificates, clock.now()), authorization_prefix=credentials.prefix),
        credentials.tokens,
        credentials.login,
        given.rate("readRateLimit"),
        given.rate("writeRateLimit"),
        given.get("nameAttribute", str) or "emails",
        Road(given.get("road", str) or Road.AUTO.value),
        given.get("objectClasses", tuple) or (),
    )
    if given.mistakes:
        raise ConfigurationMistakes(given.mistakes)
    return connection


def way_of(given: Given, service: str, certificates: Certificates, now: datetime) -> ClientSettings:
    """
    Return the way to the service at an address, whatever the credentials; what is wrong with it is noted in `given`.
    """
    return ClientSettings(
        service_uri=service,
        scim_uri=given.address("scimUri", "") if given.get("scimUri", str) else None,
        maximum_connections=given.positive("maximumConnections", 10),
        connection_timeout=float(given.positive("connectionTimeout", 30)),
        accept_self_signed=bool(given.get("acceptSelfSignedCertificates", bool)),
        disable_host_name_verifier=bool(given.get("disableHostNameVerifier", bool)),
        disable_compression=bool(given.get("disableHttpCompression", bool)),
        client_certificate=_certificate(given, certificates, now),
        proxy=_proxy(given),
    )


def _proxy(given: Given) -> ProxySettings | None:
    host = given.get("httpProxyHost", str)
    if host is None:
        given.idle_without("httpProxyHost", "httpProxyPort", "httpProxyUsername", "httpProxyPassword")
        return None
    port = given.need("httpProxyPort", int, _ANY_PORT, "together with httpProxyHost")
    if not 0 < port <= _LAST_PORT:
        given.wrong("httpProxyPort", f"must be from 1 to {_LAST_PORT}, not {port}")
    return ProxySettings(host, port, given.get("httpProxyUsername", str), given.get("httpProxyPassword", Secret))


def _certificate(given: Given, certificates: Certificates, now: datetime) -> ClientCertificate | None:
    alias = given.get("clientCertAlias", str)
    if alias is None:
        given.idle_without("clientCertAlias", "clientCertPassword")
        return None
    if alias not in certificates:
        there = f"there are: {', '.join(certificates)}" if certificates else "there is none"
        given.wrong("clientCertAlias", f"names no table [certificates.{alias}]; {there}")
        return None
    try:
        return certificate_in(certificates[alias], given.get("clientCertPassword", Secret), now)
    except WrongPassphrase as problem:
        given.wrong("clientCertPassword", str(problem))
    except UnusableCertificate as problem:
        given.wrong("clientCertAlias", str(problem))
    return None
