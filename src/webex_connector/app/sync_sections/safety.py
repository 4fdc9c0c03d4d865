"""
What stands in a plan's way: `[safety]` of the sync file.
"""

from collections.abc import Mapping
from typing import Final, cast

from webex_connector.app.table import Table
from webex_connector.icf.configuration import Property, PropertyType, Setting
from webex_connector.policy.safety import USUAL, WORDS, Harm, Limits, Threshold
from webex_connector.sync.records import folded


def _thresholds() -> tuple[Property, ...]:
    found: list[Property] = []
    for harm in Harm:
        found += [
            Property(
                f"{harm.value}_percent",
                f"Which part of everybody may {WORDS[harm]} by one plan, in percent; a few always may. -1: any.",
                PropertyType.NUMBER,
                -1.0 if USUAL[harm].percent is None else USUAL[harm].percent,
            ),
            Property(
                f"{harm.value}_count",
                f"How many may {WORDS[harm]} by one plan. -1: any number.",
                PropertyType.INTEGER,
                -1,
            ),
        ]
    return tuple(found)


PROPERTIES: Final = (
    *_thresholds(),
    Property(
        "shrinking_percent",
        "By how much a source may have fewer records than when a plan was last applied, in percent. -1: any.",
        PropertyType.NUMBER,
        10.0,
    ),
    Property("least_records", "How many records a source has at least.", PropertyType.INTEGER, 1),
    Property("never_delete", "Whether no plan may delete anybody.", PropertyType.BOOLEAN, default=False),
    Property(
        "only_owned",
        "Whether nobody is disabled or deleted whom the mapping neither made nor linked.",
        PropertyType.BOOLEAN,
        default=True,
    ),
    Property("protected", "Addresses and uids of those whom no plan touches.", PropertyType.LIST),
)


def read(top: Table) -> Limits:
    """
    Return the limits; the usual ones when something in the table is wrong.
    """
    table = top.table("safety")
    values = table.values(PROPERTIES)
    if not values:
        return Limits()
    for name, value in values.items():
        if isinstance(value, int | float) and value < -1:
            table.wrong(name, "must be zero or more, or -1")
    return Limits(
        {
            harm: Threshold(_number(values, f"{harm.value}_count"), _part(values, f"{harm.value}_percent"))
            for harm in Harm
        },
        _part(values, "shrinking_percent"),
        cast("int", values["least_records"]),
        bool(values["never_delete"]),
        bool(values["only_owned"]),
        frozenset(folded(each) for each in cast("tuple[str, ...] | None", values["protected"]) or ()),
    )


def _number(values: Mapping[str, Setting], name: str) -> int | None:
    found = cast("int", values[name])
    return None if found < 0 else found


def _part(values: Mapping[str, Setting], name: str) -> float | None:
    found = cast("float", values[name])
    return None if found < 0 else found
