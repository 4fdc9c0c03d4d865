"""
How much of a SCIM filter the model can say itself. Pure.

What comes out finds everything that the filter means. It is exact, or it finds more; it never finds less.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from webex_connector.gateway.scim.filter_text import Comparison, Every, Negation, Node, Presence, Relation, Some, Within
from webex_connector.gateway.scim.mapping import Attribute, Place, ScimType, Shape
from webex_connector.gateway.scim.matching import TEXT_RELATIONS, Plain, Row, Scope, matcher
from webex_connector.icf.filters import EVERYTHING, NOTHING, And, Compare, Constant, Filter, Not, Operator, Or, Present

_OPERATORS: Final[dict[Relation, Operator]] = {
    each: Operator(each.value) for each in Relation if each is not Relation.NOT_EQUAL
}
_ADDRESSES: Final = "emails"
_COMPARED_BY: Final = frozenset({"value", "id"})
"""
The keys by which the model compares a map with a text.
"""


@dataclass(frozen=True, slots=True)
class Pushed:
    """
    A filter of the model, and whether it finds nothing but what is meant.
    """

    native: Filter
    exact: bool = True


_UNSAID: Final = Pushed(EVERYTHING, exact=False)


@dataclass(frozen=True, slots=True)
class Pusher:
    """
    Translates trees about the resources, or the values of one attribute, that `scope` is about.
    """

    scope: Scope
    offset: timedelta = timedelta(0)
    """
    What answers add to the times of Webex.
    """

    def pushed(self, node: Node) -> Pushed:
        """
        Return what the model can say of a tree. Raises Problem (400, invalidFilter) for what makes no sense.
        """
        match node:
            case Every(parts):
                return self._every([self.pushed(part) for part in parts])
            case Some(parts):
                found = [self.pushed(part) for part in parts]
                return Pushed(any_of(each.native for each in found), all(each.exact for each in found))
            case Negation(part):
                return self._negated(self.pushed(part))
            case Within(_, part):
                inside = Pusher(self.scope.within(node), self.offset)
                return _there_is(self.scope.find(node).attribute, inside.pushed(part))
            case Presence():
                return self._present(node)
            case _:
                return self._compared(node)

    def _every(self, found: list[Pushed]) -> Pushed:
        native = all_of(each.native for each in found)
        exact = all(each.exact for each in found)
        if self.scope.inside is not None:
            # Several conditions have to hold for the same value. The model can only say that there are values for each.
            exact = exact and sum(not isinstance(each.native, Constant) for each in found) <= 1
        return Pushed(native, exact or native == NOTHING)

    def _negated(self, found: Pushed) -> Pushed:
        """
        Return the opposite. "There is a value that is not x" is not the opposite of "there is a value that is x".
        """
        if not found.exact or (self.scope.inside is not None and not isinstance(found.native, Constant)):
            return _UNSAID
        return Pushed(negated(found.native))

    def _present(self, node: Presence) -> Pushed:
        place = self.scope.find(node)
        row, part = place.attribute, place.part
        if self.scope.inside is not None:
            return Pushed(EVERYTHING) if row.shape is Shape.ENTRIES and _is_value(place) else _UNSAID
        if part is None:
            return _there_is(row, Pushed(EVERYTHING))
        if row.shape is Shape.PARTS:
            return _UNSAID if part.source is None else Pushed(Present(part.source))
        return _there_is(row, _UNSAID)

    def _compared(self, node: Comparison) -> Pushed:
        place, asked = self.scope.compared(node)
        if asked is None:
            there = self._present(Presence(node.path, node.column))
            return there if node.relation is Relation.NOT_EQUAL else self._negated(there)
        if node.relation is Relation.NOT_EQUAL:
            return self._negated(self._compared(replace(node, relation=Relation.EQUAL)))
        fixed = self._fixed(place)
        if fixed is not None:
            found = Pushed(Constant(matcher(node, self.scope)(fixed)))
        else:
            found = self._comparing(place, node.relation, asked)
        in_list = place.attribute.many and self.scope.inside is None
        return _there_is(place.attribute, found) if in_list else found

    def _comparing(self, place: Place, relation: Relation, asked: Plain) -> Pushed:
        model = place.model
        if model is None or (place.attribute.shape is Shape.MAPS and not _is_compared_by(place)):
            return _UNSAID
        if place.type is ScimType.DATE_TIME:
            # A text in a time is looked for in the time as answers write it.
            return _UNSAID if relation in TEXT_RELATIONS else self._moment(model, relation, str(asked))
        if model == _ADDRESSES and relation is Relation.EQUAL and "@" not in str(asked):
            # Entra asks for a random GUID to test a connection; nobody's address, so Webex need not be asked.
            return Pushed(NOTHING)
        return Pushed(Compare(model, _OPERATORS[relation], asked))

    def _moment(self, model: str, relation: Relation, asked: str) -> Pushed:
        moment = datetime.fromisoformat(asked)
        try:
            moved = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) - self.offset
        except OverflowError:
            return _UNSAID
        return Pushed(Compare(model, _OPERATORS[relation], moved.isoformat()))

    def _fixed(self, place: Place) -> Row | None:
        """
        Return a resource, or a value of the attribute, with what is the same in all of them at this place; None when
        there is no such thing.
        """
        row, part = place.attribute, place.part
        told: str | bool | None = None
        if part is None:
            told = self.scope.resource.name if row.model is None and not row.slots else None
        elif part.name == "type":
            told = row.label or (part.canonical[0] if part.source is None and part.canonical else None)
        elif part.name == "primary":
            told = (row.first_is_primary and row.single) or None
        elif part.name == "resourceType":
            told = self.scope.resource.name
        if told is None:
            return None
        value = told if part is None else {part.name: told}
        if isinstance(value, dict) and self.scope.inside is not None:
            return value
        return {row.name: value, place.table.urn: {row.name: value}}


def all_of(found: Iterable[Filter]) -> Filter:
    """
    Return the filter that all of these hold, as short as it can be said.
    """
    parts = [each for each in found if each != EVERYTHING]
    if NOTHING in parts:
        return NOTHING
    return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else EVERYTHING


def any_of(found: Iterable[Filter]) -> Filter:
    """
    Return the filter that one of these holds, as short as it can be said.
    """
    parts = [each for each in found if each != NOTHING]
    if EVERYTHING in parts:
        return EVERYTHING
    return parts[0] if len(parts) == 1 else Or(tuple(parts)) if parts else NOTHING


def negated(found: Filter) -> Filter:
    """
    Return the opposite of a filter.
    """
    return Constant(not found.truth) if isinstance(found, Constant) else Not(found)


def _there_is(row: Attribute, chosen: Pushed) -> Pushed:
    """
    Return "the attribute has a value for which this holds".
    """
    if chosen.native != EVERYTHING:
        return chosen
    if row.model is not None:
        return Pushed(Present(row.model), chosen.exact)
    if row.slots:
        return Pushed(any_of(Present(model) for model in sorted(row.sources)), chosen.exact)
    if row.part("resourceType") is not None:
        return chosen
    return Pushed(any_of(Present(part.source) for part in row.parts if part.source is not None), chosen.exact)


def _is_value(place: Place) -> bool:
    return place.part is not None and place.part.name == "value"


def _is_compared_by(place: Place) -> bool:
    return place.part is not None and _is_value(place) and place.part.source in _COMPARED_BY
