"""
Who may log in: `[clients.<name>]`.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.table import Table
from webex_connector.base.secret import Secret
from webex_connector.gateway.given_rights import CLASSES, WITHHELD, limited
from webex_connector.gateway.rights import Client, Role, Trusted
from webex_connector.icf.configuration import Property, PropertyType, Setting
from webex_connector.icf.errors import InvalidInput

SECTION = Section(
    ("clients", ANY),
    "Somebody who may log in, under the table's name.",
    (
        Property("password", "What the client logs in with.", secret=True),
        Property("token", "What it may show instead: a bearer token.", secret=True),
        Property("systems", "The systems the client may use; all of them when not given.", PropertyType.LIST),
        Property(
            "role",
            "What the client may do. A reader reads; a provisioner writes and runs scripts, too; an admin also sets "
            "systems up and has configurations tried.",
            default=Role.PROVISIONER.value,
            allowed=tuple(each.value for each in Role),
        ),
        Property(
            "without",
            f"Rights of the role that the client does not have: {', '.join(WITHHELD)}.",
            PropertyType.LIST,
        ),
        Property(
            "objects",
            f"The objects that the client may touch: {', '.join(CLASSES)}; all of them when not given.",
            PropertyType.LIST,
        ),
        Property("issuer", "The name of the issuer, `[issuers.<name>]`, whose assertions speak for the client."),
        Property("subject", "What that issuer calls the client, `sub` in its assertions."),
    ),
)


def read(top: Table, systems: Iterable[str], issuers: Iterable[str]) -> tuple[Client, ...]:
    """
    Return the clients; `systems` and `issuers` are the names that they may give.
    """
    known, trusted = tuple(systems), tuple(issuers)
    return tuple(_client(name, table, known, trusted) for name, table in top.table("clients").tables().items())


def _client(name: str, table: Table, systems: tuple[str, ...], issuers: tuple[str, ...]) -> Client:
    values = table.values(SECTION.properties)
    if values and not values["password"] and not values["token"] and not values["issuer"]:
        table.wrong("password", "is required, or token, or issuer and subject")
    allowed = cast("tuple[str, ...] | None", values.get("systems"))
    for each in allowed or ():
        _refuse_unknown(table, "systems", "system", each, systems)
    client = Client(
        name,
        cast("Secret | None", values.get("password")),
        None if allowed is None else frozenset(allowed),
        cast("Secret | None", values.get("token")),
        Role(values.get("role", Role.PROVISIONER.value)),
        trusted=_trusted(table, values, issuers),
    )
    return limited_by(table, client, values)


def limited_by(table: Table, client: Client, values: Mapping[str, Setting]) -> Client:
    """
    Return the client with the limits of a table, `without` and `objects`. What does not fit is noted.
    """
    words: dict[str, tuple[str, ...]] = {
        name: cast("tuple[str, ...] | None", values.get(name)) or () for name in ("without", "objects")
    }
    try:
        return limited(client, words["without"], words["objects"])
    except InvalidInput as problem:
        table.wrong(problem.attribute or "without", problem.message)
        return client


def _trusted(table: Table, values: Mapping[str, Setting], issuers: tuple[str, ...]) -> Trusted | None:
    issuer, subject = values.get("issuer"), values.get("subject")
    if not issuer and not subject:
        return None
    if not issuer or not subject:
        table.wrong("subject" if issuer else "issuer", "is required too: issuer and subject go together")
    elif str(issuer) not in issuers:
        _refuse_unknown(table, "issuer", "issuer", str(issuer), issuers)
    return Trusted(str(issuer), str(subject))


def _refuse_unknown(table: Table, property_: str, what: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        there = f"there are: {', '.join(known)}" if known else "there is none"
        table.wrong(property_, f"names the unknown {what} {name}; {there}")
