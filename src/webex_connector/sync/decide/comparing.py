"""
Whether an object of the target is as it should be, attribute by attribute.

Values are compared as the target holds them: those of a list in any order, addresses without regard to case, moments as
moments, and a complex value by the parts that the mapping gives. Equal digests mean equal objects; other digests prove
nothing, and the values decide.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final

import msgspec

from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Value, Values
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.policy.safety import Harm
from webex_connector.sync.decide.plan import AttributeChange
from webex_connector.sync.records import DIGEST_BYTES

_ENCODE = msgspec.json.Encoder(order="deterministic").encode
LICENSES: Final = "LICENSES"
"""
The object class of licences.
"""
_Form = Callable[[Values], object]


class Comparison:
    """
    How objects of one class are compared by the attributes that a mapping speaks of.
    """

    def __init__(
        self, info: ObjectClassInfo, attributes: Iterable[str], companions: frozenset[str] = frozenset()
    ) -> None:
        """
        `companions` are licences that are never taken.
        """
        self._companions = companions
        facts = (info.attribute(each) for each in attributes)
        self._facts: Mapping[str, AttributeInfo] = {each.name: each for each in facts if _is_comparable(each)}
        self._forms = {name: _special(fact, info) for name, fact in sorted(self._facts.items())}
        self._plain = tuple(name for name, form in self._forms.items() if form is None)
        # One look for all of them, a million times; for fewer than two it would give no list.
        self._picked = itemgetter(*self._plain) if self._plain[1:] else self._one_by_one
        self._required = tuple(each.name for each in info.attributes if each.required)
        self._special = tuple((name, form) for name, form in self._forms.items() if form is not None)

    @property
    def attributes(self) -> frozenset[str]:
        """
        The attributes that can be compared. Secrets and what cannot be read are only ever written.
        """
        return frozenset(self._facts)

    def digest(self, attributes: Attributes) -> bytes:
        """
        Return the digest of an object with these attributes.
        """
        try:
            plain = self._picked(attributes)
        except KeyError:
            plain = self._one_by_one(attributes)
        content = _ENCODE((plain, [form(attributes.get(name, ())) for name, form in self._special]))
        if not content.isascii():
            content = unicodedata.normalize("NFC", content.decode()).encode()
        return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()

    def _one_by_one(self, attributes: Attributes) -> tuple[Values, ...]:
        return tuple(attributes.get(name, ()) for name in self._plain)

    def changes(self, wanted: Attributes, current: Attributes) -> tuple[AttributeChange, ...]:
        """
        Return what has to change so that an object is as wanted; attributes that are not named stay as they are.
        """
        found = []
        for name in sorted(wanted.keys() & self._facts.keys()):
            old, new = current.get(name, ()), wanted[name]
            if self._companions and self._facts[name].refers_to == LICENSES:
                new = (*new, *(each for each in old if each in self._companions and each not in new))
            if not self._is_same(self._facts[name], new, old):
                found.append(AttributeChange(name, old, new))
        return tuple(found)

    def lacking(self, attributes: Attributes) -> str | None:
        """
        Return an attribute without which nothing can be made, if one of them has no value here.
        """
        return next((name for name in self._required if not attributes.get(name)), None)

    def harms(self, changes: Iterable[AttributeChange]) -> frozenset[Harm]:
        """
        Say why these changes count against a threshold.
        """
        found = set()
        for change in changes:
            fact = self._facts.get(change.attribute)
            if change.attribute == names.ENABLE:
                if change.new == (False,) and change.old != (False,):
                    found.add(Harm.DISABLE)
            elif fact is not None and fact.refers_to == LICENSES:
                if set(map(str, change.old)) - set(map(str, change.new)):
                    found.add(Harm.LICENSE_REMOVAL)
            elif change.old and not change.new:
                found.add(Harm.CLEARING)
        return frozenset(found)

    def _is_same(self, fact: AttributeInfo, new: Values, old: Values) -> bool:
        if new == old:
            return True
        if fact.type is AttributeType.MAP:
            return len(new) == len(old) and all(any(_within(each, other) for other in old) for each in new)
        form = self._forms[fact.name] or _as_it_is
        return form(new) == form(old)


def written(info: ObjectClassInfo, attributes: Iterable[str]) -> Comparison:
    """
    Return how objects are compared by all that a mapping of these attributes may write: whoever leaves is disabled,
    whether it speaks of that or not.
    """
    return Comparison(info, (*attributes, *((names.ENABLE,) if info.has(names.ENABLE) else ())))


def named(found: ConnectorObject) -> Attributes:
    """
    Return an object's attributes with its name among them, for mappings that give it.
    """
    return found.attributes if found.name is None else {**found.attributes, names.NAME: (found.name,)}


def _is_comparable(fact: AttributeInfo) -> bool:
    return fact.readable and fact.type is not AttributeType.SECRET


def _special(fact: AttributeInfo, info: ObjectClassInfo) -> _Form | None:
    """
    Return how the values of an attribute are brought into the form in which they compare; None: they are in it.
    """
    if fact.type is AttributeType.MAP:
        one: Callable[[Value], object] = _ENCODE
    elif fact.type is AttributeType.TIMESTAMP:
        one = _moment
    elif not fact.case_sensitive and (fact.many or fact.name in {info.name_attribute, names.NAME}):
        one = _caseless
    elif fact.many:
        one = _composed
    else:
        return None
    if not fact.many:
        return lambda values: one(values[0]) if values else None
    # Values of several kinds have no order of their own.
    return lambda values: [one(each) for each in values] if not values[1:] else sorted(set(map(one, values)), key=str)


def _as_it_is(values: Values) -> object:
    return tuple(_composed(each) for each in values)


def _caseless(value: Value) -> object:
    if not isinstance(value, str):
        return value
    return (value if value.isascii() else unicodedata.normalize("NFC", value)).casefold()


def _composed(value: Value) -> object:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _moment(value: Value) -> object:
    if not isinstance(value, str):
        return value
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return value
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC).isoformat()


def _within(wanted: Value, there: Value) -> bool:
    if isinstance(wanted, Mapping) and isinstance(there, Mapping):
        return all(_within(value, there.get(name)) for name, value in wanted.items())
    if isinstance(wanted, str) and isinstance(there, str):
        return _composed(wanted) == _composed(there)
    return wanted == there
