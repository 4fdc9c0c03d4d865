"""
Complex values under flattened names, for platforms that know only simple ones: `phoneNumbers.work`,
`addresses.work.country`, and members as uids. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo

_TYPE, _VALUE, _ID = "type", "value", "id"


@dataclass(frozen=True, slots=True)
class FlatName:
    """
    A simple attribute that stands for a part of a complex one.
    """

    fact: AttributeInfo
    """
    The complex attribute.
    """
    kind: str
    """
    What the part `type` of the value is.
    """
    part: str

    @property
    def name(self) -> str:
        """
        The attribute's name.
        """
        own = f"{self.fact.name}.{self.kind}"
        return own if self.part == _VALUE else f"{own}.{self.part}"

    @property
    def many(self) -> bool:
        """
        Whether it may have several values.
        """
        return self.fact.many and self.part == _VALUE

    def read(self, values: Values) -> Values:
        """
        Return what the complex values hold under this name. Of several numbers of one kind all are told, of several
        addresses the first.
        """
        found = [each[self.part] for each in _of_kind(values, self.kind) if each.get(self.part) not in (None, "")]
        return tuple(found if self.part == _VALUE else found[:1])

    def written(self, current: Values, values: Values) -> Values:
        """
        Return the complex values after this name was given these values.
        """
        if self.part == _VALUE:
            others = tuple(each for each in current if each not in _of_kind(current, self.kind))
            return (*others, *({_TYPE: self.kind, _VALUE: each} for each in values))
        first = next(iter(_of_kind(current, self.kind)), None)
        changed = {**(first or {_TYPE: self.kind}), self.part: values[0] if values else None}
        kept = {key: value for key, value in changed.items() if value is not None}
        others = tuple(each for each in current if each is not first)
        return others if kept.keys() <= {_TYPE} else (*others, kept)


def _of_kind(values: Values, kind: str) -> list[Mapping[str, Value]]:
    return [each for each in values if isinstance(each, Mapping) and each.get(_TYPE) == kind]


def is_reference(fact: AttributeInfo) -> bool:
    """
    Whether complex values stand for other objects, so that their uids say enough.
    """
    return fact.refers_to is not None and any(part.name == _ID for part in fact.fields)


def flat_names(fact: AttributeInfo) -> tuple[FlatName, ...]:
    """
    Return the names under which a complex attribute is told; none when it has no kinds.
    """
    kinds = next((part.allowed for part in fact.fields if part.name == _TYPE), ())
    parts = [part.name for part in fact.fields if part.name != _TYPE]
    if _VALUE in parts:
        parts = [_VALUE]
    return tuple(FlatName(fact, kind, part) for kind in kinds for part in parts)


def flat_name(info: ObjectClassInfo, name: str) -> FlatName | None:
    """
    Return what a name in any case stands for; None when it is no flattened one.
    """
    base = name.split(".", 1)[0]
    if base == name or not info.has(base):
        return None
    flat = flat_names(info.attribute(base))
    return next((each for each in flat if names.folded(each.name) == names.folded(name)), None)


def simple(fact: AttributeInfo, values: Values) -> Values:
    """
    Return values of a complex attribute that has no flattened names, as texts: uids, or JSON.
    """
    if is_reference(fact):
        return tuple(each.get(_ID) for each in values if isinstance(each, Mapping) and each.get(_ID))
    return tuple(msgspec.json.encode(each).decode() for each in values)


def complex_values(fact: AttributeInfo, values: Iterable[Value]) -> Values:
    """
    Return complex values for uids; others as they are.
    """
    if not is_reference(fact):
        return tuple(values)
    return tuple({_ID: each} if isinstance(each, str) else each for each in values)
