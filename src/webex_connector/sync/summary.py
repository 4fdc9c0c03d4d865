"""
What is kept of a plan as a whole.
"""

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import msgspec

from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.policy.safety import Numbers
from webex_connector.store.plans import KeptPlan
from webex_connector.sync.decide.counting import Counts
from webex_connector.sync.decide.definition import SyncMapping
from webex_connector.sync.errors import RunRefused

_INVITED: Final = "invitePending"
"""
What people of Webex have, and no other objects.
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """
    How many writes a second are allowed, and how many there were when a plan of the mapping was last applied; each None
    where nobody knows.
    """

    allowed: float | None = None
    before: float | None = None


def summary_of(
    mapping: SyncMapping, info: ObjectClassInfo, counts: Counts, seconds: float, pace: Pace
) -> dict[str, object]:
    """
    Return the summary of a plan that took so many seconds to make; `info` is of the objects that it is about.
    """
    return {
        "system": mapping.system,
        "object_class": mapping.object_class,
        "invited": info.has(_INVITED),
        "sources": counts.sources,
        "targets": counts.targets,
        "unchanged": counts.unchanged,
        "situations": _by_name(counts.situations),
        "actions": _by_name(counts.actions),
        "harms": _by_name(counts.harms),
        "problems": counts.problems,
        "short": counts.short,
        "seconds": round(seconds, 3),
        "pace": pace,
    }


def numbers_of(plan: KeptPlan) -> Numbers:
    """
    Return the numbers that the gates compared when a plan was made. Raises RunRefused when it has none: then nothing
    can be compared.
    """
    try:
        kept = msgspec.json.decode(plan.summary or "{}", type=dict[str, Any])
        return msgspec.convert(kept["numbers"], Numbers)
    except (KeyError, msgspec.DecodeError, msgspec.ValidationError) as problem:
        raise RunRefused(f"The plan {plan.id} has no numbers that could be compared; make it anew") from problem


def _by_name(counts: "Counter[Any]") -> dict[str, int]:
    named: dict[Enum, int] = counts
    return {each.value: count for each, count in sorted(named.items(), key=lambda pair: str(pair[0].value)) if count}
