"""
What patch operations do to an object, as changes of attributes. Pure: `needs` says what has to be read first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from webex_connector.gateway.idm.patch_words import Kind, Operation
from webex_connector.icf.attributes import AttributeDelta, Value, Values
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.icf.schema import AttributeInfo


def needs(operations: Iterable[Operation]) -> frozenset[str]:
    """
    Return the attributes whose current values the operations refer to. Raises InvalidAttributeValue when one cannot be
    read, since its absence would be taken for emptiness.
    """
    found = set()
    for each in operations:
        if each.source is not None:
            found.add(each.source)
        elif each.kind is Kind.INCREMENT:
            found.add(each.target)
    for fact in found:
        if not fact.readable:
            raise InvalidAttributeValue(f"Attribute '{fact.name}' cannot be read", attribute=fact.name)
    return frozenset(fact.name for fact in found)


@dataclass(slots=True)
class _State:
    """
    What is known about one attribute so far: all of its values, or only what was added and removed.
    """

    known: list[Value] | None = None
    add: list[Value] = field(default_factory=list)
    remove: list[Value] = field(default_factory=list)

    def append(self, values: Sequence[Value]) -> None:
        into = self.add if self.known is None else self.known
        into.extend(value for value in values if value not in into)

    def drop(self, values: Sequence[Value]) -> None:
        if self.known is not None:
            self.known = [value for value in self.known if value not in values]
            return
        self.add = [value for value in self.add if value not in values]
        self.remove.extend(value for value in values if value not in self.remove)

    def changes(self, current: Values | None) -> bool:
        if self.known is None:
            return bool(self.add or self.remove)
        return current is None or tuple(self.known) != current

    def delta(self, name: str) -> AttributeDelta:
        if self.known is not None:
            return AttributeDelta(name, replace=tuple(self.known))
        return AttributeDelta(name, add=tuple(self.add), remove=tuple(self.remove))


def deltas(operations: Iterable[Operation], current: Mapping[str, Values]) -> list[AttributeDelta]:
    """
    Return what the operations, one after the other, change; `current` holds what `needs` asked for.

    An attribute that ends as it was is left out. Raises InvalidAttributeValue when something that is no number is
    incremented.
    """
    states = {name: _State(list(values)) for name, values in current.items()}
    for each in operations:
        _apply(each, states)
    return [state.delta(name) for name, state in states.items() if state.changes(current.get(name))]


def _apply(operation: Operation, states: dict[str, _State]) -> None:
    target = operation.target
    state = states.setdefault(target.name, _State())
    values = operation.values or ()
    match operation.kind:
        case Kind.ADD if target.many:
            state.append(values)
        case Kind.REMOVE if operation.values is not None:
            state.drop(values)
        case Kind.ADD | Kind.REPLACE | Kind.REMOVE:
            state.known = list(values)
        case Kind.INCREMENT:
            state.known = [_sum(target, have, values) for have in state.known or ()]
        case Kind.COPY | Kind.MOVE:
            source = states[operation.source.name] if operation.source else state
            state.known = list(source.known or ())
            if operation.kind is Kind.MOVE and source is not state:
                source.known = []


def _sum(target: AttributeInfo, have: Value, by: Values) -> Value:
    if len(by) == 1 and _is_number(have) and _is_number(by[0]):
        return have + by[0]
    raise InvalidAttributeValue("Non-numeric value provided for increment operation", attribute=target.name)


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
