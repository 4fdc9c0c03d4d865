"""
From a situation to what is done about it: one pair, one item of the plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Values
from webex_connector.policy.retiring import Retiring
from webex_connector.policy.safety import Harm
from webex_connector.sync.decide.comparing import Comparison
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER, SituationPolicy, SyncMapping
from webex_connector.sync.decide.mapped import Mapped, Target
from webex_connector.sync.decide.plan import AttributeChange, Mark, PlanItem
from webex_connector.sync.decide.situation import Action, Situation

REFERENCE = "source"
"""
The one member of a value that stands for the uid of an object that is still to be made: the key of its record.
"""

_TOLD = 5
_ON_RECORDS = frozenset({Action.CREATE, Action.UPDATE})
_ON_OBJECTS = frozenset({Action.DELETE, Action.DISABLE, Action.LINK, Action.UNLINK})

WORDS: Mapping[Situation, str] = {
    Situation.CONFIRMED: "linked to this object",
    Situation.FOUND: "the one object that corresponds",
    Situation.FOUND_ALREADY_LINKED: "the object that corresponds belongs to another record",
    Situation.ABSENT: "no object corresponds",
    Situation.AMBIGUOUS: "several objects correspond; somebody has to decide",
    Situation.MISSING: "the linked object is gone",
    Situation.UNQUALIFIED: "the record does not qualify any more",
    Situation.SOURCE_IGNORED: "the record does not qualify",
    Situation.TARGET_IGNORED: "the object is none of those that count",
    Situation.UNASSIGNED: "no record corresponds to this object",
    Situation.SOURCE_MISSING: "the record of this object is gone",
    Situation.LINK_ONLY: "record and object are both gone",
    Situation.ALL_GONE: "the record is gone and had no object",
}
"""
Each situation as a reason, in a plan's words.
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """
    What is decided about: a record, an object, or both.
    """

    situation: Situation
    source: Mapped | None = None
    target: Target | None = None
    key: str | None = None
    """
    Of a record that is gone.
    """
    uid: str | None = None
    """
    Of a linked object that is gone.
    """
    qualifier: str = DEFAULT_QUALIFIER
    is_linked: bool = False
    candidates: tuple[str, ...] = ()
    note: str | None = None
    """
    More about why, for people.
    """
    conflict: str | None = None
    """
    Why nothing may be done, whatever the mapping says.
    """
    rank: int = 0
    set_aside: bool = False
    """
    Somebody decided that nothing is done.
    """
    condemned: datetime | None = None
    """
    Since when the object is disabled, to be deleted later.
    """
    retiring: Retiring | None = None
    """
    Why, and how, the object is to be disabled though its record counts: no policy holds for it any more.
    """


def policies_of(mapping: SyncMapping, situation: Situation) -> list[SituationPolicy]:
    """
    Return the policies of a situation, in order; the first whose condition holds decides.
    """
    return [each for each in mapping.policies if each.situation is situation]


def chosen(mapping: SyncMapping, situation: Situation, holds: Sequence[bool]) -> tuple[Action, int | None]:
    """
    Return what is done in a situation, and with DELETE after how many days, given which of its policies hold.
    """
    for policy, does in zip(policies_of(mapping, situation), holds, strict=True):
        if does:
            return policy.action, policy.after_days
    return mapping.default_action(situation), None


def item_of(
    mapping: SyncMapping,
    comparison: Comparison,
    pair: Pair,
    decided: tuple[Action, int | None],
    linked: Mapping[str, str | None],
    now: datetime,
) -> PlanItem:
    """
    Return what would be done about a pair. `linked` has the uids of records that others refer to, by their keys: None
    for those that are still to be made, and nothing for those that nobody is.
    """
    action, days = decided
    mark = None
    source, target = pair.source, pair.target
    changes: tuple[AttributeChange, ...] = ()
    problem = pair.conflict if source is None else source.problem or pair.conflict
    in_vain = _in_vain(source, linked) if source is not None and action in _ON_RECORDS else ""
    if problem is not None:
        action = Action.EXCEPTION
    elif action in _ON_OBJECTS and target is None and pair.uid is None:
        action, problem = Action.EXCEPTION, f"{action.value} needs one object"
    elif action is Action.CREATE and source is not None:
        changes, problem = _made(comparison, source, linked)
        action = action if problem is None else Action.EXCEPTION
    elif action is Action.UPDATE and source is not None and target is not None:
        changes = comparison.changes(_known(source, linked), target.attributes)
        if pair.condemned is not None:
            mark, changes = Mark.PARDONED, _enabled_too(changes, target, source)
        is_right = pair.situation is Situation.CONFIRMED and not changes and mark is None
        action = Action.REPORT if is_right and in_vain else action
    elif action in _ON_RECORDS:
        action, problem = Action.EXCEPTION, f"{action.value} needs a record and, for an update, an object"
    retires = decided[0] is Action.UPDATE and pair.situation is Situation.CONFIRMED and problem is None
    if pair.retiring is not None and retires:
        days, changes = pair.retiring.days, ()
        action, mark = _in_time(pair, days, now)
    elif action is Action.DELETE and days:
        action, mark = _in_time(pair, days, now)
    if action is Action.DISABLE:
        changes = _disabling(target)
    return PlanItem(
        mapping=mapping.name,
        situation=pair.situation,
        action=action,
        reason=_reason(pair, action, days, now) + in_vain,
        link_qualifier=pair.qualifier,
        source_key=pair.key if source is None else source.key,
        target_uid=pair.uid if target is None else target.uid,
        target_name=None if target is None else target.name,
        candidates=pair.candidates,
        changes=changes,
        harms=_harms(action, comparison, changes),
        rank=pair.rank,
        mark=mark,
        problem=problem,
    )


def _made(
    comparison: Comparison, source: Mapped, linked: Mapping[str, str | None]
) -> tuple[tuple[AttributeChange, ...], str | None]:
    """
    Return what somebody new has, or why nobody can be made.
    """
    whole = {**_resolved(source, linked), **source.on_create}
    if lacking := comparison.lacking(whole):
        return (), f"has no {lacking}, without which nothing can be made"
    return tuple(AttributeChange(name, (), values) for name, values in sorted(whole.items()) if values), None


def _in_time(pair: Pair, days: int | None, now: datetime) -> tuple[Action, Mark | None]:
    """
    Say what is done today about somebody who is disabled, and deleted so many days after that; with None, never. Whom
    somebody has let in again since is left to them.
    """
    if pair.condemned is None:
        return Action.DISABLE, Mark.CONDEMNED
    is_over = days is not None and now >= pair.condemned + timedelta(days=days)
    return (Action.DELETE if is_over and not _is_let_in(pair) else Action.REPORT), None


def _is_let_in(pair: Pair) -> bool:
    return pair.target is not None and pair.target.attributes.get(names.ENABLE) == (True,)


def _enabled_too(changes: tuple[AttributeChange, ...], target: Target, source: Mapped) -> tuple[AttributeChange, ...]:
    """
    Let somebody log in again who was disabled by us and has come back, unless the mapping has its own say in that.
    """
    old = target.attributes.get(names.ENABLE, ())
    if names.ENABLE in source.attributes or old != (False,):
        return changes
    return (*changes, AttributeChange(names.ENABLE, old, (True,)))


def referred(pairs: Iterable[Pair]) -> set[str]:
    """
    Return the keys of the records that these records refer to.
    """
    return {
        str(key)
        for pair in pairs
        if pair.source is not None
        for keys in pair.source.references.values()
        for key in keys
    }


def _reason(pair: Pair, action: Action, days: int | None, now: datetime) -> str:
    words = WORDS[pair.situation] if pair.note is None else f"{WORDS[pair.situation]}: {pair.note}"
    if pair.retiring is not None:
        words = (
            f"{words}; policy {', '.join(pair.retiring.policies)} holds no more since {pair.retiring.since:%Y-%m-%d}"
        )
    if pair.condemned is not None and action is Action.REPORT and _is_let_in(pair):
        return f"{words}; disabled on {pair.condemned:%Y-%m-%d}, and somebody has let them in again"
    if days is None or action not in {Action.DISABLE, Action.REPORT}:
        return words
    day = f"{(pair.condemned or now) + timedelta(days=days):%Y-%m-%d}"
    return f"{words}; {'disabled now, to be' if pair.condemned is None else 'disabled, will be'} deleted on {day}"


def _harms(action: Action, comparison: Comparison, changes: Sequence[AttributeChange]) -> frozenset[Harm]:
    match action:
        case Action.CREATE:
            return frozenset({Harm.CREATE})
        case Action.DELETE:
            return frozenset({Harm.DELETE})
        case Action.DISABLE:
            return frozenset({Harm.DISABLE}) if changes else frozenset()
        case _:
            return comparison.harms(changes)


def _disabling(target: Target | None) -> tuple[AttributeChange, ...]:
    old = () if target is None else target.attributes.get(names.ENABLE, ())
    return () if target is None or old == (False,) else (AttributeChange(names.ENABLE, old, (False,)),)


def _in_vain(source: Mapped, linked: Mapping[str, str | None]) -> str:
    """
    Say to whom a record refers who is nobody: neither in the source nor in the target.
    """
    nobody = {name: [str(key) for key in keys if str(key) not in linked] for name, keys in source.references.items()}
    alone = "".join(f"; {name} is left alone: nobody is {', '.join(keys)}" for name, keys in nobody.items() if keys)
    return alone + "".join(
        f"; {name} is not whole: nobody is linked to {_some(keys)}" for name, keys in source.elsewhere.items()
    )


def _some(keys: Values) -> str:
    more = f" and {len(keys) - _TOLD} more" if len(keys) > _TOLD else ""
    return ", ".join(map(str, keys[:_TOLD])) + more


def _known(source: Mapped, linked: Mapping[str, str | None]) -> Attributes:
    """
    Return what an object should have, without what refers to nobody: it would be tried again and again.
    """
    found = dict(_resolved(source, linked))
    for name, keys in source.references.items():
        there = tuple(value for key, value in zip(keys, found[name], strict=True) if str(key) in linked)
        if there:
            found[name] = there
        else:
            del found[name]
    return found


def _resolved(source: Mapped, linked: Mapping[str, str | None]) -> Attributes:
    if not source.references:
        return source.attributes
    found = {
        name: tuple(linked.get(str(key)) or {REFERENCE: str(key)} for key in keys)
        for name, keys in source.references.items()
    }
    return {**source.attributes, **found}
