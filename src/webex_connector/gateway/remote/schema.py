"""
The schema as one family of platforms sees it. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from webex_connector.gateway.remote import flattening, options, profiles
from webex_connector.gateway.remote.codec.schema import AttributeInfo as WireAttribute
from webex_connector.gateway.remote.codec.schema import AttributeInfoFlag, OperationOptionInfo
from webex_connector.gateway.remote.codec.schema import ObjectClassInfo as WireClass
from webex_connector.gateway.remote.codec.schema import Schema as WireSchema
from webex_connector.gateway.remote.codec.values import JavaClass, Map, Set
from webex_connector.gateway.remote.profiles import Profile
from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo, Operation, Schema

_TYPES: Final[Mapping[AttributeType, str]] = MappingProxyType(
    {
        AttributeType.STRING: "String",
        # RFC 3339, since half of the platforms know no type for a moment.
        AttributeType.TIMESTAMP: "String",
        AttributeType.INTEGER: "Long",
        AttributeType.NUMBER: "Double",
        AttributeType.BOOLEAN: "Boolean",
        AttributeType.BYTES: "ByteArray",
        AttributeType.SECRET: "GuardedString",
        AttributeType.MAP: "Map",
    },
)

NEEDED: Final[Mapping[str, Operation | None]] = MappingProxyType(
    {
        profiles.VALIDATE: None,
        profiles.TEST: None,
        profiles.SCHEMA: None,
        profiles.SCRIPT: None,
        profiles.CREATE: Operation.CREATE,
        profiles.GET: Operation.GET,
        profiles.SEARCH: Operation.SEARCH,
        profiles.RESOLVE: Operation.SEARCH,
        profiles.UPDATE: Operation.UPDATE,
        profiles.UPDATE_DELTA: Operation.UPDATE,
        profiles.DELETE: Operation.DELETE,
        profiles.SYNC: Operation.SYNC,
    },
)
"""
What an object class has to be able to do for an operation; None for those that concern no object class.
"""

_READING: Final = (profiles.GET, profiles.SYNC)
_WRITING: Final = (profiles.CREATE, profiles.UPDATE, profiles.UPDATE_DELTA, profiles.DELETE)

CASE_IGNORED: Final = "__STRING_CASE_IGNORE__"
"""
The subtype of texts that differ in nothing when they differ in case. Source: ConnId's `AttributeInfo.Subtypes`; OpenICF
passes over it.
"""


def schema_of(schema: Schema, profile: Profile) -> WireSchema:
    """
    Return everything a connector has. `__ALL__` is left out: it is no class that an object could have.
    """
    classes = [info for info in schema.object_classes if names.folded(info.name) != names.folded(names.ALL)]
    by_operation = {
        operation: tuple(
            info.name for info in classes if needed is None or needed in schema.operations.get(info.name, frozenset())
        )
        for operation, needed in NEEDED.items()
        if operation in profile.operations
    }
    authenticating = tuple(each.name for each in classes if Operation.AUTHENTICATE in schema.operations[each.name])
    by_operation |= {profiles.AUTHENTICATE: authenticating} if authenticating else {}
    known = tuple(OperationOptionInfo(name, kind) for name, kind in options.KNOWN.items())
    return WireSchema(
        Set(tuple(class_of(info, profile) for info in classes)),
        Set(known),
        _by_operation(by_operation),
        _by_operation({operation: _options_of(operation) for operation in by_operation}),
    )


def _options_of(operation: str) -> tuple[str, ...]:
    if operation == profiles.SEARCH:
        return tuple(name for name in options.KNOWN if name != options.DRY_RUN)
    if operation in _WRITING:
        return (options.DRY_RUN,)
    return (options.ATTRIBUTES, options.DEFAULTS) if operation in _READING else ()


def _by_operation(found: Mapping[str, Iterable[str]]) -> Map:
    return Map(tuple((JavaClass(operation), Set(tuple(each))) for operation, each in found.items()))


def class_of(info: ObjectClassInfo, profile: Profile) -> WireClass:
    """
    Return an object class. A platform gives `__NAME__`, so that the attribute which is the name is not required too.
    """
    name = info.attribute(names.NAME)
    source = next((each for each in info.attributes if each.name == info.name_attribute), None)
    own = WireAttribute(
        names.NAME,
        JavaClass("String"),
        _flags(replace(name, required=bool(source and source.required))),
        subtype=_subtype(source or name),
    )
    others = (
        told
        for fact in info.attributes
        for told in _told(replace(fact, required=False) if fact is source else fact, profile)
    )
    return WireClass(info.name, attributes=Set((own, *others)))


def _told(fact: AttributeInfo, profile: Profile) -> Iterator[WireAttribute]:
    if fact.type is not AttributeType.MAP or profile.maps:
        yield WireAttribute(fact.name, JavaClass(_TYPES[fact.type]), _flags(fact), subtype=_subtype(fact))
        return
    flat = flattening.flat_names(fact)
    if not flat:
        yield WireAttribute(fact.name, JavaClass("String"), _flags(fact))
    parts = {part.name: part for part in fact.fields}
    for each in flat:
        shown = replace(fact, required=False, many=each.many)
        yield WireAttribute(each.name, JavaClass(_TYPES[parts[each.part].type]), _flags(shown))


def _subtype(fact: AttributeInfo) -> str | None:
    texts = {AttributeType.STRING, AttributeType.TIMESTAMP}
    return CASE_IGNORED if fact.type in texts and not fact.case_sensitive else None


def _flags(fact: AttributeInfo) -> tuple[AttributeInfoFlag, ...]:
    # Java refuses an attribute that cannot be read and is returned by default.
    held = {
        AttributeInfoFlag.REQUIRED: fact.required,
        AttributeInfoFlag.MULTIVALUED: fact.many,
        AttributeInfoFlag.NOT_CREATABLE: not fact.creatable,
        AttributeInfoFlag.NOT_UPDATEABLE: not fact.updateable,
        AttributeInfoFlag.NOT_READABLE: not fact.readable,
        AttributeInfoFlag.NOT_RETURNED_BY_DEFAULT: not (fact.readable and fact.returned_by_default),
    }
    return tuple(flag for flag, holds in held.items() if holds)
