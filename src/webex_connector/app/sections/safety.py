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
    ),
)


def read(top: Table) -> int:
    """
    Return how many objects one client may delete or disable within an hour.
    """
    table = top.table("safety")
    per_hour = cast("int", table.values(SECTION.properties).get("destructive_per_hour", 0))
    if per_hour < 0:
        table.wrong("destructive_per_hour", "must be zero or more")
    return per_hour
