"""
Filters. Those of both families are read; which are sent, the platforms decide.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, TypeAlias

from webex_connector.gateway.remote.codec.fields import Form, bare, text, whole
from webex_connector.gateway.remote.codec.objects import AnyAttribute


class Comparison(Enum):
    """
    How an attribute is compared, by the name of the filter's type.
    """

    EQUALS = "EqualsFilter"
    EQUALS_IGNORE_CASE = "EqualsIgnoreCaseFilter"
    CONTAINS = "ContainsFilter"
    STARTS_WITH = "StartsWithFilter"
    ENDS_WITH = "EndsWithFilter"
    GREATER = "GreaterThanFilter"
    GREATER_OR_EQUAL = "GreaterThanOrEqualFilter"
    LESS = "LessThanFilter"
    LESS_OR_EQUAL = "LessThanOrEqualFilter"
    CONTAINS_ALL = "ContainsAllValuesFilter"


@dataclass(frozen=True, slots=True)
class AttributeFilter:
    """
    Compares an attribute.
    """

    kind: Comparison
    attribute: Annotated[AnyAttribute, whole("attribute")]


class Junction(Enum):
    """
    How two filters are joined, by the name of the type.
    """

    AND = "AndFilter"
    OR = "OrFilter"


@dataclass(frozen=True, slots=True)
class JoinedFilter:
    """
    Joins two filters; the right one may be missing.
    """

    kind: Junction
    left: Annotated["Filter", bare(Form.OBJECT)]
    right: Annotated["Filter | None", bare(Form.OBJECT)] = None


@dataclass(frozen=True, slots=True)
class NotFilter:
    """
    Holds when its part does not.
    """

    part: Annotated["Filter", bare(Form.OBJECT)]


@dataclass(frozen=True, slots=True)
class PresenceFilter:
    """
    Holds when an attribute has a value. OpenICF's.
    """

    name: Annotated[str, text("name")]


@dataclass(frozen=True, slots=True)
class ExtendedMatchFilter:
    """
    Compares an attribute in a way that only the connector knows. OpenICF's.
    """

    operator: Annotated[str, text("operator")]
    attribute: Annotated[AnyAttribute, whole("attribute")]


Filter: TypeAlias = AttributeFilter | JoinedFilter | NotFilter | PresenceFilter | ExtendedMatchFilter
"""
Any filter.
"""
