"""
Which licences are assigned, used and idle, and what they cost.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from webex_connector.icf import names
from webex_connector.icf.attributes import Values
from webex_connector.icf.calling import Operations
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import Actor, Lane, OperationOptions

CLASS: Final = "LICENSES"
_ACTIVITY: Final = "lastActivity"
_ASKED: Final = ("licenses", _ACTIVITY, names.ENABLE)


@dataclass(frozen=True, slots=True)
class LicenseUse:
    """
    One licence. `bought` is None where as many may be assigned as one likes, `cost` where no price is known.
    """

    uid: str
    name: str
    bought: int | None
    assigned: int
    idle: int
    """
    Held by people who were not active for so long, or ever; 0 where the target does not tell.
    """
    disabled: int
    """
    Held by people who may not log in.
    """
    cost: float | None = None
    """
    Of what is idle or held by the disabled, by the price that was given.
    """

    @property
    def free(self) -> int | None:
        """
        How many are left.
        """
        return None if self.bought is None else self.bought - self.assigned


async def license_use(
    target: Operations, idle_days: int, prices: Mapping[str, float], now: datetime, actor: str
) -> Sequence[LicenseUse]:
    """
    Return each licence with its use, the one with most idle units first. `prices` are by name. A mirror answers without
    asking Webex anything. Raises what the target raises.
    """
    options = OperationOptions(actor=Actor(actor, "inventory"), lane=Lane.BULK)
    licenses: list[ConnectorObject] = []
    async for found in target.search(CLASS, EVERYTHING, options):
        licenses += found
    assigned, idle, disabled = Counter[str](), Counter[str](), Counter[str]()
    info = target.schema.object_class(names.ACCOUNT)
    wanted = tuple(each for each in _ASKED if info.has(each))
    asked = OperationOptions(attributes_to_get=wanted, actor=options.actor, lane=Lane.BULK)
    since = now - timedelta(days=idle_days)
    async for people in target.search(names.ACCOUNT, EVERYTHING, asked):
        for each in people:
            held = set(map(str, each.attributes.get("licenses", ())))
            assigned.update(held)
            if each.attributes.get(names.ENABLE) == (False,):
                disabled.update(held)
            elif _ACTIVITY in wanted and _is_idle(each.attributes.get(_ACTIVITY, ()), since):
                idle.update(held)
    uses = [_use(each, assigned, idle, disabled, prices) for each in licenses]
    return sorted(uses, key=lambda use: (-(use.idle + use.disabled), use.name))


def _use(
    found: ConnectorObject,
    assigned: Counter[str],
    idle: Counter[str],
    disabled: Counter[str],
    prices: Mapping[str, float],
) -> LicenseUse:
    name, uid = found.name or found.uid, found.uid
    total = next(iter(found.values("totalUnits")), None)
    bought = total if isinstance(total, int) and total >= 0 else None
    price = prices.get(name)
    cost = None if price is None else round(price * (idle[uid] + disabled[uid]), 2)
    return LicenseUse(uid, name, bought, assigned[uid], idle[uid], disabled[uid], cost)


def _is_idle(values: Values, since: datetime) -> bool:
    last = next(iter(values), None)
    if not isinstance(last, str):
        return True
    try:
        return datetime.fromisoformat(last) < since
    except ValueError:
        return True
