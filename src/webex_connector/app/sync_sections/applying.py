"""
How plans are applied: `[apply]` of the sync file.
"""

from datetime import timedelta
from typing import Final

from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.sync.apply.fitness import MOST_AGE

PROPERTIES: Final = (
    Property(
        "plan_hours",
        "How many hours old a plan may be when it is applied. An older one speaks of a world that has moved on.",
        PropertyType.NUMBER,
        MOST_AGE / timedelta(hours=1),
    ),
)


def read(top: Table) -> timedelta:
    """
    Return how old a plan may be; as usual when what is said is wrong.
    """
    table = top.table("apply")
    hours = table.values(PROPERTIES).get("plan_hours")
    if not isinstance(hours, int | float):
        return MOST_AGE
    if hours <= 0:
        table.wrong("plan_hours", "must be more than zero")
        return MOST_AGE
    return timedelta(hours=hours)
