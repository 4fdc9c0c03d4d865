"""
Taking a person out of texts of JSON. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

FORGOTTEN: Final = "forgotten"
"""
Stands where something of the person stood.
"""

ADDRESSES: Final = frozenset({"emails", "username", "email", "__name__", "name", "target_name"})
"""
The names under which an object's own addresses are kept, in lower case.
"""

_LONG: Final = 12


@dataclass(frozen=True, slots=True)
class Person:
    """
    Everything by which one person is known.
    """

    addresses: frozenset[str] = frozenset()
    """
    In lower case.
    """
    uids: frozenset[str] = frozenset()
    keys: frozenset[tuple[str, str]] = frozenset()
    """
    The keys of their records, each with the type of the links that it is of: elsewhere it may be somebody else's.
    """

    def joined(self, other: "Person") -> "Person":
        """
        Return both as one.
        """
        return Person(self.addresses | other.addresses, self.uids | other.uids, self.keys | other.keys)

    @property
    def texts(self) -> frozenset[str]:
        """
        What is looked for inside of texts.
        """
        return self.addresses | frozenset(uid for uid in self.uids if len(uid) >= _LONG)

    def is_in(self, text: str) -> bool:
        """
        Whether a text speaks of them.
        """
        folded = text.lower()
        return text in self.uids or any(each.lower() in folded for each in self.texts)


def own_addresses(value: Any) -> frozenset[str]:
    """
    Return the addresses that an object, or a change of one, gives as its own; in lower case.
    """
    return frozenset(_own(value, is_own=False))


def _own(value: Any, *, is_own: bool) -> Iterator[str]:
    if isinstance(value, str):
        if is_own and "@" in value:
            yield value.lower()
    elif isinstance(value, Mapping):
        named = value.get("attribute") or value.get("name")
        about = isinstance(named, str) and named.lower() in ADDRESSES
        for name, part in value.items():
            yield from _own(part, is_own=name.lower() in ADDRESSES or (about and name in _NEW_AND_OLD))
    elif isinstance(value, Iterable):
        for part in value:
            yield from _own(part, is_own=is_own)


_NEW_AND_OLD = frozenset({"old", "new", "replace", "add", "remove"})


def redacted(text: str | None, person: Person) -> str | None:
    """
    Return a text of JSON, or any other one, without the person: each text that speaks of them is FORGOTTEN, and with
    it what else the same list entry says, such as the name beside an id.
    """
    if text is None or not person.is_in(text):
        return text
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return FORGOTTEN
    return msgspec.json.encode(_without(value, person, in_list=False)).decode()


def _without(value: Any, person: Person, *, in_list: bool) -> Any:
    if isinstance(value, str):
        return FORGOTTEN if person.is_in(value) else value
    if isinstance(value, list):
        return [_without(part, person, in_list=True) for part in value]
    if not isinstance(value, dict):
        return value
    speaks = in_list and any(isinstance(part, str) and person.is_in(part) for part in value.values())
    if speaks:
        return {name: FORGOTTEN if isinstance(part, str) else part for name, part in value.items()}
    return {
        FORGOTTEN if person.is_in(name) else name: _without(part, person, in_list=False) for name, part in value.items()
    }


def blank_item(content: str) -> str:
    """
    Return an item of a plan of which only what was done is left, not about whom.
    """
    kept: dict[str, Any] = msgspec.json.decode(content)
    kept |= {"source_key": None, "target_uid": None, "target_name": None, "candidates": [], "changes": []}
    kept["reason"] = FORGOTTEN
    kept["problem"] = None if kept.get("problem") is None else FORGOTTEN
    return msgspec.json.encode(kept).decode()
