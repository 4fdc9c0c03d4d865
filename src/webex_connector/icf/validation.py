"""
Pure checks of what a caller hands in, against the schema. What comes out has canonical names and right types.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from webex_connector.base.secret import Secret
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Value, Values, replaced
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo


def creatable(info: ObjectClassInfo, attributes: Attributes) -> dict[str, Values]:
    """
    Return the attributes of a new object, canonical and without empty ones.

    Raises UnknownAttribute or InvalidAttributeValue, naming the attribute, when one is unknown, given twice,
    read-only, of a wrong type, missing though required, or contradicts another.
    """
    found: dict[str, Values] = {}
    for name, values in attributes.items():
        fact = _target(info, name)
        if not fact.creatable:
            raise InvalidAttributeValue(f"Attribute '{fact.name}' cannot be set on create", attribute=fact.name)
        if fact.name in found:
            raise InvalidAttributeValue(f"Attribute '{fact.name}' is given twice", attribute=fact.name)
        given = tuple(_typed(fact, value) for value in values if value is not None)
        _count(fact, given)
        found[fact.name] = given
    for fact in info.attributes:
        if fact.required and not found.get(fact.name):
            raise InvalidAttributeValue(f"Required attribute '{fact.name}' value is null", attribute=fact.name)
    present = {name: values for name, values in found.items() if values}
    _together(info, present)
    return present


def updateable(info: ObjectClassInfo, deltas: Iterable[AttributeDelta]) -> list[AttributeDelta]:
    """
    Return the changes of an object, canonical.

    Raises UnknownAttribute or InvalidAttributeValue, naming the attribute, as `creatable` does, and when a required
    attribute would be cleared. A removal may clear one too, if it names all its values; that is for the handler to
    refuse, who knows them.
    """
    found: dict[str, AttributeDelta] = {}
    for delta in deltas:
        fact = _target(info, delta.name)
        if not fact.updateable:
            raise InvalidAttributeValue(f"Attribute '{fact.name}' is read-only", attribute=fact.name)
        if fact.name in found:
            raise InvalidAttributeValue(f"Attribute '{fact.name}' is changed twice", attribute=fact.name)
        found[fact.name] = _delta(fact, delta)
    _together(info, {name: delta.replace for name, delta in found.items() if delta.replace})
    return list(found.values())


def _delta(fact: AttributeInfo, delta: AttributeDelta) -> AttributeDelta:
    if delta.replace is None:
        if not fact.many and delta.add:
            return _delta(fact, replaced(fact.name, *delta.add))
        if not fact.many and delta.remove and not fact.readable:
            raise InvalidAttributeValue(
                f"Attribute '{fact.name}' cannot be read, so nobody knows whether it has the value to remove",
                attribute=fact.name,
            )
        return AttributeDelta(fact.name, None, _typed_all(fact, delta.add), _typed_all(fact, delta.remove))
    values = _typed_all(fact, [value for value in delta.replace if value is not None])
    _count(fact, values)
    refuse_cleared(fact, values)
    return AttributeDelta(fact.name, replace=values)


def refuse_cleared(fact: AttributeInfo, values: Values) -> None:
    """
    Raise InvalidAttributeValue when a required attribute would end without a value.
    """
    if fact.required and not values:
        raise InvalidAttributeValue(f"Required attribute '{fact.name}' cannot be cleared", attribute=fact.name)


def wanted(info: ObjectClassInfo, options: OperationOptions, *, single: bool = False) -> frozenset[str]:
    """
    Return the attributes that the options ask for, canonical; `single` when one object is read by its uid.

    Raises UnknownAttribute. Asking for one that cannot be read is no error and brings nothing, as everywhere in the
    framework.
    """
    named = options.attributes_to_get
    asked = frozenset[str]() if named is None else info.readable(named)
    if named is not None and not options.return_default_attributes:
        return asked
    return asked | (info.defaults_when_read if single else info.defaults)


def _target(info: ObjectClassInfo, name: str) -> AttributeInfo:
    fact = info.attribute(name)
    if fact.name == names.NAME and info.name_attribute is not None:
        return info.attribute(info.name_attribute)
    return fact


def _count(fact: AttributeInfo, values: Sequence[Value]) -> None:
    if len(values) > 1 and not fact.many:
        raise InvalidAttributeValue(
            f"Attribute '{fact.name}' takes one value, {len(values)} were given",
            attribute=fact.name,
        )


def _together(info: ObjectClassInfo, present: Mapping[str, Values]) -> None:
    for name in present:
        fact = info.attribute(name)
        for other in fact.excludes:
            if other in present:
                raise InvalidAttributeValue(
                    f"Attributes '{name}' and '{other}' exclude each other; give one of them",
                    attribute=name,
                )


def lacking(info: ObjectClassInfo, present: Mapping[str, Values]) -> tuple[str, tuple[str, ...]] | None:
    """
    Return the first attribute whose companion is missing from a whole object, with its possible companions.

    For a new object `present` is what the caller gave; for a change it is the object as it would become.
    """
    for name in present:
        companions = info.attribute(name).requires if info.has(name) else ()
        if companions and not any(present.get(other) for other in companions):
            return name, companions
    return None


def refuse_lacking(info: ObjectClassInfo, present: Mapping[str, Values]) -> None:
    """
    Raise InvalidAttributeValue when an attribute's companion is missing.
    """
    found = lacking(info, present)
    if found is not None:
        name, companions = found
        raise InvalidAttributeValue(
            f"Attribute '{name}' requires {' or '.join(repr(other) for other in companions)}",
            attribute=name,
        )


def _typed_all(fact: AttributeInfo, values: Iterable[Value]) -> Values:
    return tuple(_typed(fact, value) for value in values)


def _is_integer(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKS: dict[AttributeType, Callable[[Value], bool]] = {
    AttributeType.STRING: lambda value: isinstance(value, str),
    AttributeType.TIMESTAMP: lambda value: isinstance(value, str),
    AttributeType.BOOLEAN: lambda value: isinstance(value, bool),
    AttributeType.INTEGER: _is_integer,
    AttributeType.NUMBER: lambda value: _is_integer(value) or isinstance(value, float),
    AttributeType.BYTES: lambda value: isinstance(value, bytes),
    AttributeType.SECRET: lambda value: isinstance(value, str | Secret),
    AttributeType.MAP: lambda value: isinstance(value, Mapping),
}


def _typed(fact: AttributeInfo, value: Value) -> Value:
    if not _CHECKS[fact.type](value):
        shown = "a value of another type" if fact.type is AttributeType.SECRET else repr(value)
        raise InvalidAttributeValue(
            f"Attribute '{fact.name}' takes {_in_words(fact.type)}, not {shown}",
            attribute=fact.name,
        )
    if fact.type is AttributeType.SECRET and isinstance(value, str):
        return Secret(value)
    if fact.fields and isinstance(value, Mapping):
        return _typed_map(fact, value)
    return value


def _typed_map(fact: AttributeInfo, value: Mapping[str, Value]) -> Value:
    parts = {names.folded(part.name): part for part in fact.fields}
    found: dict[str, Value] = {}
    for key, inner in value.items():
        part = parts.get(names.folded(key))
        if part is None:
            raise InvalidAttributeValue(
                f"Attribute '{fact.name}' has no part '{key}'; its parts are {', '.join(p.name for p in fact.fields)}",
                attribute=fact.name,
            )
        if inner is not None and not _CHECKS[part.type](inner):
            raise InvalidAttributeValue(
                f"Attribute '{fact.name}.{part.name}' takes {_in_words(part.type)}, not {inner!r}",
                attribute=fact.name,
            )
        found[part.name] = inner
    for part in fact.fields:
        if part.required and found.get(part.name) in (None, ""):
            raise InvalidAttributeValue(f"Attribute '{fact.name}' needs its part '{part.name}'", attribute=fact.name)
    return found


def _in_words(kind: AttributeType) -> str:
    return {
        AttributeType.INTEGER: "an integer",
        AttributeType.NUMBER: "a number",
        AttributeType.BOOLEAN: "true or false",
        AttributeType.MAP: "an object",
        AttributeType.BYTES: "bytes",
    }.get(kind, "a text")
