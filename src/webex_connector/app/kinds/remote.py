"""
A system behind a connector server: whatever a connector of ConnId or OpenICF reaches, as a directory or a database.

The server tells which properties the connector has and what it holds, so it is asked when the system is opened.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast

from webex_connector.app.kinds.kind import ConnectorKind, Surroundings, Values
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.gateway.remote.client.calling import Calling
from webex_connector.gateway.remote.client.connector import opened
from webex_connector.gateway.remote.client.listing import Offered, chosen, offered_in
from webex_connector.gateway.remote.client.server import PORT, Server
from webex_connector.gateway.remote.client.trusting import is_fingerprint, trusting
from webex_connector.gateway.remote.profiles import VALIDATE
from webex_connector.icf.configuration import ConfigurationMistakes, Mistake, Property, PropertyType
from webex_connector.icf.operations import Connector

_WITHIN: Final = 60.0

PROPERTIES: Final = (
    Property("host", "The computer on which the connector server runs.", required=True),
    Property("port", "Where it listens there.", PropertyType.INTEGER, PORT),
    Property("key", "The key that it shares with its clients.", secret=True, required=True),
    Property(
        "tls",
        "Whether it speaks TLS. Without it the key and everything else travel readably.",
        PropertyType.BOOLEAN,
        default=True,
    ),
    Property(
        "certificates",
        "A PEM file of the authorities to trust in place of this computer's; its whole path.",
    ),
    Property(
        "fingerprint",
        "The SHA-256 of the certificate to trust, whoever signed it and whatever name it is for.",
    ),
    Property("timeout", "Seconds until an answer has to begin, and to go on.", PropertyType.NUMBER, _WITHIN),
    Property(
        "connectorName",
        "The class of the connector, as `webex-connector remote probe HOST` lists it.",
        required=True,
    ),
    Property("bundleName", "The bundle that it is in, where several have one of this name."),
    Property("bundleVersion", "Its version; without one, the last that the server lists."),
    Property(
        "properties",
        "The connector's own properties, by the names that `webex-connector remote probe HOST --test CONNECTOR --json` "
        "lists. A list is one of texts.",
        PropertyType.MAP,
        {},
    ),
    Property("secrets", "Those of them that are secrets.", PropertyType.MAP, {}, secret=True),
)
"""
How the server is reached, and how its connector is configured.
"""

_LAST_PORT: Final = 65_535


def _check(values: Values, certificates: Certificates = NO_CERTIFICATES) -> None:  # noqa: ARG001 - every kind's signature
    mistakes = []
    if not 0 < cast("int", values["port"]) <= _LAST_PORT:
        mistakes.append(Mistake("port", f"must be from 1 to {_LAST_PORT}"))
    if cast("float", values["timeout"]) <= 0:
        mistakes.append(Mistake("timeout", "must be more than zero"))
    trusts = {name: cast("str | None", values[name]) for name in ("certificates", "fingerprint")}
    given = [name for name, value in trusts.items() if value is not None]
    if given and not values["tls"]:
        mistakes.append(Mistake(given[0], "goes with TLS; leave it out, or tls = false"))
    if len(given) > 1:
        mistakes.append(Mistake("fingerprint", "takes the place of certificates; leave one of them out"))
    if trusts["certificates"] is not None and not Path(trusts["certificates"]).is_absolute():
        mistakes.append(Mistake("certificates", "must be the whole path of a file"))
    if trusts["fingerprint"] is not None and not is_fingerprint(trusts["fingerprint"]):
        mistakes.append(Mistake("fingerprint", "must have 64 hexadecimal digits, with or without colons between them"))
    for name, value in cast("Mapping[str, object]", values["properties"]).items():
        try:
            _given(value)
        except ValueError as problem:
            mistakes.append(Mistake(f"properties.{name}", str(problem)))
    if mistakes:
        raise ConfigurationMistakes(mistakes)


async def _opened(values: Values, around: Surroundings) -> Connector:  # noqa: ARG001 - every kind's signature
    """
    Raise ConfigurationMistakes when the server finds the configuration wrong, InvalidInput when it has no such
    connector, and what `Server.call` raises.
    """
    server = _server(values)
    offered = [each for each in offered_in(await server.hello()) if _is_asked_for(each, values)]
    connector = chosen(tuple(offered), str(values["connectorName"]))
    calling = Calling(server, connector.key, _facade_key(connector, values))
    await calling.call(VALIDATE, "validate")
    return await opened(calling)


def _server(values: Values) -> Server:
    authorities = cast("str | None", values["certificates"])
    fingerprint = cast("str | None", values["fingerprint"])
    tls = trusting(None if authorities is None else Path(authorities), fingerprint) if values["tls"] else None
    return Server(
        str(values["host"]),
        cast("int", values["port"]),
        cast("Secret", values["key"]),
        tls,
        fingerprint,
        cast("float", values["timeout"]),
    )


def _is_asked_for(offered: Offered, values: Values) -> bool:
    return values["bundleName"] in {None, offered.key.bundle_name} and values["bundleVersion"] in {
        None,
        offered.key.bundle_version,
    }


def _facade_key(connector: Offered, values: Values) -> str:
    plain = cast("Mapping[str, object]", values["properties"])
    hidden = cast("Mapping[str, Secret]", values["secrets"])
    shown = [each.name for each in connector.properties if each.secret and each.name in plain]
    if shown:
        raise ConfigurationMistakes(
            Mistake(f"properties.{name}", "is a secret and must not stand here: name it in secrets") for name in shown
        )
    try:
        return connector.facade_key({**{name: _given(value) for name, value in plain.items()}, **hidden})
    except ConfigurationMistakes as found:
        raise ConfigurationMistakes(
            Mistake(f"{'secrets' if each.property in hidden else 'properties'}.{each.property}", each.problem)
            for each in found.mistakes
        ) from None


def _given(value: object) -> str | Sequence[str]:
    match value:
        case bool():
            return str(value).lower()
        case str() | int() | float():
            return str(value)
        case list() | tuple() if all(isinstance(each, str) for each in value):
            return tuple(value)
    raise ValueError("must be a text, a number, true or false, or a list of texts")


def _ref_of(values: Values) -> ConnectorRef:
    return ConnectorRef(
        str(values["bundleName"] or ""), str(values["bundleVersion"] or ""), str(values["connectorName"])
    )


KIND: Final = ConnectorKind("Connector server", PROPERTIES, _check, _opened, None, None, _ref_of)
"""
No platform configures it here, since platforms reach connector servers by themselves.
"""
