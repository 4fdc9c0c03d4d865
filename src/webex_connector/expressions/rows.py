"""
Records as expressions see them. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webex_connector.base.secret import Secret
from webex_connector.expressions.values import UNKNOWN, Attributes, Field, Shape, Subject

_PLAIN = (str, int, float, bool, bytes, type(None))


@dataclass(frozen=True, slots=True)
class Looks:
    """
    Which attributes an expression looks at, by record; None for a record that it uses as a whole.
    """

    keys: Mapping[str, frozenset[str] | None]
    source: Shape = UNKNOWN
    """
    The shape of `source` and of `old`.
    """
    target: Shape = UNKNOWN

    def of(self, record: str) -> frozenset[str] | None:
        """
        Return the attributes of one of the records.
        """
        return self.keys.get(record, frozenset())


Row = tuple[Any, Any, Any, str]
"""
`source`, `old`, `target` and `link_qualifier` of one record.
"""


class View:
    """
    What some expressions see of records, and no more than that.
    """

    def __init__(self, looks: Sequence[Looks]) -> None:
        self._source, self._old, self._target = (_Part(record, looks) for record in ("source", "old", "target"))

    def row(self, subject: Subject) -> Row:
        """
        Return one record as they see it.
        """
        return (
            self._source.seen(subject.source),
            None if subject.old is None else self._old.seen(subject.old),
            None if subject.target is None else self._target.seen(subject.target),
            subject.link_qualifier,
        )


class _Part:
    """
    The attributes that are seen of one of the records.
    """

    def __init__(self, record: str, looks: Sequence[Looks]) -> None:
        shape = UNKNOWN if not looks else looks[0].target if record == "target" else looks[0].source
        self._known = shape.attributes or {}
        asked = [each.of(record) for each in looks]
        self._whole = None in asked
        self._keys = {key for each in asked if each is not None for key in each}
        self._fields = [(key, self._known.get(key)) for key in self._keys]

    def seen(self, attributes: Attributes) -> dict[str, Any]:
        if self._whole:
            keys = self._keys | attributes.keys() | self._known.keys()
            return {key: _value(attributes.get(key, ()), self._known.get(key)) for key in keys}
        return {key: _value(attributes.get(key, ()), field) for key, field in self._fields}


def is_plain(value: object) -> bool:
    """
    Whether this is something that an attribute can have as a value.
    """
    if isinstance(value, dict):
        return all(isinstance(name, str) and is_plain(each) for name, each in value.items())
    if isinstance(value, list | tuple):
        return all(is_plain(each) for each in value)
    return isinstance(value, _PLAIN)


def _value(values: Sequence[object], field: Field | None) -> Any:
    if field is not None and field.many:
        return [_handed(each) for each in values]
    if field is not None or len(values) <= 1:
        return _handed(values[0]) if values else None
    return [_handed(each) for each in values]


def _handed(value: object) -> object:
    """
    Return what may be handed out of our own process: no secret.
    """
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {name: _handed(each) for name, each in value.items()}
    return None if isinstance(value, Secret) else value
