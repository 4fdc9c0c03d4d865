"""
The connector server: `[remote]`.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from webex_connector.app.declared import Section, tables_of
from webex_connector.app.sections import openicf
from webex_connector.app.sections.clients import limited_by
from webex_connector.app.settings import RemoteSettings, ServeSettings
from webex_connector.app.table import Table
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.key import digest_of
from webex_connector.gateway.remote.profiles import PROFILES, InStream
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.configuration import Property, PropertyType, Setting

OWN_CERTIFICATE: Final = "remote.pem"
"""
The file in the data folder that `webex-connector certificate` makes.
"""

SECTION = Section(
    ("remote",),
    "The connector server, for midPoint, Apache Syncope, OpenIDM and their kin. Without this table there is none.",
    (
        Property("host", "The address to listen on.", default="127.0.0.1"),
        Property("port", "The TCP port to listen on; 0 takes any free one.", PropertyType.INTEGER, 8759),
        Property(
            "tcp",
            "Speak the protocol of ConnId, and of OpenICF before 1.5, on this port; false for [remote.openicf] alone.",
            PropertyType.BOOLEAN,
            default=True,
        ),
        Property("key", "The key that platforms share with this server; at least 20 random characters.", secret=True),
        Property(
            "key_hash",
            "In place of the key: its digest, as `connectorserver.key` of a Java connector server has it.",
            secret=True,
        ),
        Property(
            "profile",
            "Who connects: `connid` is midPoint and Syncope, `openicf` is OpenIDM, Wren:IDM and PingIDM. What only the "
            "other family knows is not said.",
            default="connid",
            allowed=tuple(PROFILES),
        ),
        Property(
            "role",
            "What platforms may do. An admin configures connectors from the platform; a reader or provisioner uses "
            "systems of these settings alone, by the property `system`.",
            default=Role.ADMIN.value,
            allowed=tuple(each.value for each in Role),
        ),
        Property("systems", "The systems that `system` may name; all of them when not given.", PropertyType.LIST),
        Property("without", "Rights of the role that platforms do not have, as for clients.", PropertyType.LIST),
        Property("objects", "The objects that platforms may touch, as for clients.", PropertyType.LIST),
        Property(
            "tls", "Speak TLS. Without it, whoever listens reads every password.", PropertyType.BOOLEAN, default=True
        ),
        Property(
            "certificate",
            "A PEM file with the server's certificate and its chain. When not given, the one in the data folder that "
            "`webex-connector certificate` makes.",
        ),
        Property("private_key", "A PEM file with the certificate's key, when the certificate's file does not hold it."),
        Property("private_key_password", "What opens the private key.", secret=True),
        Property(
            "plain_beyond_loopback",
            "Allow other computers to connect without TLS. Set it only behind a proxy that speaks TLS.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "search_result",
            "Whether a search tells its page cookie as an object of its stream, too: Syncope needs it, others fail on "
            "it. `auto` tells them apart.",
            default=InStream.AUTO.value,
            allowed=tuple(each.value for each in InStream),
        ),
        Property(
            "keep_at_most",
            "How many configurations that platforms send are kept open at the same time.",
            PropertyType.INTEGER,
            100,
        ),
        Property(
            "keep_idle",
            "Seconds after its last use until such a configuration is closed.",
            PropertyType.NUMBER,
            7200.0,
        ),
        *tables_of((openicf.SECTION,)),
    ),
    below=(openicf.SECTION,),
)


def read(top: Table, data_folder: Path | None) -> RemoteSettings | None:
    """
    Return where the connector server listens; None without its table, and when something in it is wrong.
    """
    if "remote" not in top.given:
        return None
    table = top.table("remote")
    values = table.values(SECTION.properties)
    return _remote(table, values, data_folder) if values else None


def _remote(table: Table, values: Mapping[str, Setting], data_folder: Path | None) -> RemoteSettings:
    host, port = str(values["host"]), cast("int", values["port"])
    if not 0 <= port <= 65535:  # noqa: PLR2004 - the highest TCP port
        table.wrong("port", f"must be from 0 to 65535, not {port}")
    for name in ("keep_at_most", "keep_idle"):
        if cast("float", values[name]) <= 0:
            table.wrong(name, "must be more than zero")
    systems = cast("tuple[str, ...] | None", values["systems"])
    role = Role(str(values["role"]))
    if systems is not None and role is Role.ADMIN:
        table.wrong("systems", "limits nobody who may configure connectors; set role to provisioner or reader too")
    client = Client("remote", systems=None if systems is None else frozenset(systems), role=role)
    profile = replace(PROFILES[str(values["profile"])], result_in_stream=InStream(str(values["search_result"])))
    settings = RemoteSettings(
        host,
        port,
        Secret(""),
        limited_by(table, client, values),
        profile,
        None,
        None if values["private_key"] is None else table.folder / str(values["private_key"]),
        cast("Secret | None", values["private_key_password"]),
        cast("int", values["keep_at_most"]),
        cast("float", values["keep_idle"]),
        bool(values["tcp"]),
        openicf.read(table),
    )
    if not settings.listens and settings.openicf is None and "openicf" not in table.given:
        table.wrong("tcp", "must be true, or [remote.openicf] be there; else no protocol is spoken")
    if not settings.listens:
        return settings
    return replace(settings, key=_key(table, values), certificate=_certificate(table, values, data_folder))


def _key(table: Table, values: Mapping[str, Setting]) -> Secret:
    key, digest = values["key"], values["key_hash"]
    if isinstance(key, Secret) == isinstance(digest, Secret):
        table.wrong("key", "must be given, or key_hash in its place, and not both")
    if isinstance(digest, Secret):
        return digest
    return Secret(digest_of(key.reveal())) if isinstance(key, Secret) else Secret("")


def _certificate(
    table: Table,
    values: Mapping[str, Setting],
    data_folder: Path | None,
) -> Path | None:
    host = str(values["host"])
    if not values["tls"]:
        if not ServeSettings(host).is_loopback and not values["plain_beyond_loopback"]:
            table.wrong(
                "tls",
                f"{host} lets other computers connect, and without TLS whoever listens reads the key and every "
                "password; set plain_beyond_loopback = true only behind a proxy that speaks TLS",
            )
        return None
    named = values["certificate"]
    found = table.folder / str(named) if named else data_folder / OWN_CERTIFICATE if data_folder else None
    if found is None or not found.is_file():
        table.wrong(
            "certificate",
            f"is no file: {found}. `webex-connector certificate` makes one, or name one; on this computer alone "
            "tls = false does without",
        )
    return found
