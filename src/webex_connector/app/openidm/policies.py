"""
`policies` of a mapping: what is done in which situation.

Source: PingIDM, "Synchronization situations and actions":
https://docs.pingidentity.com/pingidm/8.1/synchronization-guide/situations-actions.html
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from webex_connector.app.openidm.nodes import Choice, Literal, Node, Untranslatable
from webex_connector.app.openidm.rewriting import expression_of
from webex_connector.app.openidm.scripts import Scripts
from webex_connector.app.toml_places import Path
from webex_connector.expressions.values import Expression
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation

_KNOWN: Final = ("situation", "action", "condition", "postAction")


def policies_of(
    path: Path, given: Any, scripts: Scripts
) -> tuple[tuple[SituationPolicy, ...], Mapping[Situation, Action]]:
    """
    Return the policies with conditions, in order, and the plain actions. What is wrong is noted.
    """
    if given is not None and not isinstance(given, list):
        scripts.notes.wrong(path, "must be a list")
    listed = given if isinstance(given, list) else []
    found = [each for number, one in enumerate(listed) for each in _policies((*path, str(number)), one, scripts)]
    times = Counter(each.situation for each in found)
    plain = {each.situation: each.action for each in found if each.condition is None and times[each.situation] == 1}
    return tuple(each for each in found if each.situation not in plain), plain


def _policies(path: Path, given: Any, scripts: Scripts) -> Iterator[SituationPolicy]:
    notes = scripts.notes
    table = notes.table(path, given, _KNOWN)
    name = table.get("situation")
    if name not in Situation.__members__:
        notes.wrong((*path, "situation"), f"is no situation: {name}; there are: {', '.join(Situation.__members__)}")
        return
    condition = scripts.condition((*path, "condition"), table.get("condition"))
    if table.get("condition") and condition is None:
        return
    if table.get("postAction") is not None:
        scripts.remark((*path, "postAction"), "is not run: what was done is in the plan's report and the journal")
    action = table.get("action")
    if isinstance(action, dict):
        for more, chosen in _chosen((*path, "action"), action, scripts):
            yield SituationPolicy(Situation(name), chosen, _both(condition, more))
    elif action not in Action.__members__:
        notes.wrong((*path, "action"), f"is no action: {action}; there are: {', '.join(Action.__members__)}")
    else:
        yield SituationPolicy(Situation(name), Action(action), condition)


def _chosen(path: Path, given: Mapping[str, Any], scripts: Scripts) -> list[tuple[Expression | None, Action]]:
    """
    Return the actions that a script chooses from, each with its condition; none, with a mistake, when it does more.
    """
    try:
        found = list(_branches(scripts.value(given), scripts.notes.place(path)))
    except Untranslatable as problem:
        scripts.notes.wrong(path, f"cannot be said by conditions: {problem}. Name an action, with a condition")
        return []
    words = "; ".join(f"{each.value} if {when.text}" if when else f"else {each.value}" for when, each in found)
    scripts.remark(path, f"is a script, read as: {words}")
    return found


def _branches(node: Node, place: str) -> Iterator[tuple[Expression | None, Action]]:
    match node:
        case Choice(condition, Literal(str(word)), otherwise) if word in Action.__members__:
            yield Expression(expression_of(condition), place), Action(word)
            yield from _branches(otherwise, place)
        case Literal(str(word)) if word in Action.__members__:
            yield None, Action(word)
        case _:
            raise Untranslatable("it chooses something that is no action")


def _both(one: Expression | None, other: Expression | None) -> Expression | None:
    if one is None or other is None:
        return one or other
    return Expression(f"({one.text}) and ({other.text})", one.place)
