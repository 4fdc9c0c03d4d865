"""
From an item of a plan to the change that is asked of the target. Nothing is read or written here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from webex_connector.icf.attributes import AttributeDelta, Value, Values
from webex_connector.icf.operations import Change, ChangeRequest
from webex_connector.icf.schema import AttributeInfo, ObjectClassInfo
from webex_connector.sync.decide.deciding import REFERENCE
from webex_connector.sync.decide.plan import AttributeChange, PlanItem
from webex_connector.sync.decide.situation import Action

Linked = Mapping[tuple[str, str], str]
"""
The uids that records are linked to, by their keys and the links' qualifiers.
"""


def referred(items: Iterable[PlanItem]) -> set[str]:
    """
    Return the keys of the records whose objects these items refer to and did not know yet when they were planned.
    """
    return {
        str(key) for item in items for change in item.changes for key in map(_reference, change.new) if key is not None
    }


def request_of(item: PlanItem, info: ObjectClassInfo, linked: Linked) -> ChangeRequest | None:
    """
    Return what is asked of the target; None when nothing is. Whom it refers to has the object of the same qualifier;
    as long as nobody of them is there, an object keeps whom it referred to before.
    """
    changes = [(each, _resolved(each.new, item.link_qualifier, linked)) for each in item.changes]
    match item.action:
        case Action.CREATE:
            return ChangeRequest(Change.CREATE, attributes={each.attribute: new for each, new in changes if new})
        case Action.DELETE if item.target_uid is not None:
            return ChangeRequest(Change.DELETE, item.target_uid)
        case Action.UPDATE | Action.DISABLE if item.target_uid is not None and changes:
            deltas = tuple(_delta(each, new, info) for each, new in changes if not _waits(each, new, info))
            return ChangeRequest(Change.UPDATE, item.target_uid, deltas=deltas) if deltas else None
        case _:
            return None


def missing(item: PlanItem, linked: Linked) -> Sequence[str]:
    """
    Return the attributes that refer to objects which are not there, as far as anybody knows.
    """
    return [
        change.attribute
        for change in item.changes
        if any(key is not None and (key, item.link_qualifier) not in linked for key in map(_reference, change.new))
    ]


def with_uids(item: PlanItem, linked: Linked) -> PlanItem:
    """
    Return an item with the uids of those whom it refers to, where all of an attribute are there by now.
    """
    absent = set(missing(item, linked))
    return replace(
        item,
        changes=tuple(
            each if each.attribute in absent else replace(each, new=_resolved(each.new, item.link_qualifier, linked))
            for each in item.changes
        ),
    )


def adds(fact: AttributeInfo) -> bool:
    """
    Whether an attribute is one that others add to as well: its values are objects of their own, such as licences.
    """
    return fact.many and fact.refers_to is not None


def refers(values: Values) -> bool:
    """
    Whether one of these values stands for an object that was not there when the item was planned.
    """
    return any(_reference(value) is not None for value in values)


def _waits(change: AttributeChange, new: Values, info: ObjectClassInfo) -> bool:
    return bool(change.new) and not new and not adds(info.attribute(change.attribute))


def _delta(change: AttributeChange, new: Values, info: ObjectClassInfo) -> AttributeDelta:
    fact = info.attribute(change.attribute)
    if adds(fact):
        # What somebody else gave in the meantime is not taken away.
        add = tuple(each for each in new if each not in change.old)
        return AttributeDelta(fact.name, add=add, remove=tuple(each for each in change.old if each not in new))
    return AttributeDelta(fact.name, replace=new)


def _resolved(values: Values, qualifier: str, linked: Linked) -> Values:
    found: list[Value] = []
    for value in values:
        key = _reference(value)
        if key is None:
            found.append(value)
        elif (key, qualifier) in linked:
            found.append(linked[key, qualifier])
    return tuple(found)


def _reference(value: Value) -> str | None:
    return str(value[REFERENCE]) if isinstance(value, Mapping) and value.keys() == {REFERENCE} else None
