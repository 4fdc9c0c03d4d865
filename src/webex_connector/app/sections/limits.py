"""
How much a system may be asked at once, and for how long: `[systems.<name>.limits]`.
"""

from typing import Final, cast

from webex_connector.app.declared import ANY, Section
from webex_connector.app.settings import SystemSettings
from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.icf.limits import Limits
from webex_connector.icf.schema import Operation

_SECONDS: Final = Section(
    ("systems", ANY, "limits", "seconds"),
    "Seconds that an operation may take; no limit when not given. A write does not begin after its limit.",
    tuple(
        Property(operation.value, f"Seconds for {meaning}.", PropertyType.NUMBER)
        for operation, meaning in {
            Operation.TEST: "a test of the connection",
            Operation.GET: "reading one object",
            Operation.SEARCH: "each batch of a search",
            Operation.CREATE: "making one object",
            Operation.UPDATE: "changing one object",
            Operation.DELETE: "removing one object",
        }.items()
    ),
)

SECTION = Section(
    ("systems", ANY, "limits"),
    "How much the system may be asked at once, and for how long.",
    (
        Property("concurrent", "Operations on the system at the same time.", PropertyType.INTEGER, 20),
        Property("seconds", "Time limits, one for each operation.", PropertyType.MAP),
    ),
    below=(_SECONDS,),
)


def read(table: Table, system: SystemSettings) -> Limits:
    """
    Return the limits; those that the system has so far when the table says nothing.
    """
    if not table.given:
        return system.limits
    values = table.values(SECTION.properties)
    timed = table.table("seconds")
    concurrent = cast("int", values.get("concurrent", 1))
    if concurrent < 1:
        table.wrong("concurrent", "must be one or more")
    seconds = timed.values(_SECONDS.properties)
    limited = {Operation(name): cast("float", value) for name, value in seconds.items() if value is not None}
    for operation, value in limited.items():
        if value <= 0:
            timed.wrong(operation.value, "must be more than zero")
    return Limits(max(1, concurrent), limited)
