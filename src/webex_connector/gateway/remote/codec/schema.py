"""
What a connector tells about its object classes.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from webex_connector.gateway.remote.codec.fields import OTHERS, class_name, flag, text, whole
from webex_connector.gateway.remote.codec.values import JavaClass, Map, Set


class AttributeInfoFlag(Enum):
    """
    What sets an attribute apart.
    """

    REQUIRED = "REQUIRED"
    MULTIVALUED = "MULTIVALUED"
    NOT_CREATABLE = "NOT_CREATABLE"
    NOT_UPDATEABLE = "NOT_UPDATEABLE"
    NOT_READABLE = "NOT_READABLE"
    NOT_RETURNED_BY_DEFAULT = "NOT_RETURNED_BY_DEFAULT"


@dataclass(frozen=True, slots=True)
class AttributeInfo:
    """
    One attribute. The last four fields are ConnId's.
    """

    name: Annotated[str, text("name")]
    type: Annotated[JavaClass, class_name("type")]
    flags: Annotated[tuple[AttributeInfoFlag, ...], OTHERS] = ()
    native_name: Annotated[str | None, text("nativeName")] = None
    subtype: Annotated[str | None, text("subtype")] = None
    refers_to: Annotated[str | None, text("referencedObjectClassName")] = None
    role: Annotated[str | None, text("roleInReference")] = None


@dataclass(frozen=True, slots=True)
class ObjectClassInfo:
    """
    One object class; its attributes are a set.
    """

    name: Annotated[str, text("type")]
    container: Annotated[bool, flag("container")] = False
    auxiliary: Annotated[bool, flag("auxiliary")] = False
    embedded: Annotated[bool, flag("embedded")] = False
    attributes: Annotated[Set, whole("AttributeInfos")] = Set()  # noqa: RUF009 - a frozen value


@dataclass(frozen=True, slots=True)
class OperationOptionInfo:
    """
    One option that operations may take.
    """

    name: Annotated[str, text("name")]
    type: Annotated[JavaClass, class_name("type")]


@dataclass(frozen=True, slots=True)
class Schema:
    """
    Object classes and options, and which operation has which: maps from the class of an operation to a set of names.
    """

    object_classes: Annotated[Set, whole("ObjectClassInfos")]
    options: Annotated[Set, whole("OperationOptionInfos")]
    object_classes_by_operation: Annotated[Map, whole("objectClassesByOperation")]
    options_by_operation: Annotated[Map, whole("optionsByOperation")]
