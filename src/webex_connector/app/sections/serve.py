"""
Where the server listens: `[serve]`.
"""

from dataclasses import replace
from typing import Any, cast

from webex_connector.app.declared import Section
from webex_connector.app.settings import ServeSettings
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType

SECTION = Section(
    ("serve",),
    "Where the server listens.",
    (
        Property("host", "The address to listen on.", default="127.0.0.1"),
        Property("port", "The TCP port to listen on; 0 takes any free one.", PropertyType.INTEGER, 8080),
        Property("certificate", "A PEM file with the server's certificate and its chain; with it, HTTPS is spoken."),
        Property("private_key", "A PEM file with the certificate's key, when the certificate's file does not hold it."),
        Property("private_key_password", "What opens the private key.", secret=True),
        Property(
            "plain_beyond_loopback",
            "Allow other computers to connect without TLS. Set it only behind a proxy that speaks TLS.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "stop_within",
            "Seconds that requests in progress are given when the server is asked to stop.",
            PropertyType.NUMBER,
            30.0,
        ),
        Property(
            "patience",
            "Seconds that a request by REST may wait for its turn at Webex before it is asked to come back, with "
            "nothing changed. Lists may take longer. For SCIM each system has its own.",
            PropertyType.NUMBER,
            50.0,
        ),
    ),
)


def read(top: Table) -> ServeSettings:
    """
    Return where the server listens.
    """
    table = top.table("serve")
    values = table.values(SECTION.properties)
    if not values:
        return ServeSettings()
    files: dict[str, Any] = {}
    for name in ("certificate", "private_key"):
        if values[name] is not None:
            files[name] = table.folder / str(values[name])
            if not files[name].is_file():
                table.wrong(name, f"is no file: {files[name]}")
    serve = replace(ServeSettings(**cast("dict[str, Any]", values)), **files)
    if not 0 <= serve.port <= 65535:  # noqa: PLR2004 - the highest TCP port
        table.wrong("port", f"must be from 0 to 65535, not {serve.port}")
    if serve.stop_within < 0:
        table.wrong("stop_within", "must be zero or more")
    if serve.patience <= 0:
        table.wrong("patience", "must be more than zero")
    if serve.private_key is not None and serve.certificate is None:
        table.wrong("private_key", "needs certificate too")
    if not serve.is_loopback and serve.certificate is None and not serve.plain_beyond_loopback:
        table.wrong(
            "host",
            f"{serve.host} lets other computers connect, and passwords would travel without TLS: give certificate, "
            "or set plain_beyond_loopback = true behind a proxy that speaks TLS",
        )
    return serve
