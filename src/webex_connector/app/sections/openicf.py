"""
The connector server by the protocol of OpenICF 1.5: `[remote.openicf]`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from webex_connector.app.declared import Section
from webex_connector.app.settings import Bearer, OpenIcfSettings, PlatformSettings, ServeSettings
from webex_connector.app.table import Table
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import Property, PropertyType, Setting

_SERVER, _CLIENT = "server", "client"
_MOST_SOCKETS: Final = 10

SECTION = Section(
    ("remote", "openicf"),
    "The connector server over WebSocket, by the protocol of OpenICF 1.5, for OpenIDM, Wren:IDM and PingIDM. Who may "
    "do what, key and certificate are those of [remote]. Without this table it is not spoken.",
    (
        Property(
            "mode",
            "`server` waits for platforms; `client` calls one, where a firewall lets nobody in.",
            default=_SERVER,
            allowed=(_SERVER, _CLIENT),
        ),
        Property("port", "The TCP port to listen on; 0 takes any free one.", PropertyType.INTEGER, 8760),
        Property("url", "The platform to call: `wss://`, or `ws://` on this computer; its path is mostly `/openicf`."),
        Property("principal", "The name to log in to the platform with.", default="anonymous"),
        Property("password", "The password that belongs to it.", secret=True),
        Property(
            "token_endpoint",
            "In place of a password: where a bearer token is fetched by OAuth 2 client credentials, `https://`.",
        ),
        Property("client_id", "The client that it is fetched for."),
        Property("client_secret", "Its secret.", secret=True),
        Property("scope", "What the token shall allow.", default="fr:idm:*"),
        Property(
            "certificates",
            "A PEM file with the authorities that may have signed the platform's certificate; those of this computer "
            "when not given.",
        ),
        Property("proxy", "The HTTP proxy on the way to the platform, with its log-in.", secret=True),
        Property("connections", "How many connections to the platform are kept open.", PropertyType.INTEGER, 2),
        Property(
            "connection_lifetime",
            "Seconds after which a connection to the platform is replaced by a new one; 0 for never.",
            PropertyType.NUMBER,
            0.0,
        ),
    ),
)


def read(remote: Table) -> OpenIcfSettings | None:
    """
    Return how the protocol is spoken; None without its table, and when something in it is wrong.
    """
    if "openicf" not in remote.given:
        return None
    table = remote.table("openicf")
    values = table.values(SECTION.properties)
    if not values:
        return None
    if values["mode"] == _CLIENT:
        return OpenIcfSettings(None, _platform(table, values))
    port = cast("int", values["port"])
    if not 0 <= port <= 65535:  # noqa: PLR2004 - the highest TCP port
        table.wrong("port", f"must be from 0 to 65535, not {port}")
    for name in ("url", "password", "token_endpoint", "client_id", "client_secret", "certificates", "proxy"):
        if values[name] is not None:
            table.wrong(name, 'is for mode = "client" alone, which calls a platform')
    return OpenIcfSettings(port, None)


def _platform(table: Table, values: Mapping[str, Setting]) -> PlatformSettings:
    url = str(values["url"] or "")
    _check_url(table, url)
    sockets, lifetime = cast("int", values["connections"]), cast("float", values["connection_lifetime"])
    if not 1 <= sockets <= _MOST_SOCKETS:
        table.wrong("connections", f"must be from 1 to {_MOST_SOCKETS}, not {sockets}")
    if lifetime < 0:
        table.wrong("connection_lifetime", "must not be less than zero")
    certificates = _certificates(table, values)
    return PlatformSettings(
        url,
        str(values["principal"]),
        cast("Secret | None", values["password"]),
        _bearer(table, values),
        certificates,
        cast("Secret | None", values["proxy"]),
        sockets,
        lifetime or None,
    )


def _check_url(table: Table, url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        table.wrong("url", f"{url} is no address")
        return
    if parts.scheme not in {"ws", "wss"} or not host:
        table.wrong("url", "must be the platform's address, wss://host/openicf")
    elif parts.username is not None:
        table.wrong("url", "must not hold a log-in; principal and password are for that")
    elif parts.scheme == "ws" and not ServeSettings(host).is_loopback:
        table.wrong("url", f"{host} is another computer, and without TLS whoever listens reads every password: wss://")


def _bearer(table: Table, values: Mapping[str, Setting]) -> Bearer | None:
    endpoint, client, secret = values["token_endpoint"], values["client_id"], values["client_secret"]
    if endpoint is None:
        if values["password"] is None:
            table.wrong("password", "must be given, or token_endpoint, client_id and client_secret in its place")
        return None
    if values["password"] is not None:
        table.wrong("password", "is not needed beside token_endpoint; leave one of them out")
    for name, value in (("client_id", client), ("client_secret", secret)):
        if value is None:
            table.wrong(name, "must be given with token_endpoint")
    if not str(endpoint).startswith("https://"):
        table.wrong("token_endpoint", "must begin with https://, since the client's secret is sent there")
    held = secret if isinstance(secret, Secret) else Secret("")
    return Bearer(str(endpoint), str(client), held, str(values["scope"]))


def _certificates(table: Table, values: Mapping[str, Setting]) -> Path | None:
    named = values["certificates"]
    if named is None:
        return None
    found = table.folder / str(named)
    if not found.is_file():
        table.wrong("certificates", f"is no file: {found}")
    return found
