"""
What a platform wants written, as the model has it. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webex_connector.gateway.remote import flattening
from webex_connector.gateway.remote.attributes import View, named, plain
from webex_connector.gateway.remote.codec.objects import AttributeDelta as WireDelta
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Set
from webex_connector.gateway.remote.codec.values import Value as WireValue
from webex_connector.gateway.remote.flattening import FlatName
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values, after, replaced
from webex_connector.icf.errors import InvalidAttributeValue


def attributes_in(given: WireValue) -> dict[str, Values]:
    """
    Return the attributes of a set that came, by name. None for values is no value.

    Raises Malformed for what is no set of attributes, InvalidAttributeValue for one that is given twice.
    """
    if not isinstance(given, Set):
        raise Malformed("attributes come as a set")
    found: dict[str, Values] = {}
    for each in given:
        name, values = named(each)
        if any(names.folded(name) == names.folded(other) for other in found):
            raise InvalidAttributeValue(f"Attribute '{name}' is given twice", attribute=name)
        found[name] = values or ()
    return found


def deltas_in(given: WireValue) -> list[AttributeDelta]:
    """
    Return the changes of a set that came. Raises Malformed.
    """
    if not isinstance(given, Set):
        raise Malformed("changes come as a set")
    return [_delta(each) for each in given]


def _delta(each: WireValue) -> AttributeDelta:
    if not isinstance(each, WireDelta):
        raise Malformed(f"a {type(each).__name__} is no change of an attribute")
    add, remove = (tuple(plain(value) for value in values or ()) for values in (each.add, each.remove))
    if each.replace is None and (each.add is not None or each.remove is not None):
        return AttributeDelta(each.name, add=add, remove=remove)
    if add or remove:
        raise Malformed(f"the change of {each.name} replaces, or adds and removes, never both")
    return replaced(each.name, *(plain(value) for value in each.replace or ()))


@dataclass(frozen=True, slots=True)
class Changes:
    """
    Changes of an object, some of them perhaps of parts of complex values.
    """

    view: View
    whole: tuple[AttributeDelta, ...]
    parts: tuple[tuple[FlatName, AttributeDelta], ...]

    @property
    def to_read(self) -> tuple[str, ...]:
        """
        The complex attributes that have to be read before a part of them can be changed.
        """
        return tuple(dict.fromkeys(flat.fact.name for flat, _ in self.parts))

    def on(self, current: Mapping[str, Values]) -> list[AttributeDelta]:
        """
        Return the changes as the model has them, given the current values of what is `to_read`.
        """
        values = {name: current.get(name, ()) for name in self.to_read}
        for flat, delta in self.parts:
            before = values[flat.fact.name]
            values[flat.fact.name] = flat.written(before, after(delta, flat.read(before)))
        return [*self.whole, *(replaced(name, *changed) for name, changed in values.items())]


def changes(view: View, deltas: Sequence[AttributeDelta]) -> Changes:
    """
    Tell changes of whole attributes from those of parts of complex ones.
    """
    whole, parts = [], []
    for delta in _without_doubled_name(view, deltas):
        flat = None if view.maps else flattening.flat_name(view.info, delta.name)
        if flat is not None:
            parts.append((flat, delta))
        else:
            whole.append(_lifted(view, delta))
    return Changes(view, tuple(whole), tuple(parts))


def _lifted(view: View, delta: AttributeDelta) -> AttributeDelta:
    if view.maps or not view.info.has(delta.name):
        return delta
    fact = view.info.attribute(delta.name)
    if delta.replace is not None:
        return AttributeDelta(delta.name, flattening.complex_values(fact, delta.replace))
    add, remove = (flattening.complex_values(fact, values) for values in (delta.add, delta.remove))
    return AttributeDelta(delta.name, add=add, remove=remove)


def _without_doubled_name(view: View, deltas: Sequence[AttributeDelta]) -> Sequence[AttributeDelta]:
    """
    Leave `__NAME__` out where the attribute that it stands for begins with the same value: platforms send both.
    """
    by_name = {names.folded(each.name): each for each in deltas}
    name = by_name.get(names.folded(names.NAME))
    source = by_name.get(names.folded(view.info.name_attribute or ""))
    if name is None or source is None or not name.replace or not source.replace or name.replace[0] != source.replace[0]:
        return deltas
    return [each for each in deltas if each is not name]
