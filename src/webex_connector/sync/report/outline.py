"""
What a report of a plan says, whatever its form: what matters most comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

import msgspec

from webex_connector.icf.attributes import Value, Values
from webex_connector.policy.safety import Harm
from webex_connector.store.plans import KeptPlan
from webex_connector.sync.decide.deciding import REFERENCE
from webex_connector.sync.decide.inverse import LICENSE_TAKEN
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action

PARTS: Final[tuple[tuple[Action, str], ...]] = (
    (Action.DELETE, "Deleted"),
    (Action.DISABLE, "Disabled"),
    (Action.UPDATE, "Changed"),
    (Action.CREATE, "Made"),
    (Action.UNLINK, "Unlinked"),
    (Action.LINK, "Linked"),
    (Action.EXCEPTION, "Left alone, since something is wrong"),
    (Action.REPORT, "Told, and left alone"),
    (Action.ASYNC, "Left to others"),
)
"""
The parts of a report: what takes something away comes first.
"""

INACTIVE_DAYS: Final = 30
"""
After how many days Webex deletes whoever is inactive (https://help.webex.com/article/v5wksr).
"""

_BULK: Final = 100
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Outline:
    """
    A plan without its items: its facts by name, and what somebody has to know before saying yes.
    """

    plan: KeptPlan
    facts: Mapping[str, str]
    warnings: Sequence[str]
    counts: Mapping[Action, int]

    @property
    def stops(self) -> Sequence[str]:
        """
        What stands in the plan's way.
        """
        return [f"{each['reason']}; {each['remedy']}" for each in _summary(self.plan).get("stops", ())]


@dataclass(frozen=True, slots=True)
class Line:
    """
    One item in words.
    """

    record: str
    object: str
    changes: Sequence[str]
    reason: str


def outline_of(plan: KeptPlan, now: datetime) -> Outline:
    """
    Return the outline of a plan that is read at a moment.
    """
    summary = _summary(plan)
    counts = {Action(name): count for name, count in summary.get("actions", {}).items()}
    facts = {
        "Plan": plan.id,
        "Mapping": plan.mapping,
        "Target": f"{summary.get('system')}/{summary.get('object_class')}",
        "Made": f"{plan.made:%Y-%m-%d %H:%M} UTC by {plan.maker}",
        "State": plan.state.value,
        "Compared": f"{_number(summary.get('sources'))} records with {_number(summary.get('targets'))} objects; "
        f"{_number(summary.get('unchanged'))} are as they should be",
        "Requests": requests_of(counts),
        "Time": time_of(counts, summary.get("pace") or {}),
        "Fingerprint": plan.fingerprint or "none: it is still being made",
    }
    short = [f"{each}: so many people would be left without." for each in summary.get("short", ())]
    taken = summary.get("harms", {}).get(Harm.LICENSE_REMOVAL.value, 0)
    lost = [f"{_number(taken)} will lose a licence, and {LICENSE_TAKEN}."] if taken else []
    return Outline(plan, facts, [*short, *_warnings(counts, now, summary), *lost], counts)


def requests_of(counts: Mapping[Action, int]) -> str:
    """
    Say how many requests to Webex a plan's writes will take: a hundred share one where Webex takes them in bulk.
    """
    least, most = _writes(counts)
    return f"{_number(most)} at most" if most == least else f"{_number(least)} to {_number(most)}"


def time_of(counts: Mapping[Action, int], pace: Mapping[str, float | None]) -> str:
    """
    Say how long a plan's writes will take: as fast as in the last plan of the mapping; while there was none, as fast as
    is allowed.
    """
    least, most = _writes(counts)
    allowed, before = pace.get("allowed"), pace.get("before")
    if not most:
        return "none"
    if before:
        return f"about {span(max(1, most / before))}, as fast as the last plan of this mapping"
    if allowed:
        ends = span(max(1, least / allowed)), span(max(1, most / allowed))
        return f"{' to '.join(dict.fromkeys(ends))}, at {allowed:g} writes a second"
    return "not known before a plan of this mapping was applied; the one that is applied tells its pace"


def span(seconds: float) -> str:
    """
    Return a span of time in words.
    """
    if seconds < _MINUTE:
        return _counted(round(seconds), "second")
    if seconds < _HOUR:
        return _counted(round(seconds / _MINUTE), "minute")
    return f"{seconds / _HOUR:.1f} hours"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _writes(counts: Mapping[Action, int]) -> tuple[int, int]:
    writes = [counts.get(each, 0) for each in (Action.CREATE, Action.UPDATE, Action.DISABLE, Action.DELETE)]
    return sum(ceil(each / _BULK) for each in writes), sum(writes)


def line_of(item: PlanItem) -> Line:
    """
    Return an item in words.
    """
    return Line(
        item.source_key or "",
        item.target_name or item.target_uid or "",
        [f"{each.attribute}: {words_of(each.old)} → {words_of(each.new)}" for each in item.changes],
        item.reason if item.problem is None else f"{item.reason}: {item.problem}",
    )


def _warnings(counts: Mapping[Action, int], now: datetime, summary: Mapping[str, Any]) -> list[str]:
    if not summary.get("invited", True):
        # What is said below is about people of Webex.
        count = counts.get(Action.DELETE, 0)
        return [f"{_number(count)} will be deleted. That cannot be taken back."] if count else []
    found = []
    if count := counts.get(Action.DELETE, 0):
        found.append(
            f"{_number(count)} will be deleted. That cannot be taken back: somebody made anew has another id, and the "
            "address is blocked for 7 days."
        )
    if count := counts.get(Action.DISABLE, 0):
        day = f"{now + timedelta(days=INACTIVE_DAYS):%Y-%m-%d}"
        found.append(f"{_number(count)} will be disabled. Webex deletes whoever of them is still inactive on {day}.")
    if count := counts.get(Action.CREATE, 0):
        found.append(
            f"{_number(count)} will be made. Webex invites each of them by mail, unless the organisation has that "
            "switched off."
        )
    return found


def _summary(plan: KeptPlan) -> dict[str, Any]:
    return msgspec.json.decode(plan.summary or "{}", type=dict[str, Any])


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "?"


def words_of(values: Values) -> str:
    """
    Return an attribute's values in words.
    """
    return ", ".join(map(_word, values)) or "nothing"


def _word(value: Value) -> str:
    if isinstance(value, Mapping) and value.keys() == {REFERENCE}:
        return f"whoever record {value[REFERENCE]} becomes"
    return str(value)
