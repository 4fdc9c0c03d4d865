"""
Attributes, objects and their changes.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, TypeAlias

from webex_connector.gateway.remote.codec.fields import Form, bare, flag, int32, omissible, text, whole
from webex_connector.gateway.remote.codec.values import Map, Set, Value


@dataclass(frozen=True, slots=True)
class Attribute:
    """
    An attribute that is neither uid nor name. None for its values is "none known", and less than an empty list.
    """

    name: Annotated[str, text("name")]
    values: Annotated[tuple[Value, ...] | None, whole("Values")] = None


@dataclass(frozen=True, slots=True)
class Name:
    """
    The attribute `__NAME__`.
    """

    value: Annotated[str, bare(Form.TEXT)]


@dataclass(frozen=True, slots=True)
class Uid:
    """
    The attribute `__UID__`, with the object's revision and name where they are known.
    """

    uid: Annotated[str, text("uid")]
    revision: Annotated[str | None, text("revision")] = None
    name_hint: Annotated[Name | None, whole("nameHint")] = None


AnyAttribute: TypeAlias = Attribute | Name | Uid
"""
Uid and name are attributes of a type of their own.
"""


@dataclass(frozen=True, slots=True)
class ObjectClass:
    """
    The name of an object class.
    """

    name: Annotated[str, text("type")]


@dataclass(frozen=True, slots=True)
class ConnectorObject:
    """
    An object: one Uid, one Name, and other attributes.
    """

    object_class: Annotated[ObjectClass, whole("ObjectClass")]
    attributes: Annotated[Set, whole("Attributes")]


@dataclass(slots=True)
class ToldObject:
    """
    An object to be written, with its attributes as names and values: a stream has many thousand, and to make a value of
    each attribute takes as long as to write it. It comes as a ConnectorObject.
    """

    object_class: str
    uid: str
    revision: str | None
    name: str
    attributes: list[tuple[str, tuple[Value, ...]]]

    def whole(self) -> ConnectorObject:
        """
        Return the object in whole.
        """
        others = (Attribute(name, values) for name, values in self.attributes)
        members = (Uid(self.uid, self.revision), Name(self.name), *others)
        return ConnectorObject(ObjectClass(self.object_class), Set(members))


@dataclass(frozen=True, slots=True)
class ConnectorObjectIdentification:
    """
    What an object is known by, in place of the object.
    """

    object_class: Annotated[ObjectClass, whole("ObjectClass")]
    attributes: Annotated[Set, whole("Attributes")]


@dataclass(frozen=True, slots=True)
class ConnectorObjectReference:
    """
    A value that refers to another object.
    """

    value: Annotated[ConnectorObject | ConnectorObjectIdentification, whole("Value")]


@dataclass(frozen=True, slots=True)
class QualifiedUid:
    """
    A uid with its object class.
    """

    object_class: Annotated[ObjectClass, whole("ObjectClass")]
    uid: Annotated[Uid, whole("Uid")]


@dataclass(frozen=True, slots=True)
class AttributeDelta:
    """
    How one attribute changes.
    """

    name: Annotated[str, whole("Name")]
    add: Annotated[tuple[Value, ...] | None, whole("ValuesToAdd")] = None
    remove: Annotated[tuple[Value, ...] | None, whole("ValuesToRemove")] = None
    replace: Annotated[tuple[Value, ...] | None, whole("ValuesToReplace")] = None


@dataclass(frozen=True, slots=True)
class SyncToken:
    """
    A place in the stream of changes.
    """

    value: Annotated[Value, whole("value")] = None


class SyncDeltaType(Enum):
    """
    What happened to an object.
    """

    CREATE_OR_UPDATE = "CREATE_OR_UPDATE"
    DELETE = "DELETE"
    CREATE = "CREATE"
    UPDATE = "UPDATE"


@dataclass(frozen=True, slots=True)
class SyncDelta:
    """
    One change, with the token at which one may stop after it.
    """

    type: Annotated[SyncDeltaType, whole("SyncDeltaType")]
    token: Annotated[SyncToken, whole("SyncToken")]
    previous_uid: Annotated[Uid | None, whole("PreviousUid")] = None
    object_class: Annotated[ObjectClass | None, whole("ObjectClass")] = None
    uid: Annotated[Uid | None, whole("Uid")] = None
    object: Annotated[ConnectorObject | None, whole("ConnectorObject")] = None


@dataclass(frozen=True, slots=True)
class LiveSyncDelta:
    """
    One change as it happens.
    """

    object_class: Annotated[ObjectClass, whole("ObjectClass")]
    uid: Annotated[Uid, whole("Uid")]
    object: Annotated[ConnectorObject | None, whole("ConnectorObject")] = None


class CountPolicy(Enum):
    """
    Whether matches are counted. ConnId does not know the type.
    """

    NONE = "NONE"
    ESTIMATE = "ESTIMATE"
    EXACT = "EXACT"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """
    How a search ended. The last two are OpenICF's.
    """

    cookie: Annotated[str | None, text("pagedResultsCookie")] = None
    remaining: Annotated[int, int32("remainingPagedResults")] = -1
    total: Annotated[int | None, int32("totalPagedResults")] = None
    policy: Annotated[CountPolicy | None, omissible("CountPolicy")] = None


@dataclass(frozen=True, slots=True)
class SortKey:
    """
    Sort by an attribute.
    """

    attribute: Annotated[str, text("field")]
    ascending: Annotated[bool, flag("isAscending")] = True


@dataclass(frozen=True, slots=True)
class OperationOptions:
    """
    What accompanies an operation, by the options' names.
    """

    options: Annotated[Map, whole("options")] = Map()  # noqa: RUF009 - a frozen value


@dataclass(frozen=True, slots=True)
class Script:
    """
    A script.
    """

    language: Annotated[str, text("scriptLanguage")]
    text: Annotated[str, whole("scriptText")]


@dataclass(frozen=True, slots=True)
class ScriptContext:
    """
    A script with its arguments.
    """

    language: Annotated[str, text("scriptLanguage")]
    arguments: Annotated[Map, whole("scriptArguments")]
    text: Annotated[str, whole("scriptText")]


class ValueListOpenness(Enum):
    """
    Whether other values than the suggested ones may be taken.
    """

    OPEN = "OPEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class SuggestedValues:
    """
    Suggested values of a configuration property.
    """

    values: Annotated[tuple[Value, ...], whole("Values")]
    openness: Annotated[ValueListOpenness, whole("ValueListOpenness")] = ValueListOpenness.OPEN
