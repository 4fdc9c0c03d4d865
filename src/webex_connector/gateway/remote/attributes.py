"""
Attributes and objects of the model, and as they travel. Pure.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote import flattening
from webex_connector.gateway.remote.codec.objects import Attribute, Name, ToldObject, Uid
from webex_connector.gateway.remote.codec.objects import ConnectorObject as WireObject
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import (
    URI,
    Array,
    BigDecimal,
    BigInteger,
    Byte,
    Character,
    File,
    Float,
    Long,
    Map,
    Set,
    ZonedDateTime,
)
from webex_connector.gateway.remote.codec.values import Value as WireValue
from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo

_BOXES: Final = (Long, Float, Byte, Character, URI, File, ZonedDateTime)
_LONGEST_NUMBER: Final = 400
_UNBOXED: Final = frozenset(
    {AttributeType.STRING, AttributeType.TIMESTAMP, AttributeType.BOOLEAN, AttributeType.BYTES, AttributeType.SECRET}
)
"""
Types whose values in Python are those that travel.
"""

_Teller: TypeAlias = Callable[[Values], list[tuple[str, tuple[WireValue, ...]]]]
"""
What makes the values of one attribute into what travels.
"""


def plain(value: WireValue) -> Value:
    """
    Return a value that came, as the model has it. Raises Malformed for one that is no attribute's value.
    """
    if value is None or isinstance(value, str | bool | int | float | bytes | Secret):
        return value
    if isinstance(value, _BOXES):
        return value.value
    if isinstance(value, Map):
        return {_text(key): plain_inner(each) for key, each in value.pairs}
    if isinstance(value, BigInteger | BigDecimal):
        return _number(value)
    raise Malformed(f"a {type(value).__name__} is no value of an attribute")


def plain_inner(value: WireValue) -> object:
    """
    Return a JSON-like value that came. Raises Malformed.
    """
    if isinstance(value, tuple | Set):
        return [plain_inner(each) for each in value]
    return [plain_inner(each) for each in value.items] if isinstance(value, Array) else plain(value)


def _text(value: WireValue) -> str:
    if not isinstance(value, str):
        raise Malformed("a key of a map is no text")
    return value


def _number(value: BigInteger | BigDecimal) -> int | float:
    try:
        if isinstance(value, BigDecimal):
            return float(value.value)
        return int(value.value) if len(value.value) <= _LONGEST_NUMBER else float(value.value)
    except (ArithmeticError, ValueError):
        raise Malformed("a number has no digits, or too many") from None


def boxed(value: Value, kind: AttributeType) -> WireValue:
    """
    Return a value of the model as it travels.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return float(value) if kind is AttributeType.NUMBER else Long(value)
    if isinstance(value, Mapping):
        return Map(tuple((key, boxed_inner(each)) for key, each in value.items()))
    return value


def boxed_inner(value: object) -> WireValue:
    """
    Return a JSON-like value as it travels.
    """
    if isinstance(value, list | tuple):
        return tuple(boxed_inner(each) for each in value)
    if isinstance(value, Mapping):
        return Map(tuple((str(key), boxed_inner(each)) for key, each in value.items()))
    return Long(value) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass(frozen=True, slots=True)
class View:
    """
    An object class as one family of platforms sees it.
    """

    info: ObjectClassInfo
    maps: bool
    _tellers: dict[str, _Teller] = field(default_factory=dict, repr=False, compare=False)
    """
    How each attribute is told, found out once: a stream has many thousand objects with the same ones.
    """

    def object(self, found: ConnectorObject) -> WireObject:
        """
        Return an object as it travels.
        """
        return self.shown(found).whole()

    def shown(self, found: ConnectorObject) -> ToldObject:
        """
        Return an object of a stream. Java refuses one without a name, so that it has its uid for one then.
        """
        attributes: list[tuple[str, tuple[WireValue, ...]]] = []
        for name, values in found.attributes.items():
            tell = self._tellers.get(name)
            if tell is None:
                tell = self._tellers[name] = self._teller(self.info.attribute(name))
            attributes += tell(values)
        return ToldObject(found.object_class, found.uid, found.revision, found.name or found.uid, attributes)

    def told(self, fact: AttributeInfo, values: Values) -> list[tuple[str, tuple[WireValue, ...]]]:
        """
        Return name and values of an attribute, or of what it is flattened to.
        """
        return self._teller(fact)(values)

    def _teller(self, fact: AttributeInfo) -> _Teller:
        if fact.type in _UNBOXED:
            return lambda values: [(fact.name, values)]
        if fact.type is not AttributeType.MAP or self.maps:
            return lambda values: [(fact.name, tuple(boxed(each, fact.type) for each in values))]
        flat = flattening.flat_names(fact)
        if not flat:
            return lambda values: [(fact.name, flattening.simple(fact, values))]
        named_parts = [(each.name, each) for each in flat]
        return lambda values: [(name, told) for name, each in named_parts if (told := each.read(values))]

    def native_names(self, asked: Iterable[str]) -> tuple[str, ...]:
        """
        Return the names of the model for names that a platform asks for; uid and name always come and are left out.
        """
        found = []
        for name in asked:
            flat = None if self.maps else flattening.flat_name(self.info, name)
            if names.folded(name) not in {names.folded(names.UID), names.folded(names.NAME)}:
                found.append(name if flat is None else flat.fact.name)
        return tuple(dict.fromkeys(found))


def named(each: WireValue) -> tuple[str, Values | None]:
    """
    Return name and values of an attribute that came; None when it says that none are known. Raises Malformed.
    """
    if isinstance(each, Name):
        return names.NAME, (each.value,)
    if isinstance(each, Uid):
        return names.UID, (each.uid,)
    if isinstance(each, Attribute):
        return each.name, None if each.values is None else tuple(plain(value) for value in each.values)
    raise Malformed(f"a {type(each).__name__} is no attribute")
