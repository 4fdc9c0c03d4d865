"""
What Control Hub gives by itself: `[systems.<name>.templates]`.
"""

from typing import cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.settings import SystemSettings
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType

SECTION = Section(
    ("systems", ANY, "templates"),
    "What Control Hub gives by licence templates of its own. There is no way to ask it.",
    (
        Property(
            "licenses",
            "Names or ids of these licences. Policies neither give nor take them.",
            PropertyType.LIST,
            (),
        ),
    ),
)


def read(table: Table, system: SystemSettings) -> tuple[str, ...]:
    """
    Return the names; those that the system has so far when something in the table is wrong.
    """
    values = table.values(SECTION.properties)
    return cast("tuple[str, ...]", values["licenses"]) if values else system.templates
