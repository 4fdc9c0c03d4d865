"""
Every type there is, by its name on the wire.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from webex_connector.gateway.remote.codec import description, exceptions, filters, messages, objects, schema, values
from webex_connector.gateway.remote.codec.fields import Shape, shape_of

_DECLARED: Final = (
    values.Long,
    values.Float,
    values.Byte,
    values.Character,
    values.BigInteger,
    values.BigDecimal,
    values.URI,
    values.File,
    values.ZonedDateTime,
    values.Locale,
    objects.Attribute,
    objects.Name,
    objects.Uid,
    objects.ObjectClass,
    objects.ConnectorObject,
    objects.ConnectorObjectIdentification,
    objects.ConnectorObjectReference,
    objects.QualifiedUid,
    objects.AttributeDelta,
    objects.SyncToken,
    objects.SyncDelta,
    objects.LiveSyncDelta,
    objects.SearchResult,
    objects.SortKey,
    objects.OperationOptions,
    objects.Script,
    objects.ScriptContext,
    objects.SuggestedValues,
    filters.AttributeFilter,
    filters.JoinedFilter,
    filters.NotFilter,
    filters.PresenceFilter,
    filters.ExtendedMatchFilter,
    schema.AttributeInfo,
    schema.ObjectClassInfo,
    schema.OperationOptionInfo,
    schema.Schema,
    exceptions.PlainException,
    exceptions.RemoteWrappedException,
    description.ConnectorKey,
    description.ConnectorMessages,
    description.ConfigurationProperty,
    description.ConfigurationProperties,
    description.ObjectPoolConfiguration,
    description.ResultsHandlerConfiguration,
    description.APIConfiguration,
    description.ConnectorInfo,
    messages.HelloRequest,
    messages.HelloResponse,
    messages.OperationRequest,
    messages.OperationResponsePart,
    messages.OperationResponseEnd,
    messages.OperationResponsePause,
    messages.OperationRequestMoreData,
    messages.OperationRequestStopData,
    messages.EchoMessage,
    messages.ErrorResponse,
)

SHAPES: Final[Mapping[type, Shape]] = MappingProxyType({each: shape_of(each) for each in _DECLARED})
"""
The shape of every type that is declared by its fields.
"""

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "boolean": "Boolean",
        "int": "Integer",
        "long": "Long",
        "float": "Float",
        "double": "Double",
        "char": "Character",
        "byte": "Byte",
    },
)
"""
Names of Java's primitive types, under which values may come, too.
"""

BY_NAME: Final[Mapping[str, Shape]] = MappingProxyType(
    {name: shape for shape in SHAPES.values() for name in shape.names},
)
"""
The shapes by the names of their types.
"""

ENUMS: Final[Mapping[str, type[Enum]]] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            objects.SyncDeltaType,
            objects.CountPolicy,
            objects.ValueListOpenness,
            schema.AttributeInfoFlag,
        )
    },
)
"""
Types with nothing but a `value` out of a few, by their names.
"""
