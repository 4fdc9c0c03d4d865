"""
Who may log in: `[clients.<name>]`.
"""

from collections.abc import Iterable
from typing import cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.table import Table
from webex_connector.base.secret import Secret
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.configuration import Property, PropertyType

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
    ),
)


def read(top: Table, systems: Iterable[str]) -> tuple[Client, ...]:
    """
    Return the clients; `systems` are the names that they may be limited to.
    """
    known = tuple(systems)
    return tuple(_client(name, table, known) for name, table in top.table("clients").tables().items())


def _client(name: str, table: Table, systems: tuple[str, ...]) -> Client:
    values = table.values(SECTION.properties)
    if values and not values["password"] and not values["token"]:
        table.wrong("password", "is required, or token")
    allowed = cast("tuple[str, ...] | None", values.get("systems"))
    for each in allowed or ():
        if each not in systems:
            there = f"there are: {', '.join(systems)}" if systems else "there is none"
            table.wrong("systems", f"names the unknown system {each}; {there}")
    return Client(
        name,
        cast("Secret | None", values.get("password")),
        None if allowed is None else frozenset(allowed),
        cast("Secret | None", values.get("token")),
        Role(values.get("role", Role.PROVISIONER.value)),
    )
