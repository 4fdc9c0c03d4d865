"""
Objects as JSON: `_id` first, then `_rev`, then the attributes as the schema orders them, `__NAME__` last.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from webex_connector.gateway.http import encoded
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.filter import attribute_of
from webex_connector.icf import names
from webex_connector.icf.objects import ConnectorObject, NotApplied
from webex_connector.icf.schema import ObjectClassInfo

REVISION: Final = "_rev"
DEFAULTS: Final = "*"

RELATIONSHIPS: Final = frozenset({"*_ref", "*_ref/*"})
"""
The wildcards for fields that are relationships. Objects of systems have none, so that they bring nothing.
"""


@dataclass(frozen=True, slots=True)
class Fields:
    """
    What a caller wants to see of each object.
    """

    attributes: tuple[str, ...] = ()
    """
    Attribute names as the caller wrote them, `__UID__` and `__NAME__` among them.
    """
    defaults: bool = True
    """
    Also everything that comes when nothing is asked for.
    """
    revision: bool = True

    @property
    def to_get(self) -> tuple[str, ...] | None:
        """
        The attributes to fetch; None for the defaults alone.
        """
        if self.defaults and not self.attributes:
            return None
        return tuple(name for name in self.attributes if names.folded(name) not in _ALWAYS)

    @property
    def with_defaults(self) -> bool:
        """
        Whether the defaults have to be fetched too: a revision is made from them.
        """
        return self.defaults or self.revision


_ALWAYS: Final = frozenset({names.folded(names.UID), names.folded(names.NAME)})

EVERYTHING: Final = Fields()
"""
What a caller sees who does not say.
"""

ONLY_IDS: Final = Fields(defaults=False, revision=False)
"""
Nothing but `_id`.
"""


def fields_of(text: str | None, *, rows: bool = False) -> Fields:
    """
    Return what `_fields` asks for: a list of pointers with commas between them; `*` stands for the defaults.

    In the rows of a query the revision comes only when it is named, since a hash for each of many rows has its price.

    Raises Problem (400) for a pointer of several levels.
    """
    asked = [part.strip() for part in (text or "").split(",") if part.strip()]
    if not asked:
        return Fields(revision=not rows)
    try:
        wanted = [part if part == DEFAULTS else attribute_of(part) for part in asked if part not in RELATIONSHIPS]
    except ValueError as problem:
        raise Problem(400, f"{problem} in '_fields'", detail={"parameter": "_fields"}) from None
    defaults = DEFAULTS in wanted
    attributes = tuple(name for name in wanted if name not in {DEFAULTS, REVISION})
    return Fields(attributes, defaults, REVISION in wanted or (defaults and not rows))


class Revisions:
    """
    Tells the revisions of the objects of one class.
    """

    def __init__(self, info: ObjectClassInfo) -> None:
        shown = [each for each in info.attributes if each.readable and each.returned_by_default]
        self._columns = [(each.name, each.refers_to is not None) for each in shown]

    def of(self, found: ConnectorObject) -> str:
        """
        Return the target's own revision, or a hash of the name and of every attribute that any listing returns.

        The order of references (licences, roles) does not count, since the target promises none.
        """
        if found.revision is not None:
            return found.revision
        attributes = found.attributes
        content = [
            (name, sorted(values, key=str) if is_reference else values)
            for name, is_reference in self._columns
            if (values := attributes.get(name))
        ]
        return hashlib.blake2b(encoded([found.name, content]), digest_size=12).hexdigest()


class View:
    """
    Turns the objects of one class into rows.
    """

    def __init__(self, info: ObjectClassInfo, fields: Fields = EVERYTHING) -> None:
        """
        Decide about the columns. Raises UnknownAttribute.
        """
        self._revisions = Revisions(info) if fields.revision else None
        asked = {info.attribute(name).name for name in fields.attributes}
        shown = [each for each in info.attributes if each.readable and (fields.defaults or each.name in asked)]
        self._columns = [(each.name, each.many) for each in shown]
        self._name = fields.defaults or names.NAME in asked

    def row(self, found: ConnectorObject) -> dict[str, Any]:
        """
        Return an object as JSON data. What was not read, or has no value, is left out; an empty list stays one.
        """
        row: dict[str, Any] = {"_id": found.uid}
        if self._revisions is not None:
            row[REVISION] = self._revisions.of(found)
        attributes = found.attributes
        for name, many in self._columns:
            values = attributes.get(name)
            if values is None:
                continue
            if many:
                row[name] = values
            elif values:
                row[name] = values[0]
        if self._name and found.name is not None:
            row[names.NAME] = found.name
        return row


def warnings_of(parts: Iterable[NotApplied]) -> list[dict[str, Any]]:
    """
    Return what the target did not take of a write, as the `_warnings` of an answer.
    """
    return [
        {
            "attribute": part.attribute,
            "values": part.values,
            "reason": part.reason,
            "trackingId": part.tracking_id,
        }
        for part in parts
    ]
