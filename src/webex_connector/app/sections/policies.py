"""
Who gets what: `[systems.<name>.policies.<name>]`.
"""

from typing import cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.settings import SystemSettings
from webex_connector.app.table import Table
from webex_connector.expressions.values import Expression
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.policy.provisioning import Beside, Otherwise, Policy

_POLICY = Section(
    ("systems", ANY, "policies", ANY),
    "A provisioning policy: who qualifies, and what they get. Several may hold for one person.",
    (
        Property("when", "The expression that holds for those who qualify; everybody without it."),
        Property("licenses", "The licences they get, by name or id.", PropertyType.LIST, ()),
        Property("roles", "The administrator roles they get, by name or id.", PropertyType.LIST, ()),
        Property("groups", "The groups they are put in, by name or id.", PropertyType.LIST, ()),
        Property(
            "teams",
            "The teams they are put in, by name or id. Teams need `objectClasses`.",
            PropertyType.LIST,
            (),
        ),
        Property(
            "location",
            "The place of their telephone, by name or id; it needs an extension. Locations need `objectClasses`.",
        ),
        Property("extension", "The expression that gives their extension."),
        Property("phone", "The expression that gives their work number; not together with a location."),
        Property(
            "given",
            "What happens where the caller gives values of the same attribute: `add` gives both, `leave` the caller's.",
            default=Beside.ADD.value,
            allowed=tuple(each.value for each in Beside),
        ),
        Property(
            "follow",
            "Whether people get and lose it later too, when what the policy looks at changes; else once, when they are "
            "made.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "otherwise",
            "What happens to those who no longer qualify, where the policy follows. A door takes back by itself; "
            "a plan of a mapping disables and deletes.",
            default=Otherwise.REPORT.value,
            allowed=tuple(each.value for each in Otherwise),
        ),
        Property(
            "delete_after", "With `disable_then_delete`: days from disabling to deleting.", PropertyType.INTEGER, 30
        ),
    ),
)

SECTION = Section(
    ("systems", ANY, "policies"),
    "Provisioning policies, each a table with a name of its own; see the page of policies.",
    (),
    below=(_POLICY,),
)


def read(table: Table, system: SystemSettings) -> tuple[Policy, ...]:  # noqa: ARG001 - the same for every system
    """
    Return the policies in the order of the file.
    """
    return tuple(_policy(name, inner) for name, inner in table.tables().items())


def _policy(name: str, table: Table) -> Policy:
    values = table.values(_POLICY.properties)
    if not values:
        return Policy(name)
    if values["location"] and values["phone"]:
        table.wrong("phone", "excludes location: Webex takes one of them")
    if values["location"] and not values["extension"]:
        table.wrong("location", "needs an extension too")
    days = cast("int", values["delete_after"])
    if days < 0:
        table.wrong("delete_after", "must be zero or more")
    licenses, roles, groups, teams = (
        cast("tuple[str, ...]", values[each]) for each in ("licenses", "roles", "groups", "teams")
    )
    when, extension, phone = (_expression(table, each) for each in ("when", "extension", "phone"))
    if not any((licenses, roles, groups, teams, values["location"], extension, phone)):
        table.unfit("gives nothing: name licenses, roles, groups, teams, a location, an extension or a phone")
    return Policy(
        name,
        when,
        licenses,
        roles,
        groups,
        teams,
        cast("str | None", values["location"]),
        extension,
        phone,
        Beside(values["given"]),
        bool(values["follow"]),
        Otherwise(values["otherwise"]),
        days,
    )


def _expression(table: Table, name: str) -> Expression | None:
    text = table.given.get(name)
    return Expression(str(text), table.place_of(name)) if text not in (None, "") else None
