"""
How the SCIM door shows a system: `[systems.<name>.scim]`.
"""

from datetime import timedelta
from typing import cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.settings import SystemSettings
from webex_connector.app.table import Table
from webex_connector.gateway.scim.dialects import Dialect, Groups
from webex_connector.gateway.scim.manner import LastMember, Manner, offset_of
from webex_connector.icf.configuration import Property, PropertyType

SECTION = Section(
    ("systems", ANY, "scim"),
    "How the SCIM door shows the system.",
    (
        Property(
            "dialect",
            "Whose words it speaks. `one_identity` has the organisation and the presence in the enterprise extension; "
            "`okta` has roles and licences as Okta's entitlement management looks for them.",
            default=Dialect.STANDARD.value,
            allowed=tuple(each.value for each in Dialect),
        ),
        Property(
            "groups",
            "What `/Groups` are: groups, teams, or groups with `/Teams` beside them. Teams need `objectClasses`.",
            default=Groups.GROUPS.value,
            allowed=tuple(each.value for each in Groups),
        ),
        Property("profiles", "Another name of the resource type of licences, as `Licenses`.", default="Profiles"),
        Property(
            "adopt",
            "Whether somebody who exists is taken over when a client makes them, instead of being reported as a "
            "conflict.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "strict_create",
            "Whether somebody or something that Webex made in part only, without a licence or a member, is deleted "
            "again and the POST refused. Not together with `adopt`.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "duplicate_names",
            "Whether two groups or two teams may have one name. Clients that look groups up by name then find two.",
            PropertyType.BOOLEAN,
            default=False,
        ),
        Property(
            "change_user_name",
            "Whether clients may change a `userName`, the address to sign in with.",
            PropertyType.BOOLEAN,
            default=True,
        ),
        Property(
            "last_member",
            "What a change does that takes the last member out of a team: `refuse` it, or `delete` the team, if the "
            "client may delete.",
            default=LastMember.REFUSE.value,
            allowed=tuple(each.value for each in LastMember),
        ),
        Property(
            "datetime_offset",
            "What is added to `meta.created` and `meta.lastModified`, as `+02:00` or in minutes.",
            default="+00:00",
        ),
        Property(
            "patience",
            "Seconds after which a client is asked to come back, unless a write has begun.",
            PropertyType.NUMBER,
            25.0,
        ),
    ),
)


def read(table: Table, system: SystemSettings) -> Manner:
    """
    Return how the door shows the system; as it does so far when something in the table is wrong.
    """
    values = table.values(SECTION.properties)
    if not values:
        return system.scim
    offset, patience = timedelta(0), cast("float", values["patience"])
    try:
        offset = offset_of(str(values["datetime_offset"]))
    except ValueError as problem:
        table.wrong("datetime_offset", str(problem))
    if patience <= 0:
        table.wrong("patience", "must be more than zero")
    if values["adopt"] and values["strict_create"]:
        table.wrong("strict_create", "and adopt cannot both be true: what was there before cannot be taken back")
    return Manner(
        Dialect(values["dialect"]),
        Groups(values["groups"]),
        str(values["profiles"]),
        adopt=bool(values["adopt"]),
        strict_create=bool(values["strict_create"]),
        duplicate_names=bool(values["duplicate_names"]),
        change_user_name=bool(values["change_user_name"]),
        last_member=LastMember(values["last_member"]),
        offset=offset,
        patience=patience,
    )
