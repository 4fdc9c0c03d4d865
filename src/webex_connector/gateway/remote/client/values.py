"""
Attributes and objects on their way to a connector server and back. Pure.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from webex_connector.gateway.remote.attributes import boxed_inner, named
from webex_connector.gateway.remote.client.schema import RemoteClass
from webex_connector.gateway.remote.codec.objects import AnyAttribute, Attribute, Name, Uid
from webex_connector.gateway.remote.codec.objects import AttributeDelta as WireDelta
from webex_connector.gateway.remote.codec.objects import ConnectorObject as WireObject
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import BigInteger, Byte, Character, Float, Long, ZonedDateTime
from webex_connector.gateway.remote.codec.values import Value as WireValue
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Value, Values
from webex_connector.icf.objects import ConnectorObject

_BOXES: Final[Mapping[str, Callable[[Any], WireValue]]] = MappingProxyType(
    {
        "Long": Long,
        "long": Long,
        "Byte": Byte,
        "byte": Byte,
        "BigInteger": lambda value: BigInteger(str(value)),
        "Double": float,
        "double": float,
        "Float": Float,
        "float": Float,
        "Character": Character,
        "char": Character,
        "ZonedDateTime": ZonedDateTime,
    },
)
"""
How values travel, by the Java type that the server told; those of other types travel as they are.
"""


def attribute_of(name: str, values: Values, remote: RemoteClass) -> AnyAttribute:
    """
    Return an attribute as it travels; name and uid are types of their own.
    """
    if name == names.UID and len(values) == 1:
        return Uid(str(values[0]))
    if name == names.NAME and len(values) == 1:
        return Name(str(values[0]))
    return Attribute(name, boxed_all(name, values, remote))


def boxed_all(name: str, values: Values, remote: RemoteClass) -> tuple[WireValue, ...]:
    """
    Return the values of an attribute in the Java types that the server told.
    """
    box = _BOXES.get(remote.types.get(name, ""))
    return tuple(_boxed(each) if box is None or each is None else box(each) for each in values)


def _boxed(value: Value) -> WireValue:
    return boxed_inner(value) if isinstance(value, Mapping) else value


def delta_of(delta: AttributeDelta, remote: RemoteClass) -> WireDelta:
    """
    Return a change as it travels.
    """
    if delta.replace is not None:
        return WireDelta(delta.name, replace=boxed_all(delta.name, delta.replace, remote))
    add, remove = (boxed_all(delta.name, values, remote) or None for values in (delta.add, delta.remove))
    return WireDelta(delta.name, add=add, remove=remove)


def object_in(value: WireValue, remote: RemoteClass) -> ConnectorObject:
    """
    Return an object that came. Attributes that the schema does not have are left out. Raises Malformed.
    """
    if not isinstance(value, WireObject):
        raise Malformed(f"a {type(value).__name__} is no object")
    uid: Uid | None = None
    name: str | None = None
    attributes: dict[str, Values] = {}
    for each in value.attributes:
        if isinstance(each, Uid):
            uid = each
        elif isinstance(each, Name):
            name = each.value
        elif isinstance(each, Attribute) and remote.info.has(each.name):
            told, values = named(each)
            attributes |= {remote.info.attribute(told).name: values} if values else {}
    if uid is None:
        raise Malformed("an object has no uid")
    return ConnectorObject(remote.info.name, uid.uid, name, attributes, uid.revision)
