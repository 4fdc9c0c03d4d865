"""
What the values of the properties mean to the client of the XML API.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates, way_of
from webex_connector.connector.given import Given
from webex_connector.connector.meetings_site.properties import MOST_AT_ONCE
from webex_connector.icf.configuration import ConfigurationMistakes, Setting
from webex_connector.webex.meetings_xml.envelope import Caller
from webex_connector.webex.meetings_xml.tickets import AccessToken, Credential, Password
from webex_connector.webex.pace import Budget, Rate
from webex_connector.webex.settings import ClientSettings

_PATH = "/WBXService/XMLService"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*", re.ASCII)
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class Connection:
    """
    Everything that connects the connector to one site.
    """

    client: ClientSettings
    caller: Caller
    credential: Credential
    read_rate: Rate | None
    write_rate: Rate | None
    page: int
    at_once: int

    @property
    def whose(self) -> str:
        """
        Whose requests a site counts: processes that log in as the same administrator share a budget.
        """
        told = repr((self.client.service_uri.lower(), self.caller.site_name.lower(), self.caller.webex_id.lower()))
        return hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]


def connection_of(
    settings: Mapping[str, Setting], now: datetime, certificates: Certificates = NO_CERTIFICATES
) -> Connection:
    """
    Turn validated settings into what the client needs. Raises ConfigurationMistakes with everything that is missing or
    contradicts.
    """
    given = Given(settings)
    name = given.need("siteName", str, "", "to find the site").strip()
    if name and not _NAME.fullmatch(name):
        given.wrong("siteName", f"must be the name alone, as acme in acme.webex.com, not {name!r}")
        name = ""
    number = given.get("siteId", str)
    if number is not None and not (number.isascii() and number.isdigit()):
        given.wrong("siteId", f"must be a number, not {number!r}")
    service = given.address("siteUrl", f"https://{name or 'site'}.webex.com")
    if not urlsplit(service).path.strip("/"):
        service += _PATH
    connection = Connection(
        way_of(given, service, certificates, now),
        Caller(name, given.need("webExId", str, "", "to log in"), number, given.get("partnerId", str)),
        _credential(given),
        given.rate("readRateLimit"),
        given.rate("writeRateLimit"),
        given.positive("pageSize", 500),
        given.positive("concurrency", 4),
    )
    if connection.at_once > MOST_AT_ONCE:
        given.wrong("concurrency", f"must be {MOST_AT_ONCE} or less, not {connection.at_once}")
    if given.mistakes:
        raise ConfigurationMistakes(given.mistakes)
    return connection


def _credential(given: Given) -> Credential:
    password, token = given.get("password", Secret), given.get("accessToken", Secret)
    if (password is None) == (token is None):
        given.wrong("password", "or accessToken is required" if token is None else "and accessToken exclude each other")
    return AccessToken(token) if token is not None else Password(password or Secret(""))


def budgets_of(connection: Connection, budget: Callable[[str], Budget] | None) -> Callable[[str], Budget] | None:
    """
    Return what makes the budgets of this configuration, by their short names; None when there is nothing to share.
    """
    return None if budget is None else lambda name: budget(f"{connection.whose} {name}")
