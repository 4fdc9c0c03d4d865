"""
What a connector server offers, and a configuration of one of its connectors. Pure.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.description import (
    APIConfiguration,
    ConfigurationProperties,
    ConfigurationProperty,
    ConnectorInfo,
    ConnectorKey,
    ConnectorMessages,
)
from webex_connector.gateway.remote.codec.messages import HelloResponse
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.gateway.remote.codec.values import (
    URI,
    Array,
    Character,
    File,
    Float,
    JavaClass,
    Locale,
    Long,
    Map,
    SecretBytes,
    Value,
)
from webex_connector.icf.configuration import ConfigurationMistakes, Mistake, unknown_name
from webex_connector.icf.errors import InvalidInput

_QUOTES: Final = re.compile("''?")


@dataclass(frozen=True, slots=True)
class Asked:
    """
    One configuration property, as a person fills it in.
    """

    name: str
    label: str
    help: str
    type: str
    secret: bool
    required: bool
    default: str | None
    """
    As text; None for none.
    """


@dataclass(frozen=True, slots=True)
class Offered:
    """
    One connector that a server offers.
    """

    info: ConnectorInfo
    key: ConnectorKey
    display_name: str
    properties: tuple[Asked, ...]
    operations: tuple[str, ...]
    """
    The classes of the operations it supports, in alphabetical order.
    """

    @property
    def name(self) -> str:
        """
        The name by which a person picks it.
        """
        return self.key.connector_name

    def facade_key(self, given: Mapping[str, str | Secret | Sequence[str]]) -> str:
        """
        Return a configuration as requests carry it: the server's defaults with these values. Of a list given as one
        text, the values are separated by commas. It holds the secrets.

        Raises ConfigurationMistakes with every name that is no property, value that does not fit, and required property
        without a value.
        """
        configuration = self.info.configuration or APIConfiguration()
        facts = _properties(configuration)
        known = {each.name for each in facts}
        mistakes = [Mistake(name, unknown_name(name, known)) for name in given if name not in known]
        filled = []
        for fact in facts:
            try:
                value = _typed(fact, given[fact.name]) if fact.name in given else fact.value
            except ValueError as problem:
                mistakes.append(Mistake(fact.name, str(problem)))
                continue
            if fact.required and value in (None, ""):
                mistakes.append(Mistake(fact.name, "is required"))
            filled.append(replace(fact, value=value))
        if mistakes:
            raise ConfigurationMistakes(mistakes)
        # The Java clients leave out what only they themselves go by.
        sent = replace(
            configuration,
            producer_buffer_size=0,
            timeouts=Map(),
            properties=ConfigurationProperties(tuple(filled)),
        )
        return base64.b64encode(written(sent)).decode()


def offered_in(hello: HelloResponse) -> tuple[Offered, ...]:
    """
    Return the connectors of a greeting, in its order. What has no name is left out.
    """
    found = (each for each in hello.connectors if isinstance(each, ConnectorInfo))
    return tuple(_offered(each, each.key) for each in found if each.key is not None)


def chosen(offered: tuple[Offered, ...], name: str) -> Offered:
    """
    Return the connector of this name, of several versions the last one listed. Raises InvalidInput, listing what there
    is.
    """
    found = [each for each in offered if each.name == name]
    if not found:
        there = ", ".join(dict.fromkeys(each.name for each in offered)) or "none at all"
        raise InvalidInput(f"The connector server has no connector {name}; there are: {there}")
    return found[-1]


def _offered(info: ConnectorInfo, key: ConnectorKey) -> Offered:
    texts = _texts(info.messages)
    configuration = info.configuration or APIConfiguration()
    classes = configuration.operations or ()
    return Offered(
        info,
        key,
        texts.get(info.display_name_key or "", info.display_name_key or key.connector_name),
        tuple(_asked(each, texts) for each in _properties(configuration)),
        tuple(sorted(each.name for each in classes if isinstance(each, JavaClass))),
    )


def _properties(configuration: APIConfiguration) -> tuple[ConfigurationProperty, ...]:
    found = () if configuration.properties is None else configuration.properties.properties
    return tuple(sorted(found, key=lambda each: each.order))


def _asked(fact: ConfigurationProperty, texts: Mapping[str, str]) -> Asked:
    kind = fact.type or JavaClass("String")
    return Asked(
        fact.name,
        texts.get(fact.display_key or f"{fact.name}.display", fact.name),
        texts.get(fact.help_key or f"{fact.name}.help", ""),
        kind.name + "[]" * kind.depth,
        fact.confidential or kind.name in _SECRETS,
        fact.required,
        _shown(fact.value),
    )


def _texts(messages: ConnectorMessages | None) -> dict[str, str]:
    """
    Return the texts in English, or in no language in particular.
    """
    found: dict[str, str] = {}
    catalogs = () if messages is None else messages.catalogs.pairs
    wanted = [each for locale in (Locale(), Locale("en")) for key, each in catalogs if key == locale]
    for catalog in wanted:
        if isinstance(catalog, Map):
            found |= {str(key): _unquoted(str(text)) for key, text in catalog.pairs}
    return found


def _unquoted(text: str) -> str:
    """
    Return a text as Java's MessageFormat shows it: quotes go, doubled ones stay as one.
    """
    return _QUOTES.sub(lambda found: "'" if found[0] == "''" else "", text)


def _shown(value: Value) -> str | None:
    if value is None or isinstance(value, Secret | SecretBytes):
        return None
    if isinstance(value, Array):
        return ",".join(_shown(each) or "" for each in value.items)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.value if isinstance(value, Long | Float | Character | URI | File) else value)


def _typed(fact: ConfigurationProperty, given: str | Secret | Sequence[str]) -> Value:
    kind = fact.type or JavaClass("String")
    if not isinstance(given, str | Secret):
        if not kind.depth:
            raise ValueError("takes one value, not a list")
        return Array(JavaClass(kind.name), tuple(_single(kind.name, each) for each in given))
    text = given.reveal() if isinstance(given, Secret) else given
    if kind.depth:
        return Array(JavaClass(kind.name), tuple(_single(kind.name, each) for each in text.split(",") if each))
    return _single(kind.name, text) if text else None


def _single(kind: str, text: str) -> Value:
    make = _MAKERS.get(kind)
    if make is None:
        raise ValueError(f"is of type {kind}, which cannot be given as text")
    try:
        return make(text)
    except ValueError:
        raise ValueError(f"must be of type {kind}, not {text!r}") from None


def _integer(text: str) -> int:
    value = int(text)
    if not -(2**31) <= value < 2**31:
        raise ValueError(text)
    return value


def _long(text: str) -> Long:
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise ValueError(text)
    return Long(value)


def _truth(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError(text)
    return text.lower() == "true"


def _character(text: str) -> Character:
    if len(text) != 1:
        raise ValueError(text)
    return Character(text)


_SECRETS: Final = frozenset({"GuardedString", "GuardedByteArray"})

_MAKERS: Final[Mapping[str, Callable[[str], Value]]] = MappingProxyType(
    {
        "String": str,
        "GuardedString": Secret,
        "GuardedByteArray": lambda text: SecretBytes(text.encode()),
        "Integer": _integer,
        "int": _integer,
        "Long": _long,
        "long": _long,
        "Double": float,
        "double": float,
        "Float": lambda text: Float(float(text)),
        "float": lambda text: Float(float(text)),
        "Boolean": _truth,
        "boolean": _truth,
        "Character": _character,
        "char": _character,
        "URI": URI,
        "File": File,
    },
)
