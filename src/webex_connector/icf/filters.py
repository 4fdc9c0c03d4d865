"""
Filter trees, and whether an object matches one.

Two kinds of equality are kept apart. `Compare` holds when *any* value of the attribute does (REST and SCIM);
`EqualsList` holds when the whole list of values is the same (the Identity Connector Framework's Equals).
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TypeAlias

from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.errors import InvalidFilter, UnknownAttribute
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

MAX_DEPTH = 100
"""
How deep a filter may be nested; deeper ones are refused before they exhaust the stack, of which each level takes up to
four frames.
"""


class Operator(Enum):
    """
    How one value is compared with another.
    """

    EQUALS = "eq"
    CONTAINS = "co"
    STARTS_WITH = "sw"
    ENDS_WITH = "ew"
    GREATER = "gt"
    GREATER_OR_EQUAL = "ge"
    LESS = "lt"
    LESS_OR_EQUAL = "le"


TEXT_OPERATORS = frozenset({Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH})
"""
The operators that only texts have.
"""


@dataclass(frozen=True, slots=True)
class Constant:
    """
    Matches everything, or nothing.
    """

    truth: bool


EVERYTHING = Constant(truth=True)
NOTHING = Constant(truth=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """
    Holds when any value of the attribute stands in this relation to `value`.
    """

    attribute: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class EqualsList:
    """
    Holds when the attribute's values are these, in this order and number. No values: the attribute is absent.
    """

    attribute: str
    values: Values


@dataclass(frozen=True, slots=True)
class ContainsAll:
    """
    Holds when each of these is among the attribute's values.
    """

    attribute: str
    values: Values


@dataclass(frozen=True, slots=True)
class Present:
    """
    Holds when the attribute has a value.
    """

    attribute: str


@dataclass(frozen=True, slots=True)
class And:
    """
    Holds when all parts hold.
    """

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """
    Holds when any part holds.
    """

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """
    Holds when the part does not.
    """

    part: "Filter"


Filter: TypeAlias = Constant | Compare | EqualsList | ContainsAll | Present | And | Or | Not
Predicate: TypeAlias = Callable[[ConnectorObject], bool]


def equals(attribute: str, value: Value) -> Compare:
    """
    Return the filter "any value of the attribute is this one".
    """
    return Compare(attribute, Operator.EQUALS, value)


def attributes_of(node: Filter) -> frozenset[str]:
    """
    Return every attribute name that the filter mentions.
    """
    match node:
        case Constant():
            return frozenset()
        case And(parts) | Or(parts):
            return frozenset().union(*(attributes_of(part) for part in parts))
        case Not(part):
            return attributes_of(part)
        case _:
            return frozenset({node.attribute})


def conjuncts(node: Filter) -> Iterator[Filter]:
    """
    Yield the parts that must all hold: the parts of a conjunction, flattened, or the filter itself.
    """
    if isinstance(node, And):
        for part in node.parts:
            yield from conjuncts(part)
    else:
        yield node


def checked(node: Filter, info: ObjectClassInfo, depth: int = 0) -> Filter:
    """
    Return the filter with canonical attribute names, with what cannot match any more folded away.

    An unknown attribute under Present matches nothing, as OpenIDM answers it; anywhere else it raises InvalidFilter,
    as do values of a wrong type, texts compared by order with booleans and the like, attributes that cannot be read,
    and nesting deeper than MAX_DEPTH.
    """
    if depth > MAX_DEPTH:
        raise InvalidFilter(f"The filter is nested deeper than {MAX_DEPTH} levels")
    match node:
        case Constant():
            return node
        case And(parts):
            return And(tuple(checked(part, info, depth + 1) for part in parts))
        case Or(parts):
            return Or(tuple(checked(part, info, depth + 1) for part in parts))
        case Not(part):
            return Not(checked(part, info, depth + 1))
        case Present(attribute):
            return Present(info.attribute(attribute).name) if info.has(attribute) else NOTHING
        case Compare(attribute, operator, value):
            fact = _comparable(attribute, info)
            return Compare(fact.name, operator, _fitting(value, operator, fact))
        case EqualsList(attribute, values):
            fact = _comparable(attribute, info)
            return EqualsList(fact.name, tuple(_fitting(value, Operator.EQUALS, fact) for value in values))
        case ContainsAll(attribute, values):
            fact = _comparable(attribute, info)
            return ContainsAll(fact.name, tuple(_fitting(value, Operator.EQUALS, fact) for value in values))


def _comparable(attribute: str, info: ObjectClassInfo) -> AttributeInfo:
    try:
        fact = info.attribute(attribute)
    except UnknownAttribute as unknown:
        raise InvalidFilter(f"The filter compares an unknown attribute: {unknown}", attribute=attribute) from None
    if not fact.readable:
        raise InvalidFilter(f"{fact.name} cannot be read, so it cannot be filtered by", attribute=fact.name)
    return fact


_FILTER_TYPES: dict[AttributeType, tuple[type, ...]] = {
    AttributeType.STRING: (str,),
    AttributeType.TIMESTAMP: (str,),
    AttributeType.INTEGER: (int,),
    AttributeType.NUMBER: (int, float),
    AttributeType.BOOLEAN: (bool,),
    AttributeType.BYTES: (bytes,),
    AttributeType.MAP: (str, dict),
    AttributeType.SECRET: (),
}


def _fitting(value: Value, operator: Operator, fact: AttributeInfo) -> Value:
    if operator in TEXT_OPERATORS and fact.type not in {
        AttributeType.STRING,
        AttributeType.TIMESTAMP,
        AttributeType.MAP,
    }:
        raise InvalidFilter(
            f"{fact.name} is of type {fact.type.value}; '{operator.value}' compares texts only",
            attribute=fact.name,
        )
    right = isinstance(value, _FILTER_TYPES[fact.type])
    if not right or (isinstance(value, bool) and fact.type is not AttributeType.BOOLEAN):
        raise InvalidFilter(
            f"{fact.name} is of type {fact.type.value}; it cannot be compared with {value!r}",
            attribute=fact.name,
        )
    return value


def matcher(node: Filter, info: ObjectClassInfo) -> Predicate:
    """
    Return the test whether an object matches a filter that went through `checked`.

    Texts compare without regard to case and Unicode form unless the schema says that case matters, times as moments,
    whatever their zone and precision. A complex value is compared by its `value`, `id` or `display` part, whichever it
    has.
    """
    match node:
        case Constant(truth):
            return lambda _: truth
        case And(parts):
            every = [matcher(part, info) for part in parts]
            return lambda each: all(test(each) for test in every)
        case Or(parts):
            some = [matcher(part, info) for part in parts]
            return lambda each: any(test(each) for test in some)
        case Not(part):
            inner = matcher(part, info)
            return lambda each: not inner(each)
        case Present(attribute):
            return lambda each: any(value is not None for value in each.values(attribute))
        case Compare(attribute, operator, value):
            return _comparing(attribute, operator, value, info.attribute(attribute))
        case EqualsList(attribute, values):
            fold = folding(info.attribute(attribute))
            asked = [fold(value) for value in values]
            return lambda each: [fold(value) for value in each.values(attribute)] == asked
        case ContainsAll(attribute, values):
            fold = folding(info.attribute(attribute))
            needed = [fold(value) for value in values]
            return lambda each: _all_among(needed, [fold(value) for value in each.values(attribute)])


def _all_among(needed: list[Value], there: list[Value]) -> bool:
    return all(value in there for value in needed)


def moment(text: str) -> str:
    """
    Return an RFC 3339 time in the form in which times compare as texts; what is no time is folded as any text.
    """
    try:
        found = datetime.fromisoformat(text)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return names.folded_text(text)


def folding(fact: AttributeInfo, operator: Operator = Operator.EQUALS) -> Callable[[Value], Value]:
    """
    Return what gives a value the form in which this operator compares it with others of the attribute.
    """
    if fact.type is AttributeType.TIMESTAMP and operator not in TEXT_OPERATORS:
        return lambda value: moment(value) if isinstance(value, str) else value
    return functools.partial(_folded, case_sensitive=fact.case_sensitive)


def _folded(value: Value, *, case_sensitive: bool) -> Value:
    if isinstance(value, dict):
        value = next((value[key] for key in ("value", "id", "display") if value.get(key) is not None), value)
    if isinstance(value, str) and not case_sensitive:
        return names.folded_text(value)
    return value


_TESTS: dict[Operator, Callable[[str, str], bool]] = {
    Operator.CONTAINS: lambda have, asked: asked in have,
    Operator.STARTS_WITH: str.startswith,
    Operator.ENDS_WITH: str.endswith,
    Operator.GREATER: lambda have, asked: have > asked,
    Operator.GREATER_OR_EQUAL: lambda have, asked: have >= asked,
    Operator.LESS: lambda have, asked: have < asked,
    Operator.LESS_OR_EQUAL: lambda have, asked: have <= asked,
}


def _comparing(attribute: str, operator: Operator, value: Value, fact: AttributeInfo) -> Predicate:
    fold = folding(fact, operator)
    asked = fold(value)
    if operator is Operator.EQUALS:
        return lambda each: any(fold(have) == asked for have in each.values(attribute))
    test: Callable[..., bool] = _TESTS[operator]

    def holds(each: ConnectorObject) -> bool:
        for have in map(fold, each.values(attribute)):
            if isinstance(have, str) != isinstance(asked, str) or have is None or isinstance(have, dict):
                continue
            if test(have, asked):
                return True
        return False

    return holds
