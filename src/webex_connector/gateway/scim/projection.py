"""
`attributes` and `excludedAttributes` (RFC 7644, section 3.9): a resource type narrowed to what an answer shows. What is
not shown is not read from Webex either. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from webex_connector.gateway.scim.asked import Asked
from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.mapping import Attribute, Part, Resource, Returned, Table

_Named = dict[tuple[str, str], set[str]]
"""
The parts that are named, by the table's URN and the attribute's name; an empty text stands for the whole attribute.
"""


@dataclass(frozen=True, slots=True)
class Projection:
    """
    What an answer shows.
    """

    resource: Resource
    """
    The resource type with the attributes that are shown alone.
    """
    whole: bool
    """
    Whether everything is there that is returned by default.
    """


def projection_of(resource: Resource, asked: Asked, looked_for: frozenset[str] = frozenset()) -> Projection:
    """
    Return what an answer shows. Names that the resource type has not are passed over. What is `looked_for`, attributes
    of the model, is shown even where it is returned on request alone: whoever looks for it wants to see it.

    Raises Problem (400, invalidValue) when both lists are given.
    """
    if asked.attributes and asked.excluded_attributes:
        raise refused(Kind.INVALID_VALUE, "attributes and excludedAttributes exclude each other")
    if asked.attributes:
        named = _named(resource, asked.attributes)
        narrowed = _narrowed(resource, lambda table, row: _only(row, named.get((table.urn, row.name))))
        return Projection(narrowed, whole=False)
    hidden = _named(resource, asked.excluded_attributes or "")
    narrowed = _narrowed(resource, lambda table, row: _without(row, hidden.get((table.urn, row.name)), looked_for))
    return Projection(narrowed, whole=not hidden)


def _named(resource: Resource, text: str) -> _Named:
    named: _Named = {}
    for path in filter(None, (each.strip() for each in text.split(","))):
        urn, rest = resource.split(path)
        if urn is not None and not rest:
            table = next(each for each in resource.tables if each.urn == urn)
            for row in table.attributes:
                named.setdefault((table.urn, row.name), set()).add("")
            continue
        place = resource.find(path)
        if place is not None:
            key = (place.table.urn, place.attribute.name)
            named.setdefault(key, set()).add("" if place.part is None else place.part.name)
    return named


def _narrowed(resource: Resource, narrow: Callable[[Table, Attribute], Attribute | None]) -> Resource:
    def cut(table: Table) -> Table:
        rows = (narrow(table, row) for row in table.attributes)
        return replace(table, attributes=tuple(row for row in rows if row is not None))

    return replace(
        resource,
        common=cut(resource.common),
        core=cut(resource.core),
        extensions=tuple(cut(each) for each in resource.extensions),
    )


def _only(row: Attribute, parts: set[str] | None) -> Attribute | None:
    if row.returned is Returned.ALWAYS:
        return row
    if parts is None or row.returned is Returned.NEVER:
        return None
    return row if "" in parts else _with_parts(row, lambda part: part.name in parts)


def _without(row: Attribute, parts: set[str] | None, looked_for: frozenset[str]) -> Attribute | None:
    if row.returned is Returned.ALWAYS:
        return row
    if row.returned is Returned.NEVER:
        return None
    wanted = row.returned is Returned.DEFAULT or row.model in looked_for
    if not wanted or "" in (parts or ()):
        return None
    return row if parts is None else _with_parts(row, lambda part: part.name not in parts)


def _with_parts(row: Attribute, shown: Callable[[Part], bool]) -> Attribute:
    return replace(row, parts=tuple(part for part in row.parts if shown(part)))
