"""
`remote probe`: what a connector server offers, and whether one of its connectors works.
"""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from webex_connector.app.references import is_reference, resolved
from webex_connector.base.secret import Secret
from webex_connector.cli import asking, output
from webex_connector.cli.common import Json, Verbose, log_to_standard_error, signed
from webex_connector.cli.exits import Exit
from webex_connector.cli.inspecting import findings_of, show_findings
from webex_connector.cli.table import Rows
from webex_connector.gateway.remote.client.calling import Calling
from webex_connector.gateway.remote.client.connector import opened
from webex_connector.gateway.remote.client.listing import Offered, chosen, offered_in
from webex_connector.gateway.remote.client.server import PORT, Server
from webex_connector.gateway.remote.client.trusting import is_fingerprint, trusting
from webex_connector.gateway.remote.profiles import VALIDATE
from webex_connector.icf.errors import InvalidInput
from webex_connector.icf.objects import TestReport

_PLACE = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Reaching:
    """
    How the server is reached, and trusted.
    """

    key: Annotated[
        str | None,
        Parameter(help="Where the shared key is: env:NAME or file:PATH. It is asked for when this is not given."),
    ] = None
    tls: Annotated[
        bool,
        Parameter(negative="--plain", help="Whether the server speaks TLS. Without it the key travels readably."),
    ] = True
    ca: Annotated[Path | None, Parameter(help="A file with the certificates to trust, in place of the system's.")] = (
        None
    )
    fingerprint: Annotated[
        str | None,
        Parameter(help="The SHA-256 of the certificate to trust, whoever signed it and whatever name it is for."),
    ] = None


DEFAULTS = Reaching()


async def probe(
    host: str,
    /,
    *,
    reaching: Reaching = DEFAULTS,
    test: str | None = None,
    property_: Annotated[tuple[str, ...], Parameter(name=["--property", "-p"], negative="")] = (),
    within: float = 60.0,
    as_json: Json = False,
    verbose: Verbose = False,
) -> Exit:
    """
    List the connectors of a connector server, ours or one in Java, and test one of them.

    Parameters
    ----------
    host
        HOST or HOST:PORT; the port is 8759 when not given.
    test
        The name of a connector: show its properties, have the server check a configuration of it, and test it.
    property_
        name=value: a configuration property of that connector; may be repeated. Of a list the values are separated by
        commas; a secret is env:NAME or file:PATH.
    within
        Seconds until an answer has to begin.
    """
    log_to_standard_error(verbose=verbose)
    if property_ and test is None:
        raise InvalidInput("--property configures the connector that --test names")
    if within <= 0:
        raise InvalidInput("--within is more than zero")
    server = _server(host, reaching, within)
    offered = offered_in(await server.hello())
    if test is None:
        _show(offered, as_json=as_json)
        return Exit.OK
    connector = chosen(offered, test)
    given = _given(connector, property_)
    calling = Calling(server, connector.key, connector.facade_key(given))
    await calling.call(VALIDATE, "validate")
    far = await opened(calling)
    report = await far.test(signed())
    classes = list(far.handlers)
    if as_json:
        told = {"ok": report.ok, "objectClasses": classes, "findings": findings_of(report)}
        output.show_json({**_described(connector), **told})
    else:
        _show_tested(connector, classes, report)
    return Exit.OK if report.ok else Exit.FAILED


def _server(place: str, reaching: Reaching, within: float) -> Server:
    found = _PLACE.fullmatch(place)
    port = int(found["port"] or PORT) if found else 0
    if found is None or not 0 < port < 2**16:
        raise InvalidInput(f"The server is HOST or HOST:PORT, not {place!r}; an address of IPv6 stands in brackets")
    return Server(
        found["six"] or found["host"],
        port,
        _key(reaching.key),
        _context(reaching),
        reaching.fingerprint,
        within,
    )


def _key(reference: str | None) -> Secret:
    if reference is None:
        return asking.secret("Shared key of the connector server")
    try:
        return resolved(reference, os.environ, Path())
    except ValueError as problem:
        raise InvalidInput(f"--key {problem}") from None


def _context(reaching: Reaching) -> ssl.SSLContext | None:
    """
    Return how TLS is spoken, None for plain TCP.
    """
    if not reaching.tls:
        if reaching.ca is not None or reaching.fingerprint is not None:
            raise InvalidInput("--plain shows no certificate; leave --ca and --fingerprint out, or --plain")
        return None
    if reaching.fingerprint is not None and not is_fingerprint(reaching.fingerprint):
        raise InvalidInput("--fingerprint has 64 hexadecimal digits, with or without colons between them")
    return trusting(reaching.ca, reaching.fingerprint)


def _given(connector: Offered, assignments: tuple[str, ...]) -> dict[str, str | Secret]:
    """
    Return the values of `name=value` texts. Raises InvalidInput for one that is none, and for a secret in plain sight.
    """
    secrets = {each.name for each in connector.properties if each.secret}
    found: dict[str, str | Secret] = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InvalidInput("--property takes name=value")
        if name not in secrets:
            found[name] = value
            continue
        if not is_reference(value):
            raise InvalidInput(f"--property {name} is a secret and must not stand here: write env:NAME or file:PATH")
        try:
            found[name] = resolved(value, os.environ, Path())
        except ValueError as problem:
            raise InvalidInput(f"--property {name}: {problem}") from None
    return found


def _show(offered: tuple[Offered, ...], *, as_json: bool) -> None:
    if as_json:
        output.show_json({"connectors": [_described(each) for each in offered]})
        return
    rows = Rows(("connector", "version", "bundle", "name", "properties"))
    rows.add(
        [
            {
                "connector": each.name,
                "version": each.key.bundle_version,
                "bundle": each.key.bundle_name,
                "name": each.display_name,
                "properties": [fact.name for fact in each.properties],
            }
            for each in offered
        ],
    )


def _described(connector: Offered) -> dict[str, Any]:
    return {
        "connector": connector.name,
        "version": connector.key.bundle_version,
        "bundle": connector.key.bundle_name,
        "name": connector.display_name,
        "operations": connector.operations,
        "properties": [
            {
                "name": each.name,
                "label": each.label,
                "help": each.help,
                "type": each.type,
                "secret": each.secret,
                "required": each.required,
                "default": each.default,
            }
            for each in connector.properties
        ],
    }


def _show_tested(connector: Offered, classes: list[str], report: TestReport) -> None:
    pairs: Mapping[str, object] = {
        "connector": f"{connector.name} {connector.key.bundle_version}",
        "operations": connector.operations,
        "object classes": classes,
    }
    output.show_pairs(pairs)
    output.show_text("")
    show_findings(report)
