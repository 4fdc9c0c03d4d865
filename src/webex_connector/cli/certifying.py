"""
`certificate`: what the connector server shows to platforms.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from webex_connector.app.sections.remote import OWN_CERTIFICATE
from webex_connector.app.self_signed import self_signed
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import log_to_standard_error
from webex_connector.cli.exits import Exit
from webex_connector.icf.errors import ConfigurationInvalid, InvalidInput
from webex_connector.store.folder import OWNER_ONLY, prepared, usual_folder

_PUBLIC = "remote.crt"


def certificate(
    host: Annotated[str, Parameter(negative="")],
    /,
    *more: str,
    days: int = 825,
    folder: Path | None = None,
    renew: Annotated[bool, Parameter(negative="")] = False,
) -> Exit:
    """
    Make a certificate of its own for the connector server, and say how platforms come to trust it.

    Parameters
    ----------
    host
        The name or address by which platforms reach this server.
    more
        Further names or addresses.
    days
        How long it is valid.
    folder
        Where to put it; the usual data folder when not given.
    renew
        Take the place of one that is there.
    """
    log_to_standard_error(verbose=False)
    if days < 1:
        raise InvalidInput("--days is one or more")
    place = prepared(folder or usual_folder(os.environ, Path.home()))
    file = place / OWN_CERTIFICATE
    if file.exists() and not renew:
        raise ConfigurationInvalid(
            f"{file} is there already; --renew makes another, which platforms have to trust anew"
        )
    made = self_signed([host, *more], SystemClock().now(), timedelta(days=days))
    _written(file, made.key + made.certificate)
    (place / _PUBLIC).write_bytes(made.certificate)
    output.show_pairs(
        {"Certificate and key": str(file), "Certificate alone": str(place / _PUBLIC), "SHA-256": made.fingerprint}
    )
    output.note(
        f"\nOn the platform: keytool -importcert -noprompt -alias {host} -file {_PUBLIC} -keystore <its trust store>",
    )
    return Exit.OK


def _written(file: Path, content: bytes) -> None:
    # Another one takes the place at once and whole, and nobody else could read it in between.
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as out:
        out.write(content)
    beside.replace(file)
