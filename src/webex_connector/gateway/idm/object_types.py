"""
A schema in the form of `objectTypes` and `operationOptions` of a provisioner file.

Source: `ObjectClassInfoHelper` and `AttributeFlag` in OpenIDM; PingIDM, "Configure connectors", for the words.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from webex_connector.icf import names
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo, Operation, Schema


class Flag(Enum):
    """
    What a property of an object type cannot do, or is.
    """

    NOT_CREATABLE = "NOT_CREATABLE"
    NOT_UPDATEABLE = "NOT_UPDATEABLE"
    NOT_READABLE = "NOT_READABLE"
    NOT_RETURNED_BY_DEFAULT = "NOT_RETURNED_BY_DEFAULT"
    NOT_QUERYABLE = "NOT_QUERYABLE"
    MULTIVALUED = "MULTIVALUED"
    REQUIRED = "REQUIRED"
    AUDITED = "AUDITED"
    PASSWORD = "PASSWORD"  # noqa: S105 - a word of the form
    STORE_IN_REPOSITORY = "STORE_IN_REPOSITORY"
    IGNORE = "IGNORE"
    REMOTE = "REMOTE"


_SCHEMA: Final = "http://json-schema.org/draft-03/schema"

_TYPES: Final[Mapping[AttributeType, tuple[str, str]]] = {
    AttributeType.STRING: ("string", "string"),
    AttributeType.INTEGER: ("integer", "integer"),
    AttributeType.NUMBER: ("number", "number"),
    AttributeType.BOOLEAN: ("boolean", "boolean"),
    AttributeType.BYTES: ("string", "JAVA_TYPE_BYTE_ARRAY"),
    AttributeType.SECRET: ("string", "JAVA_TYPE_GUARDEDSTRING"),
    AttributeType.TIMESTAMP: ("string", "string"),
    AttributeType.MAP: ("object", "object"),
}


def object_types_of(schema: Schema) -> dict[str, Any]:
    """
    Return every object class with all of its attributes, each under its own name.
    """
    return {info.name: _object_type(info) for info in schema.object_classes}


def operation_options_of(schema: Schema) -> dict[str, Any]:
    """
    Return the operations that any object class has, none of them denied.
    """
    there = frozenset().union(*schema.operations.values())
    # Many changes at once are no operation of their own there.
    known = [each for each in Operation if each in there and each is not Operation.BULK]
    return {each.value: {"denied": False, "onDeny": "DO_NOTHING"} for each in known}


def _object_type(info: ObjectClassInfo) -> dict[str, Any]:
    shown = (info.attribute(names.NAME), *info.attributes) if info.attributes else ()
    return {
        "$schema": _SCHEMA,
        "id": info.name,
        "type": "object",
        "nativeType": info.name,
        "properties": {each.name: _property(each) for each in shown},
    }


def _property(fact: AttributeInfo) -> dict[str, Any]:
    plain, native = _TYPES[fact.type]
    form: dict[str, Any] = {"type": plain, "nativeName": fact.name, "nativeType": native}
    if fact.many:
        form |= {"type": "array", "items": {"type": plain, "nativeType": native}}
    if fact.required:
        form["required"] = True
    flags = [flag.value for flag, holds in _flags(fact).items() if holds]
    return form | ({"flags": flags} if flags else {})


def _flags(fact: AttributeInfo) -> Mapping[Flag, bool]:
    return {
        Flag.NOT_CREATABLE: not fact.creatable,
        Flag.NOT_UPDATEABLE: not fact.updateable,
        Flag.NOT_READABLE: not fact.readable,
        Flag.NOT_RETURNED_BY_DEFAULT: not fact.returned_by_default,
        Flag.MULTIVALUED: fact.many,
        Flag.PASSWORD: fact.type is AttributeType.SECRET,
    }
