"""
`properties` of a mapping: which attribute of the target comes from where.

Source: PingIDM, "Resource mapping": https://docs.pingidentity.com/pingidm/8.1/synchronization-guide/mappings.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from webex_connector.app.openidm.filters import member
from webex_connector.app.openidm.rewriting import OBJECTS
from webex_connector.app.openidm.scripts import Scripts
from webex_connector.app.toml_places import Path
from webex_connector.expressions.values import Expression, values_of
from webex_connector.icf.errors import UnknownAttribute
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.sync.decide.definition import PropertyMapping

_KNOWN: Final = ("source", "target", "transform", "condition", "default", "referencedObjectType")
_IDENTITY: Final = frozenset({"_id", "id", "_rev"})
_PLAIN: Final = re.compile(r'(?:listed\()?source\["([^"\\]+)"\]\)?')


def properties_of(path: Path, given: Any, info: ObjectClassInfo, scripts: Scripts) -> tuple[PropertyMapping, ...]:
    """
    Return the properties. What is wrong is noted, what has no effect told.
    """
    if not isinstance(given, list):
        scripts.notes.wrong(path, "must be a list")
        return ()
    found = [_property((*path, str(number)), each, info, scripts) for number, each in enumerate(given)]
    return in_our_order([each for each in found if each is not None])


def created_of(path: Path, given: Any, info: ObjectClassInfo, scripts: Scripts) -> tuple[PropertyMapping, ...]:
    """
    Return what the script `onCreate` sets on new objects.
    """
    found = []
    for name, expression in scripts.assignments(path, given) if given is not None else ():
        target = _target(path, name, info, scripts)
        if target is not None:
            found.append(PropertyMapping(target, expression=expression, on_create_only=True))
    return tuple(found)


def in_our_order(properties: Sequence[PropertyMapping]) -> tuple[PropertyMapping, ...]:
    """
    Return the properties with several of one attribute turned round: there the last one that applies wins, here the
    first.
    """
    groups: dict[str, list[PropertyMapping]] = {}
    for each in properties:
        groups.setdefault(each.target, []).append(each)
    return tuple(each for group in groups.values() for each in reversed(group))


def _property(path: Path, given: Any, info: ObjectClassInfo, scripts: Scripts) -> PropertyMapping | None:
    notes = scripts.notes
    table = notes.table(path, given, _KNOWN)
    if not isinstance(table.get("target"), str) or not isinstance(table.get("source", ""), str):
        notes.wrong(path, "must have a target, and its source must be a text")
        return None
    target = _target(path, table["target"], info, scripts)
    if target is None:
        return None
    source = str(table.get("source", "")).strip("/")
    condition = scripts.condition((*path, "condition"), table.get("condition"))
    default = values_of(table.get("default"))
    expression = _transform(path, table, source, scripts)
    plain = _PLAIN.fullmatch(expression.text) if expression is not None else None
    if plain is not None:
        source, expression = plain[1], None
    if not source and expression is None and not default:
        if table.get("transform") is None:
            notes.wrong(path, "has neither source, transform nor default")
        return None
    return PropertyMapping(
        target,
        source if source and expression is None else None,
        expression,
        default=default,  # type: ignore[arg-type]  # what JSON holds are values
        condition=condition,
    )


def _transform(path: Path, table: Mapping[str, Any], source: str, scripts: Scripts) -> Expression | None:
    if table.get("transform") is not None:
        variables = {**OBJECTS, "source": member("source", source)} if source else OBJECTS
        return scripts.expression((*path, "transform"), table["transform"], variables)
    return Expression(member("source", source), scripts.notes.place(path)) if source else None


def _target(path: Path, name: str, info: ObjectClassInfo, scripts: Scripts) -> str | None:
    name = name.strip("/")
    try:
        fact = info.attribute(name)
    except UnknownAttribute as problem:
        if name in _IDENTITY:
            scripts.remark(path, f"has no effect: the target gives {name} itself, and links say which object is whose")
        else:
            scripts.notes.wrong(path, problem.message)
        return None
    if not fact.writable:
        scripts.remark(path, f"has no effect: {name} cannot be written")
        return None
    return fact.name
