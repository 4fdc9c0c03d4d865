"""
Filters of platforms as the model has them. Pure.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from webex_connector.gateway.remote.attributes import named
from webex_connector.gateway.remote.codec.filters import (
    AttributeFilter,
    Comparison,
    ExtendedMatchFilter,
    JoinedFilter,
    Junction,
    NotFilter,
    PresenceFilter,
)
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Value
from webex_connector.icf.errors import InvalidFilter
from webex_connector.icf.filters import (
    EVERYTHING,
    And,
    Compare,
    ContainsAll,
    EqualsList,
    Filter,
    Not,
    Operator,
    Or,
    Present,
)
from webex_connector.icf.schema import ObjectClassInfo

_OPERATORS: Final[Mapping[Comparison, Operator]] = MappingProxyType(
    {
        # The schema says whether case matters, for every filter.
        Comparison.EQUALS_IGNORE_CASE: Operator.EQUALS,
        Comparison.CONTAINS: Operator.CONTAINS,
        Comparison.STARTS_WITH: Operator.STARTS_WITH,
        Comparison.ENDS_WITH: Operator.ENDS_WITH,
        Comparison.GREATER: Operator.GREATER,
        Comparison.GREATER_OR_EQUAL: Operator.GREATER_OR_EQUAL,
        Comparison.LESS: Operator.LESS,
        Comparison.LESS_OR_EQUAL: Operator.LESS_OR_EQUAL,
    },
)


def filter_of(node: Value, info: ObjectClassInfo) -> Filter:
    """
    Return a filter that came; None is everything. Raises Malformed for what is none, InvalidFilter for one that only
    another connector would understand.
    """
    match node:
        case None:
            return EVERYTHING
        case JoinedFilter(Junction.AND):
            return And(_joined(node, info))
        case JoinedFilter():
            return Or(_joined(node, info))
        case NotFilter(part):
            return Not(filter_of(part, info))
        case PresenceFilter(name):
            return Present(name)
        case AttributeFilter():
            return _comparing(node, info)
        case ExtendedMatchFilter(operator):
            raise InvalidFilter(f"There is no operator {operator}")
    raise Malformed(f"a {type(node).__name__} is no filter")


def _joined(node: JoinedFilter, info: ObjectClassInfo) -> tuple[Filter, ...]:
    # Java nests a list to the right, each part one level deeper; the model keeps it flat.
    parts, rest = [], node
    while True:
        parts.append(filter_of(rest.left, info))
        if rest.right is None:
            return tuple(parts)
        if not isinstance(rest.right, JoinedFilter) or rest.right.kind is not node.kind:
            return (*parts, filter_of(rest.right, info))
        rest = rest.right


def _comparing(node: AttributeFilter, info: ObjectClassInfo) -> Filter:
    name, values = named(node.attribute)
    given = tuple(values or ())
    if node.kind is Comparison.CONTAINS_ALL:
        return ContainsAll(name, given)
    if node.kind is Comparison.EQUALS:
        # Of an attribute with one value, the list and any value of it are the same, and targets find the latter.
        single = len(given) == 1 and info.has(name) and not info.attribute(name).many
        return Compare(name, Operator.EQUALS, given[0]) if single else EqualsList(name, given)
    if len(given) != 1:
        raise InvalidFilter(f"{name} is compared with one value, not {len(given)}", attribute=name)
    return Compare(name, _OPERATORS[node.kind], given[0])
