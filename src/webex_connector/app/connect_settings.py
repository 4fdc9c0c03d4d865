"""
Where consent pages lead back to, read from its table.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from webex_connector.app.settings import ConnectSettings
from webex_connector.icf.configuration import Setting


def connect_of(values: Mapping[str, Setting], wrong: Callable[[str, str], None]) -> ConnectSettings:
    """
    Return the settings; `wrong` is told of each property that does not fit, and why.
    """
    connect = ConnectSettings(**cast("dict[str, Any]", values))
    if not 0 < connect.port <= 65535:  # noqa: PLR2004 - the highest TCP port
        wrong("port", f"must be from 1 to 65535, not {connect.port}")
    address = connect.public_address
    if address is None:
        return connect
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        wrong("public_address", f"must be like https://connector.example.com, not {address}")
    return replace(connect, public_address=address.rstrip("/"))
