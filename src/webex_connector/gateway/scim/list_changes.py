"""
How one list changes in the course of a PATCH. Pure.

What can be said without knowing the list is said as values added and removed; it is worked out from what the list
holds only where that decides.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.filter_text import Comparison, Node, Relation, Some
from webex_connector.gateway.scim.list_edits import edited
from webex_connector.gateway.scim.mapping import Attribute, Resource, Shape
from webex_connector.gateway.scim.patch import Op, Step, is_empty
from webex_connector.gateway.scim.pushing import Pushed, Pusher
from webex_connector.gateway.scim.rendering import Setting
from webex_connector.gateway.scim.standard import inside
from webex_connector.gateway.scim.values import entries, shown
from webex_connector.icf.attributes import AttributeDelta, Value, Values, after
from webex_connector.icf.filters import EVERYTHING, NOTHING


class Way(Enum):
    """
    How a step changes a list.
    """

    NOTHING = auto()
    SET = auto()
    """
    The list becomes what is given; nothing, where nothing is given.
    """
    ADD = auto()
    DROP = auto()
    EDIT = auto()
    """
    What comes out depends on what the list holds.
    """


def way_of(resource: Resource, step: Step) -> Way:
    """
    Return how a step changes its list. Raises Problem (400, noTarget) when it is about values that cannot be there.
    """
    row, part = step.place.attribute, step.place.part
    clears = step.op is Op.REMOVE or is_empty(step.value)
    chosen = _told(resource, step)
    if chosen == NOTHING:
        if clears:
            return Way.NOTHING
        raise refused(Kind.NO_TARGET, f"{row.name} never has such a value")
    whole = part is None or (part.name == "value" and (row.shape is Shape.ENTRIES or _is_identified(row)))
    if not whole:
        return Way.EDIT
    if chosen != EVERYTHING:
        return Way.DROP if step.op is Op.REMOVE and _identities(row, step) is not None else Way.EDIT
    if step.op is Op.REMOVE:
        return _way_to_remove(row, step.value)
    if step.op is Op.REPLACE or (row.single and not clears):
        return Way.SET
    if clears:
        return Way.NOTHING
    return Way.ADD if _is_identified(row) else Way.EDIT


def _way_to_remove(row: Attribute, value: Any) -> Way:
    if value is None:
        return Way.SET
    if value == []:
        return Way.NOTHING
    if is_empty(value):
        raise refused(Kind.INVALID_VALUE, f"Which {row.name} to remove is not told by {shown(value)}")
    return Way.DROP if _is_identified(row) else Way.EDIT


class ListChange:
    """
    A list, and what has become of it so far.
    """

    def __init__(self, resource: Resource, row: Attribute, current: Values, setting: Setting) -> None:
        self._resource, self._row, self._current, self._setting = resource, row, current, setting
        self._known = False
        self._all: Values | None = None
        self._add: dict[Value, Value] = {}
        self._remove: dict[Value, Value] = {}

    def take(self, step: Step) -> None:
        """
        Carry out a step. Raises Problem (400).
        """
        match way_of(self._resource, step):
            case Way.NOTHING:
                return
            case Way.SET:
                self._all, self._add, self._remove = () if step.op is Op.REMOVE else self._values(step), {}, {}
            case Way.ADD:
                self._put(self._values(step))
            case Way.DROP:
                self._drop(self._values(step))
            case _:
                self._known = True
                self._all, self._add, self._remove = edited(self._resource, step, self._now, self._setting), {}, {}

    @property
    def delta(self) -> AttributeDelta | None:
        """
        The change in all; None when there is none.
        """
        name = self._row.model or ""
        if self._all is not None:
            return None if self._known and self._all == self._current else AttributeDelta(name, replace=self._all)
        if not self._add and not self._remove:
            return None
        return AttributeDelta(name, add=tuple(self._add.values()), remove=tuple(self._remove.values()))

    @property
    def _now(self) -> Values:
        return after(self.delta or AttributeDelta(""), self._current) if self._all is None else self._all

    def _put(self, values: Values) -> None:
        for value in values:
            key = _identity(self._row, value)
            if self._all is None:
                self._remove.pop(key, None)
                self._add[key] = value
            elif all(_identity(self._row, each) != key for each in self._all):
                self._all = (*self._all, value)

    def _drop(self, values: Values) -> None:
        keys = {_identity(self._row, value) for value in values}
        if self._all is not None:
            self._all = tuple(each for each in self._all if _identity(self._row, each) not in keys)
            return
        for value in values:
            key = _identity(self._row, value)
            self._add.pop(key, None)
            self._remove[key] = value

    def _values(self, step: Step) -> Values:
        named = _identities(self._row, step) if step.chosen is not None and step.op is Op.REMOVE else None
        values = entries(self._row, step.value if named is None else named)
        if not values and not is_empty(step.value):
            raise refused(Kind.INVALID_VALUE, f"{self._row.name} has no value like {shown(step.value)}")
        return values


def _told(resource: Resource, step: Step) -> Any:
    """
    Return EVERYTHING when every value the list can have is meant, NOTHING when none is, None when it depends.
    """
    if step.chosen is None:
        return EVERYTHING
    if _identities(step.place.attribute, step) is not None:
        # Okta sends one such step for each member who leaves.
        return None
    pushed = Pusher(inside(resource, step.place)).pushed(step.chosen)
    return pushed.native if pushed.native == NOTHING or pushed == Pushed(EVERYTHING) else None


def _is_identified(row: Attribute) -> bool:
    """
    Whether the values of a list are identifiers, so that two of them are the same or have nothing in common.
    """
    return row.case_exact


def _identity(row: Attribute, value: Value) -> Value:
    part = row.part("value")
    return value.get(part.source or "") if isinstance(value, Mapping) and part is not None else value


def _identities(row: Attribute, step: Step) -> list[str] | None:
    """
    Return the identifiers that a step's filter lists, None when it says anything else.
    """
    return _listed(step.chosen) if step.chosen is not None and _is_identified(row) else None


def _listed(node: Node) -> list[str] | None:
    match node:
        case Some(parts):
            found = [_listed(part) for part in parts]
            return None if None in found else [each for some in found for each in some or ()]
        case Comparison(path, Relation.EQUAL, literal) if path.lower() == "value" and not literal.is_null:
            return [literal.text]
        case _:
            return None
