"""
What the pieces of a filter mean for a resource type, and whether a resource fulfils a filter as the client sees it.
Pure.

Texts compare without regard to case unless the schema says that case matters, times as moments.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from webex_connector.gateway.scim.errors import Kind, Problem, refused
from webex_connector.gateway.scim.filter_text import (
    Comparison,
    Every,
    Literal,
    Negation,
    Node,
    Presence,
    Relation,
    Some,
    Within,
)
from webex_connector.gateway.scim.mapping import Part, Place, Resource, Returned, ScimType
from webex_connector.gateway.scim.values import shown
from webex_connector.icf.filters import moment
from webex_connector.icf.names import folded_text

Plain: TypeAlias = str | int | bool | None
"""
What a literal stands for; None when it is the word `null`.
"""

Row: TypeAlias = Mapping[str, Any]
"""
A resource, or one value of a complex attribute.
"""

TEXT_RELATIONS: Final = frozenset({Relation.CONTAINS, Relation.STARTS_WITH, Relation.ENDS_WITH})
EQUALITY: Final = frozenset({Relation.EQUAL, Relation.NOT_EQUAL})

_WORDS: Final = {"true": True, "false": False}
_RELATIONS: Final[Mapping[Relation, Callable[[Any, Any], bool]]] = {
    Relation.EQUAL: operator.eq,
    Relation.CONTAINS: operator.contains,
    Relation.STARTS_WITH: str.startswith,
    Relation.ENDS_WITH: str.endswith,
    Relation.GREATER: operator.gt,
    Relation.GREATER_OR_EQUAL: operator.ge,
    Relation.LESS: operator.lt,
    Relation.LESS_OR_EQUAL: operator.le,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """
    Where the paths of a filter are looked up: in a resource type, or among the parts of one of its attributes.
    """

    resource: Resource
    inside: Place | None = None

    def find(self, node: Comparison | Presence | Within) -> Place:
        """
        Return what a path names. Raises Problem (400, invalidFilter) when there is no such thing.
        """
        if self.inside is None:
            found = self.resource.find(node.path)
            where = self.resource.name
        else:
            part = self.inside.attribute.part(node.path)
            found = None if part is None else Place(self.inside.table, self.inside.attribute, part)
            where = self.inside.attribute.name
        if found is None:
            raise _wrong(node, f"{where} has no {'attribute' if self.inside is None else 'part'} {shown(node.path)}")
        if found.attribute.returned is Returned.NEVER:
            raise _wrong(node, f"{node.path} is never shown, and so cannot be looked for")
        return found

    def within(self, node: Within) -> "Scope":
        """
        Return the scope between the brackets. Raises Problem (400, invalidFilter) where brackets make no sense.
        """
        place = self.find(node)
        if self.inside is not None or place.part is not None or not place.attribute.parts:
            raise _wrong(node, f"{node.path} has no parts to choose by")
        return Scope(self.resource, place)

    def compared(self, node: Comparison) -> tuple[Place, Plain]:
        """
        Return what is compared with what; a list of complex values stands for their part `value`.

        Raises Problem (400, invalidFilter) when the two cannot be compared in this way.
        """
        place = self.find(node)
        if node.literal.is_null:
            if node.relation not in EQUALITY:
                raise _wrong(node, f"'{node.relation.value}' does not go with null")
            return place, None
        if place.type is ScimType.COMPLEX:
            part = place.attribute.part("value")
            if part is None:
                raise _wrong(node, f"{place.path} has parts; name one, as in {_example(place)}")
            place = Place(place.table, place.attribute, part)
        return place, _meant(node, place)


def folding(place: Place, relation: Relation = Relation.EQUAL) -> Callable[[Any], Any]:
    """
    Return what turns values of a place into the form in which they compare.
    """
    exact = place.part.case_exact if place.part is not None else place.attribute.case_exact
    if place.type is ScimType.DATE_TIME and relation not in TEXT_RELATIONS:
        return lambda value: moment(value) if isinstance(value, str) else value
    if exact:
        return lambda value: value
    return lambda value: folded_text(value) if isinstance(value, str) else value


def matcher(node: Node, scope: Scope) -> Callable[[Row], bool]:
    """
    Return the test whether a resource, or within a scope inside an attribute one of its values, fulfils a filter.

    Raises Problem (400, invalidFilter) for what makes no sense.
    """
    match node:
        case Every(parts):
            every = [matcher(part, scope) for part in parts]
            return lambda row: all(test(row) for test in every)
        case Some(parts):
            some = [matcher(part, scope) for part in parts]
            return lambda row: any(test(row) for test in some)
        case Negation(part):
            inner = matcher(part, scope)
            return lambda row: not inner(row)
        case Within():
            place = scope.find(node)
            test = matcher(node.part, scope.within(node))
            return lambda row: any(test(each) for each in _seen(row, scope, Place(place.table, place.attribute)))
        case Presence():
            there = scope.find(node)
            return lambda row: any(_is_present(value) for value in _seen(row, scope, there))
        case _:
            return _comparing(node, scope)


def _comparing(node: Comparison, scope: Scope) -> Callable[[Row], bool]:
    place, asked = scope.compared(node)
    negated = node.relation is Relation.NOT_EQUAL
    if asked is None:
        return lambda row: any(_is_present(value) for value in _seen(row, scope, place)) is negated
    fold = folding(place, node.relation)
    wanted = fold(asked)
    holds = _RELATIONS[Relation.EQUAL if negated else node.relation]

    def test(row: Row) -> bool:
        there = (fold(value) for value in _seen(row, scope, place))
        return any(type(have) is type(wanted) and holds(have, wanted) for have in there) is not negated

    return test


def _seen(row: Row, scope: Scope, place: Place) -> Iterable[Any]:
    """
    Return the values of a place in a resource, or in one value of the attribute that the scope is inside of.
    """
    if scope.inside is None:
        in_extension = any(table.urn == place.table.urn for table in scope.resource.extensions)
        table = row.get(place.table.urn, {}) if in_extension else row
        value = table.get(place.attribute.name)
        values = value if isinstance(value, list) else [value]
    else:
        values = [row]
    found = values if place.part is None else [each.get(place.part.name) for each in values if each is not None]
    return [value for value in found if value is not None]


def _is_present(value: Any) -> bool:
    return value not in ("", [], {})


def _meant(node: Comparison, place: Place) -> Plain:
    """
    Return the value that a literal stands for where it is compared with values of a place.
    """
    text, relation = node.literal.text, node.relation
    match place.type:
        case ScimType.BOOLEAN:
            if relation not in EQUALITY:
                raise _wrong(node, f"{place.path} is true or false; '{relation.value}' does not go with that")
            # Entra writes "True", in quotation marks.
            value: Plain = _WORDS.get(text.strip().lower())
            wanted = "true or false"
        case ScimType.INTEGER:
            if relation in TEXT_RELATIONS:
                raise _wrong(node, f"{place.path} is a number; '{relation.value}' compares texts")
            value = _integer(text)
            wanted = "an integer"
        case ScimType.DATE_TIME:
            value = text if relation in TEXT_RELATIONS or _is_time(text) else None
            wanted = "a time, as in 2026-11-21T09:30:00Z"
        case _:
            value = text
            wanted = "a text"
    if value is None:
        raise _wrong(node, f"{place.path} is compared with {wanted}, not {_told(node.literal)}")
    return value


def _integer(text: str) -> int | None:
    try:
        number = int(text)
    except ValueError:
        return None
    return number if -(2**63) <= number < 2**63 else None


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _told(literal: Literal) -> str:
    return shown(literal.text) if literal.quoted else literal.text[:100]


def _example(place: Place) -> str:
    first: Part = place.attribute.parts[0]
    return f"{place.attribute.name}.{first.name}"


def _wrong(node: Comparison | Presence | Within, problem: str) -> Problem:
    return refused(Kind.INVALID_FILTER, f"{problem} (column {node.column})")
