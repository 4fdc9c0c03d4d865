"""
The steps of a PATCH as changes of the model's attributes. Pure.

Lists of identifiers (members, licences, roles) change by what is added and removed, whatever else is in them, so that
nobody has to read ten thousand members to put out one. Other lists are worked out from what they hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from webex_connector.gateway.scim.bodies import refuse_no_address
from webex_connector.gateway.scim.errors import Kind, refused
from webex_connector.gateway.scim.list_changes import ListChange, Way, way_of
from webex_connector.gateway.scim.mapping import Attribute, Mutability, Resource
from webex_connector.gateway.scim.patch import Op, Step
from webex_connector.gateway.scim.rendering import Setting
from webex_connector.gateway.scim.slots import gathered, scattered
from webex_connector.gateway.scim.values import written
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Value, Values, after, replaced
from webex_connector.icf.objects import ConnectorObject

_NAMELESS = Setting("")


def needed(resource: Resource, steps: Sequence[Step]) -> frozenset[str]:
    """
    Return the model's attributes whose present values decide what the steps do; without any the object need not be
    read. Raises Problem (400).
    """
    return frozenset(name for step in steps if _needs_reading(resource, step) for name in step.place.attribute.sources)


def changes_of(
    resource: Resource,
    steps: Sequence[Step],
    current: ConnectorObject | None = None,
    setting: Setting = _NAMELESS,
) -> list[AttributeDelta]:
    """
    Return what the steps change, one delta for each attribute; none where all is as it is to be already. `current` has
    the attributes that are `needed`; `setting` has the names by which values may be chosen.

    Raises Problem (400).
    """
    changes = _Changes(resource, current, setting)
    for step in steps:
        changes.take(step)
    return changes.deltas()


def _same(row: Attribute, some: Values, others: Values) -> bool:
    if row.case_exact:
        return some == others
    return [names.folded_text(str(each)) for each in some] == [names.folded_text(str(each)) for each in others]


def _type(value: Value) -> object:
    return names.folded_text(str(value.get("type") or "")) if isinstance(value, Mapping) else None


def _needs_reading(resource: Resource, step: Step) -> bool:
    if step.place.attribute.many:
        return way_of(resource, step) is Way.EDIT
    return step.place.mutability is Mutability.IMMUTABLE


class _Changes:
    """
    What has become of each attribute so far.
    """

    def __init__(self, resource: Resource, current: ConnectorObject | None, setting: Setting) -> None:
        self._resource, self._current, self._setting = resource, current, setting
        self._plain: dict[str, Values] = {}
        self._lists: dict[str, ListChange] = {}
        self._slotted: dict[str, tuple[Attribute, Values, ListChange]] = {}
        required = frozenset(row.model for _, row in resource.rows if row.required and row.model)
        self._required = required | {names.ENABLE}

    def take(self, step: Step) -> None:
        row = step.place.attribute
        if row.slots:
            self._take_slotted(step)
            return
        if row.many:
            model = row.model or ""
            if model not in self._lists:
                self._lists[model] = ListChange(self._resource, row, self._values(model), self._setting)
            self._lists[model].take(step)
            delta = self._lists[model].delta
            if delta is not None and delta.replace == ():
                self._refuse_cleared(step, model)
            return
        given = None if step.op is Op.REMOVE else step.value
        for model, values in written(row, given if step.place.part is None else {step.place.part.name: given}).items():
            if not values:
                self._refuse_cleared(step, model)
            if step.place.mutability is Mutability.IMMUTABLE:
                if not _same(row, values, self._values(model)):
                    raise refused(Kind.MUTABILITY, f"{step.place.path} cannot be changed")
                continue
            self._plain[model] = values

    def _take_slotted(self, step: Step) -> None:
        """
        Change a list whose values are attributes of their own as if it were one, of its own name.
        """
        row = step.place.attribute
        alone = replace(row, model=row.name, slots=())
        if row.name not in self._slotted:
            held = () if self._current is None else gathered(row, self._current)
            self._slotted[row.name] = row, held, ListChange(self._resource, alone, held, self._setting)
        self._slotted[row.name][2].take(replace(step, place=replace(step.place, attribute=alone)))

    def _slots(self) -> Iterator[AttributeDelta]:
        for row, held, change in self._slotted.values():
            delta = change.delta
            if delta is None:
                continue
            before = {} if self._current is None else scattered(row, held)
            # What is added takes the place of what has the same type.
            there = {_type(each): each for each in after(delta, held)}
            for model, values in scattered(row, tuple(there.values())).items():
                if values != before.get(model):
                    yield replaced(model, *values)

    def deltas(self) -> list[AttributeDelta]:
        lists = {name: each.delta for name, each in self._lists.items()}
        found = [each for each in lists.values() if each is not None]
        found += [replaced(name, *values) for name, values in self._plain.items()]
        found += self._slots()
        if self._resource.object_class == names.ACCOUNT:
            refuse_no_address({each.name: each.replace for each in found if each.replace is not None})
        return found

    def _refuse_cleared(self, step: Step, model: str) -> None:
        """
        Raise Problem when an attribute would end without a value that it cannot be without (RFC 7644, section 3.5.2.2).
        """
        if model in self._required:
            kind = Kind.MUTABILITY if step.op is Op.REMOVE else Kind.INVALID_VALUE
            raise refused(kind, f"{step.place.path} cannot be without a value")

    def _values(self, model: str) -> Values:
        return () if self._current is None else self._current.values(model)
