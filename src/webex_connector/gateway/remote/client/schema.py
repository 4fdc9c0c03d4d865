"""
The schema that a connector server tells, as the model has it. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.schema import AttributeInfo as WireAttribute
from webex_connector.gateway.remote.codec.schema import AttributeInfoFlag, OperationOptionInfo
from webex_connector.gateway.remote.codec.schema import ObjectClassInfo as WireClass
from webex_connector.gateway.remote.codec.schema import Schema as WireSchema
from webex_connector.gateway.remote.codec.values import JavaClass, Map, Set, Value
from webex_connector.gateway.remote.schema import CASE_IGNORED
from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

TYPES: Final[Mapping[str, AttributeType]] = MappingProxyType(
    {
        "String": AttributeType.STRING,
        "Character": AttributeType.STRING,
        "char": AttributeType.STRING,
        "Integer": AttributeType.INTEGER,
        "int": AttributeType.INTEGER,
        "Long": AttributeType.INTEGER,
        "long": AttributeType.INTEGER,
        "Byte": AttributeType.INTEGER,
        "byte": AttributeType.INTEGER,
        "BigInteger": AttributeType.INTEGER,
        "Double": AttributeType.NUMBER,
        "double": AttributeType.NUMBER,
        "Float": AttributeType.NUMBER,
        "float": AttributeType.NUMBER,
        "Boolean": AttributeType.BOOLEAN,
        "boolean": AttributeType.BOOLEAN,
        "ByteArray": AttributeType.BYTES,
        "GuardedString": AttributeType.SECRET,
        "ZonedDateTime": AttributeType.TIMESTAMP,
        "Map": AttributeType.MAP,
    },
)
"""
The types of the model by the names of Java's. Attributes of others, such as references to objects, are left out.
"""


@dataclass(frozen=True, slots=True)
class RemoteClass:
    """
    One object class of a connector elsewhere.
    """

    info: ObjectClassInfo
    types: Mapping[str, str]
    """
    The names of the Java types of its attributes, by the attributes' names.
    """
    operations: frozenset[str]
    """
    The classes of the operations that it has.
    """


@dataclass(frozen=True, slots=True)
class RemoteSchema:
    """
    Everything a connector elsewhere has.
    """

    classes: tuple[RemoteClass, ...]
    options: frozenset[str]
    """
    The operation options that it knows.
    """


def schema_in(value: Value) -> RemoteSchema:
    """
    Return the schema of an answer. Raises Malformed for what is none.
    """
    if not isinstance(value, WireSchema):
        raise Malformed(f"a {type(value).__name__} is no schema")
    by_operation = value.object_classes_by_operation
    classes = []
    for each in value.object_classes:
        if not isinstance(each, WireClass):
            raise Malformed("a schema holds something else than object classes")
        classes.append(RemoteClass(_class(each), dict(_java_types(each)), _operations(by_operation, each.name)))
    known = (each.name for each in value.options if isinstance(each, OperationOptionInfo))
    return RemoteSchema(tuple(classes), frozenset(known))


def _operations(by_operation: Map, name: str) -> frozenset[str]:
    return frozenset(
        operation.name
        for operation, classes in by_operation.pairs
        if isinstance(operation, JavaClass)
        and isinstance(classes, Set)
        and any(isinstance(each, str) and names.folded(each) == names.folded(name) for each in classes)
    )


def _java_types(told: WireClass) -> Iterator[tuple[str, str]]:
    for each in _attributes(told):
        yield each.name, each.type.name


def _attributes(told: WireClass) -> Iterator[WireAttribute]:
    for each in told.attributes:
        if not isinstance(each, WireAttribute):
            raise Malformed(f"{told.name} has something else than attributes")
        if each.type.name in TYPES and not each.type.depth and names.folded(each.name) != names.folded(names.UID):
            yield each


def _class(told: WireClass) -> ObjectClassInfo:
    """
    Return an object class. Its name is an attribute of its own: of which other one it is a copy, no server says.
    """
    found = {names.folded(each.name): _attribute(each) for each in _attributes(told)}
    own = found.pop(names.folded(names.NAME), None)
    return ObjectClassInfo(told.name, "", tuple(found.values()), own_name=own)


def _attribute(told: WireAttribute) -> AttributeInfo:
    flags = set(told.flags)
    kind = TYPES[told.type.name]
    return AttributeInfo(
        told.name,
        told.native_name or "",
        kind,
        many=AttributeInfoFlag.MULTIVALUED in flags,
        required=AttributeInfoFlag.REQUIRED in flags,
        creatable=AttributeInfoFlag.NOT_CREATABLE not in flags,
        updateable=AttributeInfoFlag.NOT_UPDATEABLE not in flags,
        readable=AttributeInfoFlag.NOT_READABLE not in flags,
        returned_by_default=AttributeInfoFlag.NOT_RETURNED_BY_DEFAULT not in flags,
        # Java compares texts exactly unless the connector says otherwise.
        case_sensitive=kind is AttributeType.STRING and told.subtype != CASE_IGNORED,
    )
