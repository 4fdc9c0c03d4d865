"""
Filters of the model as a connector server takes them. Pure.
"""

from collections.abc import Mapping
from functools import reduce
from types import MappingProxyType
from typing import Final

from webex_connector.gateway.remote.client.schema import RemoteClass
from webex_connector.gateway.remote.client.values import attribute_of
from webex_connector.gateway.remote.codec.filters import (
    AttributeFilter,
    Comparison,
    JoinedFilter,
    Junction,
    NotFilter,
)
from webex_connector.gateway.remote.codec.filters import Filter as WireFilter
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
    conjuncts,
)
from webex_connector.icf.operations import Translation
from webex_connector.icf.schema import AttributeType

_COMPARISONS: Final[Mapping[Operator, Comparison]] = MappingProxyType(
    {
        Operator.CONTAINS: Comparison.CONTAINS,
        Operator.STARTS_WITH: Comparison.STARTS_WITH,
        Operator.ENDS_WITH: Comparison.ENDS_WITH,
        Operator.GREATER: Comparison.GREATER,
        Operator.GREATER_OR_EQUAL: Comparison.GREATER_OR_EQUAL,
        Operator.LESS: Comparison.LESS,
        Operator.LESS_OR_EQUAL: Comparison.LESS_OR_EQUAL,
    },
)


def translated(node: Filter, remote: RemoteClass) -> Translation:
    """
    Split a filter: of parts that must all hold, the server is sent those it means the same by; the rest is left.
    """
    sent, left = [], []
    for part in conjuncts(node):
        wire = wire_filter(part, remote)
        if wire is None:
            left.append(part)
        else:
            sent.append(wire)
    native = _nested(Junction.AND, sent) if sent else None
    remainder = EVERYTHING if not left else left[0] if len(left) == 1 else And(tuple(left))
    return Translation(native, remainder)


def wire_filter(node: Filter, remote: RemoteClass) -> WireFilter | None:
    """
    Return a filter that means the same to any connector server, None when there is none.
    """
    match node:
        case And(parts) | Or(parts):
            found = [wire_filter(part, remote) for part in parts]
            known = [each for each in found if each is not None]
            junction = Junction.AND if isinstance(node, And) else Junction.OR
            return _nested(junction, known) if known and len(known) == len(found) else None
        case Not(part):
            inner = wire_filter(part, remote)
            return None if inner is None else NotFilter(inner)
        case Compare():
            return _compared(node, remote)
        case ContainsAll(attribute, values) if values:
            return AttributeFilter(Comparison.CONTAINS_ALL, attribute_of(attribute, values, remote))
        case EqualsList(attribute, values) if values:
            return AttributeFilter(Comparison.EQUALS, attribute_of(attribute, values, remote))
    # What else there is has no form that every family of servers knows.
    return None


def _compared(node: Compare, remote: RemoteClass) -> WireFilter | None:
    fact = remote.info.attribute(node.attribute)
    told = attribute_of(fact.name, (node.value,), remote)
    if node.operator is Operator.EQUALS:
        # Of many values, Java's equality is about the whole list.
        return AttributeFilter(Comparison.CONTAINS_ALL if fact.many else Comparison.EQUALS, told)
    # Of many values, Java compares the first one; and it has no order of times that are texts.
    if fact.many or fact.type in {AttributeType.TIMESTAMP, AttributeType.MAP}:
        return None
    return AttributeFilter(_COMPARISONS[node.operator], told)


def _nested(junction: Junction, parts: list[WireFilter]) -> WireFilter:
    """
    Join filters as Java nests them: to the right.
    """
    return reduce(lambda right, left: JoinedFilter(junction, left, right), reversed(parts))
