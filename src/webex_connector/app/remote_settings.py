"""
The settings of the connector server, read from their table.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from webex_connector.app.settings import RemoteSettings, ServeSettings
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.key import digest_of
from webex_connector.gateway.remote.profiles import PROFILES, InStream
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.configuration import Setting

OWN_CERTIFICATE: Final = "remote.pem"
"""
The file in the data folder that `webex-connector certificate` makes.
"""


def remote_of(
    values: Mapping[str, Setting],
    folder: Path,
    data_folder: Path | None,
    wrong: Callable[[str, str], None],
) -> RemoteSettings:
    """
    Return the settings; `wrong` is told of each property that does not fit, and why. Paths begin at `folder`.
    """
    host, port = str(values["host"]), cast("int", values["port"])
    if not 0 <= port <= 65535:  # noqa: PLR2004 - the highest TCP port
        wrong("port", f"must be from 0 to 65535, not {port}")
    for name in ("keep_at_most", "keep_idle"):
        if cast("float", values[name]) <= 0:
            wrong(name, "must be more than zero")
    systems = cast("tuple[str, ...] | None", values["systems"])
    role = Role(str(values["role"]))
    if systems is not None and role is Role.ADMIN:
        wrong("systems", "limits nobody who may configure connectors; set role to provisioner or reader too")
    profile = replace(PROFILES[str(values["profile"])], result_in_stream=InStream(str(values["search_result"])))
    return RemoteSettings(
        host,
        port,
        _key(values, wrong),
        Client("remote", systems=None if systems is None else frozenset(systems), role=role),
        profile,
        _certificate(values, folder, data_folder, wrong),
        None if values["private_key"] is None else folder / str(values["private_key"]),
        cast("Secret | None", values["private_key_password"]),
        cast("int", values["keep_at_most"]),
        cast("float", values["keep_idle"]),
    )


def _key(values: Mapping[str, Setting], wrong: Callable[[str, str], None]) -> Secret:
    key, digest = values["key"], values["key_hash"]
    if isinstance(key, Secret) == isinstance(digest, Secret):
        wrong("key", "must be given, or key_hash in its place, and not both")
    if isinstance(digest, Secret):
        return digest
    return Secret(digest_of(key.reveal())) if isinstance(key, Secret) else Secret("")


def _certificate(
    values: Mapping[str, Setting],
    folder: Path,
    data_folder: Path | None,
    wrong: Callable[[str, str], None],
) -> Path | None:
    host = str(values["host"])
    if not values["tls"]:
        if not ServeSettings(host).is_loopback and not values["plain_beyond_loopback"]:
            wrong(
                "tls",
                f"{host} lets other computers connect, and without TLS whoever listens reads the key and every "
                "password; set plain_beyond_loopback = true only behind a proxy that speaks TLS",
            )
        return None
    named = values["certificate"]
    found = folder / str(named) if named else data_folder / OWN_CERTIFICATE if data_folder else None
    if found is None or not found.is_file():
        wrong(
            "certificate",
            f"is no file: {found}. `webex-connector certificate` makes one, or name one; on this computer alone "
            "tls = false does without",
        )
    return found
