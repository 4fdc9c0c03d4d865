"""
Whether a plan may still be applied: it speaks of a world that moves on.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from webex_connector.store.plans import KeptPlan, PlanState
from webex_connector.sync.errors import PlanOutdated

MOST_AGE: Final = timedelta(hours=24)
"""
How old a plan may be where nobody says otherwise.
"""

_WRITTEN = frozenset({PlanState.APPLYING, PlanState.APPLIED, PlanState.CANCELLED})


def check(plan: KeptPlan, others: Iterable[KeptPlan], now: datetime, most_age: timedelta) -> None:
    """
    Raise PlanOutdated when a plan is too old, or another one of its mapping was applied since it was made. One that was
    begun is as old as its last beginning.
    """
    since = plan.changed if plan.state in _WRITTEN else plan.made
    if now - since > most_age:
        hours = most_age / timedelta(hours=1)
        raise PlanOutdated(f"The plan {plan.id} is older than {hours:g} hours; make a new one and look at it")
    for each in others:
        if each.id != plan.id and each.state in _WRITTEN and each.changed > plan.made:
            raise PlanOutdated(
                f"The plan {each.id} was applied since {plan.id} was made; make a new one and look at it"
            )
