"""
Attributes and their changes. An attribute is always a list of values; a single-valued one has at most one.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from webex_connector.base.secret import Secret

Value: TypeAlias = str | int | float | bool | bytes | Secret | Mapping[str, Any] | None
"""
One value. Maps are complex values (a phone number, an address, a member).
"""

Values: TypeAlias = tuple[Value, ...]
"""
All values of one attribute, in order.
"""

Attributes: TypeAlias = Mapping[str, Values]
"""
Attribute values by name.
"""


class LateAttributes(Mapping[str, Values]):
    """
    Attributes that are packed until somebody looks at them: of what is read from a copy, most is only handed on.
    """

    __slots__ = ("_found", "_packed", "_unpack", "_wanted")

    def __init__(
        self, packed: bytes, unpack: Callable[[bytes], Attributes], wanted: frozenset[str] | None = None
    ) -> None:
        """
        `unpack` returns the same attributes whenever it is given the same bytes; those that are not `wanted` are left
        out.
        """
        self._packed, self._unpack, self._wanted = packed, unpack, wanted
        self._found: Attributes | None = None

    @property
    def likeness(self) -> Hashable:
        """
        What is equal only for the same attributes with the same values, if the same function unpacks them.
        """
        return self._packed, self._wanted

    def only(self, wanted: frozenset[str]) -> "LateAttributes":
        """
        Return the wanted attributes alone.
        """
        return LateAttributes(self._packed, self._unpack, wanted if self._wanted is None else wanted & self._wanted)

    @property
    def plain(self) -> Attributes:
        """
        The same attributes, unpacked.
        """
        if self._found is None:
            found = self._unpack(self._packed)
            wanted = self._wanted
            if wanted is not None and not found.keys() <= wanted:
                found = {name: values for name, values in found.items() if name in wanted}
            self._found = found
        return self._found

    def __getitem__(self, name: str) -> Values:
        return self.plain[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain)

    def __len__(self) -> int:
        return len(self.plain)

    def __contains__(self, name: object) -> bool:
        return name in self.plain

    def __repr__(self) -> str:
        return repr(self.plain)


@dataclass(frozen=True, slots=True)
class AttributeDelta:
    """
    How one attribute changes: either all its values are replaced, or some are added and some removed.

    `replace=()` clears the attribute. Adding a value that is there and removing one that is not are no errors.
    """

    name: str
    replace: Values | None = None
    add: Values = ()
    remove: Values = ()

    def __post_init__(self) -> None:
        if self.replace is not None and (self.add or self.remove):
            raise ValueError(f"{self.name}: a delta replaces, or adds and removes, never both")

    @property
    def values(self) -> Values:
        """
        Every value the delta mentions.
        """
        return (self.replace or ()) + self.add + self.remove


def replaced(name: str, *values: Value) -> AttributeDelta:
    """
    Return the delta that gives an attribute exactly these values; none clears it.
    """
    return AttributeDelta(name, replace=values)


def added(name: str, *values: Value) -> AttributeDelta:
    """
    Return the delta that adds values.
    """
    return AttributeDelta(name, add=values)


def removed(name: str, *values: Value) -> AttributeDelta:
    """
    Return the delta that removes values.
    """
    return AttributeDelta(name, remove=values)


def after(delta: AttributeDelta, current: Values) -> Values:
    """
    Return the values that an attribute has once the delta is applied to `current`: no value doubled, order kept.
    """
    if delta.replace is not None:
        return tuple(_unique(delta.replace))
    kept = [value for value in current if value not in delta.remove]
    return tuple(_unique([*kept, *delta.add]))


def _unique(values: Iterable[Value]) -> list[Value]:
    seen: list[Value] = []
    for value in values:
        if value not in seen:
            seen.append(value)
    return seen
