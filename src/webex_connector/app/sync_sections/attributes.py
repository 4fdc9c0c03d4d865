"""
Which attribute of the target comes from where: `[mappings.<name>.attributes]`.
"""

from collections.abc import Mapping
from typing import Any, Final

from webex_connector.app.table import Table
from webex_connector.expressions.values import Expression, values_of
from webex_connector.icf.configuration import Property, PropertyType
from webex_connector.icf.errors import UnknownAttribute
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.sync.decide.definition import PropertyMapping
from webex_connector.sync.decide.mapping import unfilled

_WAYS: Final = ("source", "expression", "value")

PROPERTIES: Final = (
    Property("source", "The attribute of the record that it comes from."),
    Property("expression", "The expression that gives it."),
    Property("value", "What everybody gets: a value, or a list of them."),
    Property("default", "What it gets where that gives nothing. Without one, the target's attribute is cleared."),
    Property("condition", "An expression; where it does not hold, the target's attribute is left alone."),
    Property(
        "on_create_only",
        "Whether it is given to new objects only, and left alone afterwards.",
        PropertyType.BOOLEAN,
        default=False,
    ),
    Property(
        "reference",
        "Whether the values are keys of records of the same source; the target gets the identifiers of their objects.",
        PropertyType.BOOLEAN,
        default=False,
    ),
    Property(
        "through",
        "The mapping of whose records the values are keys, as members of a group are keys of people; the target gets "
        "the identifiers of the objects that it has linked.",
    ),
)
_KNOWN: Final = frozenset(each.name for each in PROPERTIES)


def read(table: Table, info: ObjectClassInfo) -> tuple[PropertyMapping, ...]:
    """
    Return what the table says of each attribute; a text is the attribute of the record that it comes from.
    """
    found: list[PropertyMapping] = []
    for name, given in table.given.items():
        try:
            fact = info.attribute(name)
        except UnknownAttribute as problem:
            table.wrong(name, problem.message)
            continue
        if not fact.writable:
            table.wrong(name, "cannot be written")
            continue
        for each in given if isinstance(given, list) else [given]:
            one = _property(table, fact.name, name, {"source": each} if isinstance(each, str) else each)
            if one is not None:
                found.append(one)
    for missing in unfilled(found, info):
        table.unfit(missing)
    return tuple(found)


def _property(table: Table, target: str, name: str, given: Any) -> PropertyMapping | None:
    if not isinstance(given, dict):
        table.wrong(name, "must be the name of an attribute of the record, or a table with source, expression or value")
        return None
    unknown = given.keys() - _KNOWN
    if unknown:
        table.wrong(name, f"has the unknown {min(unknown)}; there are: {', '.join(sorted(_KNOWN))}")
        return None
    ways = [way for way in _WAYS if way in given]
    if len(ways) > 1 or not (ways or "default" in given):
        table.wrong(name, f"must have one of {', '.join(_WAYS)}")
        return None
    wrong = [
        each for each in ("source", "expression", "condition", "through") if not isinstance(given.get(each, ""), str)
    ]
    wrong += [each for each in ("on_create_only", "reference") if not isinstance(given.get(each, False), bool)]
    if wrong:
        table.wrong(name, f"has a {wrong[0]} that is none")
        return None
    others = [each for each in ("reference", "on_create_only") if given.get(each)]
    if given.get("through") is not None and others:
        table.wrong(name, f"has through, which does not go with {others[0]}")
        return None
    place = table.place_of(name)
    return PropertyMapping(
        target,
        given.get("source"),
        _expression(given, "expression", place),
        values_of(given["value"]) if "value" in given else None,  # type: ignore[arg-type]  # what TOML holds are values
        values_of(given.get("default")),  # type: ignore[arg-type]  # as above
        _expression(given, "condition", place),
        given.get("on_create_only", False),
        given.get("reference", False),
        given.get("through"),
    )


def _expression(given: Mapping[str, Any], name: str, place: str) -> Expression | None:
    return Expression(given[name], place) if given.get(name) else None
