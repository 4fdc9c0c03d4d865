"""
What of a system is mirrored: `[systems.<name>.mirror]`.
"""

from datetime import timedelta
from typing import cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.settings import MirrorSettings, SystemSettings
from webex_connector.app.table import Table
from webex_connector.icf import names
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.mirror.refresh import Rhythm

_USUAL = Rhythm()

SECTION = Section(
    ("systems", ANY, "mirror"),
    "Reads are answered from a copy in the store. Without this table every read goes to Webex.",
    (
        Property(
            "classes",
            "The object classes that are copied.",
            PropertyType.LIST,
            (names.ACCOUNT, names.GROUP, "ROLES", "LICENSES"),
        ),
        Property(
            "refresh_every",
            "Seconds after which Webex is asked what has changed.",
            PropertyType.NUMBER,
            _USUAL.refresh_every.total_seconds(),
        ),
        Property(
            "full_every",
            "Seconds after which everything is read again, where Webex can tell what has changed.",
            PropertyType.NUMBER,
            _USUAL.full_every.total_seconds(),
        ),
        Property(
            "stale_after",
            "Seconds after which a copy that could not be refreshed is too old, so that reads go to Webex.",
            PropertyType.NUMBER,
            _USUAL.stale_after.total_seconds(),
        ),
    ),
)


def read(table: Table, system: SystemSettings) -> MirrorSettings | None:
    """
    Return what is mirrored; what the system has so far when there is no such table, or something in it is wrong.
    """
    values = table.values(SECTION.properties) if table.is_there else {}
    if not values:
        return system.mirror
    seconds = {fact.name: cast("float", values[fact.name]) for fact in SECTION.properties[1:]}
    for name, value in seconds.items():
        if value <= 0:
            table.wrong(name, "must be more than zero")
    if seconds["stale_after"] <= seconds["refresh_every"]:
        table.wrong("stale_after", "must be more than refresh_every, or every copy is too old before it is refreshed")
    classes = cast("tuple[str, ...]", values["classes"])
    if not classes:
        table.wrong("classes", "must name at least one object class; to copy nothing leave the table out")
    return MirrorSettings(tuple(classes), Rhythm(*(timedelta(seconds=value) for value in seconds.values())))
