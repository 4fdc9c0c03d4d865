"""
Connectors as a platform lists them: names, configuration properties, and texts for people. Pure.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.attributes import plain
from webex_connector.gateway.remote.codec.description import (
    APIConfiguration,
    ConfigurationProperties,
    ConfigurationProperty,
    ConnectorInfo,
    ConnectorKey,
    ConnectorMessages,
    ObjectPoolConfiguration,
    ResultsHandlerConfiguration,
)
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Locale, Long, Map, Set, Value
from webex_connector.gateway.remote.ports import Kind
from webex_connector.gateway.remote.profiles import AUTHENTICATE, Profile
from webex_connector.icf.configuration import Property, PropertyType, Setting

SYSTEM: Final = Property(
    "system",
    "The name of a system that the connector server's own settings connect. With it all other properties are ignored, "
    "and no secret has to be kept here.",
    group="base",
)
"""
The property that every connector has in front of its own.
"""

_TYPES: Final[Mapping[PropertyType, JavaClass]] = MappingProxyType(
    {
        PropertyType.STRING: JavaClass("String"),
        PropertyType.INTEGER: JavaClass("Long"),
        PropertyType.NUMBER: JavaClass("Double"),
        PropertyType.BOOLEAN: JavaClass("Boolean"),
        # No property may be a map; it is a text of JSON here.
        PropertyType.MAP: JavaClass("String"),
        PropertyType.LIST: JavaClass("String", 1),
    },
)
_DISPLAY_NAME: Final = "connector.display"
_CATEGORY: Final = "connector.category"
_CAPITALS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def connectors_of(kinds: Iterable[Kind], profile: Profile) -> list[ConnectorInfo]:
    """
    Return every connector, once for each name it has.
    """
    return [_connector(kind, key, profile) for kind in kinds for key in kind.keys]


def _connector(kind: Kind, key: ConnectorKey, profile: Profile) -> ConnectorInfo:
    properties = (SYSTEM, *kind.properties)
    operations = (*profile.operations, *([AUTHENTICATE] if kind.checks_passwords else []))
    configuration = APIConfiguration(
        producer_buffer_size=100,
        pooling_supported=False,
        pool=ObjectPoolConfiguration(),
        # Filtering and trimming are done here, exactly; doing it again over there changes nothing.
        results=ResultsHandlerConfiguration(normalizing=False, filtered=False, attributes_to_get=False),
        properties=ConfigurationProperties(
            tuple(_property(fact, order) for order, fact in enumerate(properties, start=1)),
        ),
        timeouts=Map(tuple((JavaClass(each), -1) for each in operations)),
        operations=Set(tuple(JavaClass(each) for each in operations)),
    )
    return ConnectorInfo(_DISPLAY_NAME, _CATEGORY, key, _messages(kind, properties), configuration)


def _property(fact: Property, order: int) -> ConfigurationProperty:
    return ConfigurationProperty(
        order=order,
        confidential=fact.secret,
        # With `system` nothing else is needed; without it, validation says what is missing.
        required=False,
        name=fact.name,
        help_key=f"{fact.name}.help",
        display_key=f"{fact.name}.display",
        group_key=f"{fact.group}.group",
        type=JavaClass("GuardedString") if fact.secret else _TYPES[fact.type],
        value=None if fact.secret else _sent(fact.default, fact.type),
        operations=Set(),
    )


def _sent(value: Setting, kind: PropertyType) -> Value:
    if value is None:
        return None
    if kind is PropertyType.MAP:
        return msgspec.json.encode(value).decode()
    if isinstance(value, tuple):
        return Array(JavaClass("String"), value)
    if kind is PropertyType.NUMBER and isinstance(value, int | float):
        return float(value)
    return Long(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _messages(kind: Kind, properties: Iterable[Property]) -> ConnectorMessages:
    texts = {_DISPLAY_NAME: kind.display_name, _CATEGORY: "Cisco Webex"}
    for fact in properties:
        texts[f"{fact.name}.display"] = _in_words(fact.name)
        texts[f"{fact.name}.help"] = fact.help
        texts[f"{fact.group}.group"] = fact.group.capitalize()
    catalog = Map(tuple((key, _quoted(text)) for key, text in texts.items()))
    return ConnectorMessages(Map(((Locale(), catalog),)))


def _in_words(name: str) -> str:
    words = _CAPITALS.sub(" ", name)
    return words[:1].upper() + words[1:]


def _quoted(text: str) -> str:
    """
    Return a text so that Java's MessageFormat gives it back: it takes apostrophes and braces for its own.
    """
    return text.replace("'", "''").replace("{", "'{'").replace("}", "'}'")


def configuration_in(given: Value, kind: Kind) -> dict[str, object]:
    """
    Return the configuration that a platform sent, by the names of the properties. Empty values are left out.

    Raises Malformed for what is no configuration.
    """
    if not isinstance(given, APIConfiguration) or given.properties is None:
        raise Malformed("the facade key holds no configuration")
    facts = {each.name: each for each in kind.properties}
    found: dict[str, object] = {}
    for each in given.properties.properties:
        fact = facts.get(each.name)
        value = _setting(each.value, fact)
        if value is not None and not (isinstance(value, str | Secret) and not value):
            found[each.name] = value
    return found


def _setting(value: Value, fact: Property | None) -> object:
    if isinstance(value, Array):
        value = value.items
    if isinstance(value, tuple):
        return tuple(plain(each) for each in value)
    found = plain(value)
    if fact is not None and fact.type is PropertyType.MAP and isinstance(found, str) and found:
        try:
            return msgspec.json.decode(found)
        except msgspec.DecodeError:
            return found
    return found
