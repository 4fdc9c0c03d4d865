"""
Where consent pages lead back to: `[connect]`.
"""

from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from webex_connector.app.declared import Section
from webex_connector.app.settings import ConnectSettings
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType

SECTION = Section(
    ("connect",),
    "Where Webex's consent page leads back to, for redirect URIs that can be registered.",
    (
        Property(
            "port",
            "The TCP port of this computer on which `webex-connector connect` awaits the browser; its redirect URI is "
            "`http://127.0.0.1:<port>/callback`.",
            PropertyType.INTEGER,
            8765,
        ),
        Property(
            "public_address",
            "Where browsers reach the console, `https://connector.example.com`, if that is not the address they ask "
            "at, as behind a proxy; the console's redirect URI is `<public_address>/connected`.",
        ),
    ),
)


def read(top: Table) -> ConnectSettings:
    """
    Return where consent pages lead back to.
    """
    table = top.table("connect")
    connect = ConnectSettings(**cast("dict[str, Any]", table.values(SECTION.properties)))
    if not 0 < connect.port <= 65535:  # noqa: PLR2004 - the highest TCP port
        table.wrong("port", f"must be from 1 to 65535, not {connect.port}")
    address = connect.public_address
    if address is None:
        return connect
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        table.wrong("public_address", f"must be like https://connector.example.com, not {address}")
    return replace(connect, public_address=address.rstrip("/"))
