"""
How the objects of a class lie in a picture: what is in the document, what they are looked up by, which of their
attributes are links. Decided by the facts of the schema. Pure.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, LateAttributes, Value, Values
from webex_connector.icf.attributes import after as changed
from webex_connector.icf.filters import folding
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.store.picture_rows import Entry, Key, Link

LONGEST = 400
"""
How many characters of a value an index takes; of longer ones it has these and a digest, so that *equals* is right.
"""

_KEYED_TYPES = frozenset({AttributeType.STRING, AttributeType.TIMESTAMP, AttributeType.BOOLEAN})


class Document(msgspec.Struct, frozen=True, array_like=True):
    """
    An object without its uid and its links.
    """

    name: str | None
    attributes: dict[str, tuple[Any, ...]]
    revision: str | None = None


class _Head(msgspec.Struct, frozen=True, array_like=True):
    """
    A document whose attributes nobody has looked at.
    """

    name: str | None
    attributes: msgspec.Raw
    revision: str | None = None


class Holding(msgspec.Struct, frozen=True):
    """
    What a picture holds, so that a version that knows more does not take what is not there for empty.
    """

    attributes: frozenset[str]
    keyed: frozenset[str]
    links: frozenset[str]


@dataclass(frozen=True, slots=True)
class Inverse:
    """
    The attribute of another object class that says the same from the other side.
    """

    object_class: str
    fact: AttributeInfo

    @property
    def attribute(self) -> str:
        """
        Its name.
        """
        return self.fact.name

    def value(self, uid: str) -> bytes:
        """
        Return the value of a link to an object of which only the uid is known.
        """
        if self.fact.type is not AttributeType.MAP:
            return _pack(uid)
        parts = {each.name for each in self.fact.fields}
        return _pack({"value" if "value" in parts else "id": uid})


_documents = msgspec.msgpack.Decoder(Document)
_heads = msgspec.msgpack.Decoder(_Head)
_values = msgspec.msgpack.Decoder()
_pack = msgspec.msgpack.Encoder().encode

EMPTY = _pack(Document(None, {}))
"""
The document of an object of which nothing is known yet.
"""


@lru_cache(maxsize=256)
def holding_in(text: str) -> Holding:
    """
    Return what was written down of a picture.
    """
    return msgspec.json.decode(text, type=Holding)


class Layout:
    """
    One object class. `others` are the object classes that have pictures too.
    """

    def __init__(self, info: ObjectClassInfo, others: Mapping[str, ObjectClassInfo]) -> None:
        self.info = info
        self.inverse: Mapping[str, Inverse] = dict(_inverse(info, others))
        """
        Attributes that are links of another object class seen from the other side.
        """
        self.readable = frozenset(fact.name for fact in info.attributes if fact.readable) - self.inverse.keys()
        self.links = frozenset(each for each in self.readable if is_linked(info, each))
        self.keyed = frozenset(
            fact.name for fact in info.attributes if fact.name in self.readable - self.links and _is_keyed(info, fact)
        ) | {names.NAME}
        self._folds = {name: folding(info.attribute(name)) for name in self.keyed | self.links}

    def holding(self, attributes: Collection[str]) -> Holding:
        """
        Return what a picture with these attributes holds.
        """
        return Holding(frozenset(attributes), self.keyed, self.links & frozenset(attributes))

    def serves(self, held: str, wanted: frozenset[str]) -> bool:
        """
        Whether a picture can show these attributes, those of other object classes aside.
        """
        holding = holding_in(held)
        return wanted - self.inverse.keys() <= holding.attributes and self.keyed <= holding.keyed

    def folded(self, attribute: str, value: Value) -> str:
        """
        Return the form in which a value of a keyed attribute or a link compares.
        """
        return key_of(self._folds[attribute](value))

    def entry(self, found: ConnectorObject) -> Entry:
        """
        Return the rows of an object that was read whole.
        """
        kept = {name: values for name, values in found.attributes.items() if name in self.readable and values}
        links = {name: self.links_of(name, kept.pop(name, ())) for name in self.links}
        return self._entry(found.uid, Document(found.name, kept, found.revision), links)

    def overlaid(
        self,
        uid: str,
        document: bytes | None,
        deltas: Sequence[AttributeDelta],
        after: ConnectorObject | None,
    ) -> Entry | None:
        """
        Return the rows of an object after a write, from the document there was: what was read back, and of what was not
        the changes themselves. None without a document.
        """
        if document is None:
            return None
        before = _documents.decode(document)
        attributes: dict[str, Values] = dict(before.attributes)
        told = {} if after is None else {name: each for name, each in after.attributes.items() if name in self.readable}
        if after is not None:
            # Whatever a search brings by default, reading back brings too: what is missing has no value.
            for name in self.info.defaults - told.keys():
                attributes.pop(name, None)
        mine = [delta for delta in deltas if delta.name in self.readable and delta.name not in told]
        for delta in mine:
            if delta.name not in self.links and (after is None or delta.name not in self.info.defaults):
                attributes[delta.name] = changed(delta, attributes.get(delta.name, ()))
        attributes.update({name: values for name, values in told.items() if name not in self.links})
        links = {name: self.links_of(name, values) for name, values in told.items() if name in self.links}
        linking = [delta for delta in mine if delta.name in self.links]
        links |= {each.name: self.links_of(each.name, each.replace) for each in linking if each.replace is not None}
        title = self._name(attributes, before.name) if after is None else after.name
        kept = {key: values for key, values in attributes.items() if values}
        return self._entry(
            uid,
            Document(title, kept, None if after is None else after.revision),
            links,
            {each.name: self.links_of(each.name, each.add) for each in linking if each.add},
            {each.name: tuple(self.folded(each.name, one) for one in each.remove) for each in linking if each.remove},
        )

    def object(self, uid: str, document: bytes, more: Mapping[str, Values]) -> ConnectorObject:
        """
        Return the object of a document, with its links.
        """
        found = _heads.decode(document)
        attributes: Attributes = LateAttributes(document, _attributes_in)
        return ConnectorObject(
            self.info.name, uid, found.name, {**attributes, **more} if more else attributes, found.revision
        )

    def links_of(self, attribute: str, values: Iterable[Value]) -> tuple[Link, ...]:
        """
        Return the links that values are.
        """
        return tuple(Link(self.folded(attribute, value), _pack(value)) for value in values)

    def _name(self, attributes: Mapping[str, Values], before: str | None) -> str | None:
        source = self.info.name_attribute
        if source is None:
            return before
        values = attributes.get(source, ())
        return str(values[0]) if values else None

    def _entry(
        self,
        uid: str,
        document: Document,
        links: Mapping[str, tuple[Link, ...]],
        joining: Mapping[str, tuple[Link, ...]] | None = None,
        leaving: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Entry:
        keys = [] if document.name is None else [Key(names.NAME, 0, self.folded(names.NAME, document.name))]
        for attribute in self.keyed & document.attributes.keys():
            fold: Callable[[Value], Value] = self._folds[attribute]
            values = document.attributes[attribute]
            keys += [Key(attribute, at, key_of(fold(value))) for at, value in enumerate(values) if value is not None]
        return Entry(uid, _pack(document), tuple(keys), links, joining or {}, leaving or {})


def _inverse(info: ObjectClassInfo, others: Mapping[str, ObjectClassInfo]) -> Iterator[tuple[str, Inverse]]:
    for fact in info.attributes:
        other = others.get(fact.refers_to or "")
        if other is not None and fact.inverse is not None and is_linked(other, fact.inverse):
            yield fact.name, Inverse(other.name, other.attribute(fact.inverse))


def _attributes_in(document: bytes) -> Attributes:
    return _documents.decode(document).attributes


def value_in(packed: bytes) -> Value:
    """
    Return the value of a link.
    """
    found: Value = _values.decode(packed)
    return found


def key_of(value: Value) -> str:
    """
    Return a folded value as an index takes it.
    """
    if isinstance(value, bool):
        return "1" if value else "0"
    text = str(value)
    if not text.isascii() or "\0" in text:
        # Neither database takes half a surrogate pair, PostgreSQL no zero.
        text = text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if len(text) > LONGEST:
        text = text[:LONGEST] + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    return text


def is_linked(info: ObjectClassInfo, attribute: str) -> bool:
    """
    Whether an attribute's values are links: references, so many that they do not come unasked.
    """
    if not info.has(attribute):
        return False
    fact = info.attribute(attribute)
    return fact.many and fact.refers_to is not None and not fact.returned_by_default


def _is_keyed(info: ObjectClassInfo, fact: AttributeInfo) -> bool:
    if fact.type not in _KEYED_TYPES:
        return False
    is_reserved = fact.name.startswith("__")
    is_named = fact.required or fact.local or fact.looked_up or fact.name == info.name_attribute
    return is_reserved or is_named or fact.refers_to is not None or fact.type is AttributeType.TIMESTAMP
