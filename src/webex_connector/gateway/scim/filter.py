"""
A SCIM filter as a filter of the model, and what remains of it. Pure.

The model's filter finds everything that matches, and perhaps more; what remains is tested here, against the resource
as the client sees it. A filter that nobody can evaluate is refused, never passed over.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from webex_connector.gateway.scim.filter_text import Every, Negation, Node, Some, parsed
from webex_connector.gateway.scim.mapping import Place, Resource, Table
from webex_connector.gateway.scim.matching import Row, Scope, matcher
from webex_connector.gateway.scim.pushing import Pusher, all_of
from webex_connector.icf.filters import EVERYTHING, NOTHING, Filter


@dataclass(frozen=True, slots=True)
class Query:
    """
    What to look for.
    """

    native: Filter
    remainder: Node | None = None
    """
    What the resources that the model found have to be tested for; None when they are right already.
    """


def query_of(text: str | None, resource: Resource, offset: timedelta = timedelta(0)) -> Query:
    """
    Return what a filter asks for; everything without one. `offset` is what answers add to the times of Webex.

    Raises Problem (400, invalidFilter) with the column.
    """
    if text is None:
        return Query(EVERYTHING)
    tree = parsed(text)
    pusher = Pusher(Scope(resource), offset)
    parts = tree.parts if isinstance(tree, Every) else (tree,)
    found = [pusher.pushed(part) for part in parts]
    left = tuple(part for part, each in zip(parts, found, strict=True) if not each.exact)
    native = all_of(each.native for each in found)
    if native == NOTHING or not left:
        return Query(native)
    return Query(native, left[0] if len(left) == 1 else Every(left))


def sieve(node: Node, resource: Resource) -> Callable[[Row], bool]:
    """
    Return the test of a remainder, for resources that show all of what `mentioned` narrows the resource type to.
    """
    return matcher(node, Scope(resource))


def mentioned(node: Node, resource: Resource) -> Resource:
    """
    Return a resource type narrowed to the attributes that a filter mentions.
    """
    places = {(place.table.urn, place.attribute.name) for place in _places(node, resource)}

    def cut(table: Table) -> Table:
        return replace(table, attributes=tuple(row for row in table.attributes if (table.urn, row.name) in places))

    extensions = tuple(cut(each) for each in resource.extensions)
    return replace(resource, common=cut(resource.common), core=cut(resource.core), extensions=extensions)


def _places(node: Node, resource: Resource) -> Iterable[Place]:
    match node:
        case Every(parts) | Some(parts):
            for part in parts:
                yield from _places(part, resource)
        case Negation(part):
            yield from _places(part, resource)
        case _:
            yield Scope(resource).find(node)
