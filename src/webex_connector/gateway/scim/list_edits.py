"""
Changes of chosen values in a list of complex values, worked out from what the list holds. Pure.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.filter_text import Comparison, Every, Node, Relation
from webex_connector.gateway.scim.mapping import Attribute, Place, Resource, Shape, Table
from webex_connector.gateway.scim.matching import Scope, folding, matcher
from webex_connector.gateway.scim.patch import Op, Step, is_empty
from webex_connector.gateway.scim.rendering import Setting, View
from webex_connector.gateway.scim.standard import inside
from webex_connector.gateway.scim.values import as_list, entries, entry, shown
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.objects import ConnectorObject

_Seen = dict[str, Any]
_NOTHING = Table("", "", "", ())


def edited(resource: Resource, step: Step, values: Values, setting: Setting) -> Values:
    """
    Return the values that a list has after a step. Raises Problem (400, noTarget or invalidValue).
    """
    row = step.place.attribute
    if row.shape is Shape.MAPS:
        values = tuple(each for each in values if isinstance(each, Mapping))
    seen = _seen(row, values, setting)
    if step.op is Op.REMOVE and step.chosen is None and not is_empty(step.value):
        return tuple(each for each, row in zip(values, seen, strict=True) if not _is_named(step, row))
    places = _chosen(resource, step, seen)
    if step.op is Op.REMOVE or is_empty(step.value):
        return _without(step, values, seen, places)
    if step.op is Op.ADD and step.chosen is None and step.place.part is None:
        fresh = [each for each in entries(row, step.value) if each not in values]
        return _one_primary(row, (*values, *fresh), values)
    if not places:
        return _one_primary(row, (*values, _made(resource, step)), values)
    changed = {place: _changed(resource, step, seen[place]) for place in places}
    after = [changed.get(place, each) for place, each in enumerate(values)]
    return _one_primary(row, tuple(each for each in after if each is not None), values)


def _one_primary(row: Attribute, after: Values, before: Values) -> Values:
    """
    Return the values of a list with one primary value at most: the one that is new takes the mark from the others (RFC
    7644, section 3.5.2).
    """
    part = row.part("primary")
    key = None if part is None else part.source
    marked = [each for each in after if isinstance(each, Mapping) and key is not None and each.get(key) is True]
    fresh = [each for each in marked if each not in before]
    if key is None or not fresh:
        return after
    others = [each for each in marked if each is not fresh[-1]]
    return tuple({**each, key: False} if isinstance(each, Mapping) and each in others else each for each in after)


def _seen(row: Attribute, values: Values, setting: Setting) -> list[_Seen]:
    """
    Return values of a list as clients see them, each with the parts it has.
    """
    alone = Resource("", "", "", "", replace(_NOTHING, attributes=(replace(row, single=False),)))
    view = View(alone, setting, with_version=False)
    rows = view.resource(ConnectorObject("", "", None, {row.model or "": values})).get(row.name, [])
    if len(rows) == 1 and row.part("primary") is None:
        # Entra asks for the primary role, of which Webex knows nothing; the only one there is is meant.
        rows[0]["primary"] = True
    found: list[_Seen] = rows
    return found


def _chosen(resource: Resource, step: Step, seen: list[_Seen]) -> list[int]:
    if step.chosen is None:
        return list(range(len(seen)))
    test = matcher(step.chosen, inside(resource, step.place))
    return [place for place, row in enumerate(seen) if test(row)]


def _is_named(step: Step, row: _Seen) -> bool:
    """
    Whether a value is among those that a `remove` lists: it has every part that is told of it.
    """
    return any(_has(step, row, each) for each in as_list(step.value))


def _has(step: Step, row: _Seen, named: Any) -> bool:
    attribute = step.place.attribute
    given = named if isinstance(named, Mapping) else {"value": named}
    told = {attribute.part(key): each for key, each in given.items() if not is_empty(each)}
    parts = {part: each for part, each in told.items() if part is not None}
    if not parts:
        raise refused(Kind.INVALID_VALUE, f"{attribute.name} has no value like {shown(named)}")
    folds = {part: folding(Place(step.place.table, attribute, part)) for part in parts}
    return all(folds[part](row.get(part.name)) == folds[part](each) for part, each in parts.items())


def _without(step: Step, values: Values, seen: list[_Seen], places: list[int]) -> Values:
    """
    Return the list without the chosen values, or without a part of them; what is left of one may be nothing.
    """
    part = step.place.part
    if part is None or part.name == "value" or part.required:
        return tuple(each for place, each in enumerate(values) if place not in places)
    kept: list[Value] = []
    for place, each in enumerate(values):
        if place not in places:
            kept.append(each)
            continue
        rest = {key: value for key, value in seen[place].items() if key != part.name}
        if rest.keys() - {"type", "primary"}:
            kept.append(entry(step.place.attribute, rest))
    return tuple(kept)


def _changed(resource: Resource, step: Step, row: _Seen) -> Value:
    """
    Return a value as it is after the step. A replaced one keeps what it was chosen by: Entra leaves that out.
    """
    given = _given(step)
    if step.op is Op.REPLACE and step.place.part is None:
        return entry(step.place.attribute, {**(_described(resource, step) or {}), **given})
    return entry(step.place.attribute, {**row, **given})


def _made(resource: Resource, step: Step) -> Value:
    """
    Return a new value as the step's filter describes it. Raises Problem (400, noTarget) when it describes none.
    """
    described, given = _described(resource, step), _given(step)
    if described is None or any(given.get(key, value) != value for key, value in described.items()):
        raise refused(
            Kind.NO_TARGET, f"{step.place.attribute.name} has no such value, and none can be made of the path"
        )
    made = entry(step.place.attribute, {**described, **given})
    if made is None:
        raise refused(Kind.NO_TARGET, f"{step.place.attribute.name} has no such value")
    return made


def _given(step: Step) -> _Seen:
    """
    Return the parts that a step writes, by their proper names.
    """
    row, part = step.place.attribute, step.place.part
    if part is not None:
        return {part.name: step.value}
    told = step.value[0] if isinstance(step.value, list) and len(step.value) == 1 else step.value
    if isinstance(told, list):
        raise refused(Kind.INVALID_VALUE, f"{row.name} takes one value here, not {shown(told)}")
    given = told if isinstance(told, Mapping) else {"value": told}
    return {part.name if (part := row.part(key)) else key: each for key, each in given.items()}


def _described(resource: Resource, step: Step) -> _Seen | None:
    """
    Return the parts that a value must have to fulfil the step's filter; None when it says more than "this is that".
    """
    return {} if step.chosen is None else _equalities(step.chosen, inside(resource, step.place))


def _equalities(node: Node, scope: Scope) -> _Seen | None:
    match node:
        case Every(parts):
            found = [_equalities(part, scope) for part in parts]
            return {key: value for each in found for key, value in (each or {}).items()} if None not in found else None
        case Comparison(relation=Relation.EQUAL, literal=literal) if not literal.is_null:
            place, value = scope.compared(node)
            return None if place.part is None else {place.part.name: value}
        case _:
            return None
