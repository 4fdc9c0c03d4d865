"""
What no client may do too often: `[safety]`.
"""

from typing import cast

from webex_connector.app.declared import Section
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType

SECTION = Section(
    ("safety",),
    "What no client may do too often.",
    (
        Property(
            "destructive_per_hour",
            "How many objects one client may delete or disable within an hour; 0 allows none.",
            PropertyType.INTEGER,
            50,
        ),
        Property(
            "requests_per_second",
            "How many requests one client may send within a second, by SCIM, REST or the connector server; each "
            "process counts for itself. 0 is no limit.",
            PropertyType.INTEGER,
            200,
        ),
    ),
)


def read(top: Table) -> tuple[int, int]:
    """
    Return how many objects one client may delete or disable within an hour, and how many requests it may send within a
    second.
    """
    table = top.table("safety")
    values = table.values(SECTION.properties)
    limits = {name: cast("int", values.get(name, 0)) for name in ("destructive_per_hour", "requests_per_second")}
    for name, value in limits.items():
        if value < 0:
            table.wrong(name, "must be zero or more")
    return limits["destructive_per_hour"], limits["requests_per_second"]
