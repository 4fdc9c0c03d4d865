"""
The guard that every system gets: so many destructive writes per client and hour, and no more.
"""

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf.errors import GuardRefused
from webex_connector.icf.options import NOBODY
from webex_connector.icf.ports import Destruction
from webex_connector.policy.quota import standing

SETTING = "safety.destructive_per_hour"
"""
Where the limit is set.
"""

_log = logger("app")


class QuotaGuard:
    """
    Counts deletions and disablings per client over all systems and doors of this process, in a sliding hour.

    The count lives in memory: it begins anew when the process does.
    """

    def __init__(self, per_hour: int, clock: Clock) -> None:
        self._per_hour = per_hour
        self._clock = clock
        self._moments: dict[str, tuple[float, ...]] = {}

    async def permit(self, destruction: Destruction) -> None:
        """
        Count the write and return. Raises GuardRefused when the limit would be passed, when nobody has signed the
        write, or when the clock runs backwards: what cannot be counted is refused.
        """
        client = destruction.actor
        if client.name == NOBODY.name:
            raise self._refused(destruction, "nobody has signed it, so it cannot be counted", None)
        now = self._clock.monotonic()
        try:
            found = standing(self._moments.get(client.name, ()), now, self._per_hour)
        except ValueError as doubt:
            raise self._refused(destruction, f"{doubt}, so it cannot be counted", None) from doubt
        if not found.has_room:
            reason = (
                f"{client.name} may delete or disable {self._per_hour} objects an hour "
                f"and did so {len(found.counted)} times in the last one"
            )
            raise self._refused(destruction, reason, found.wait)
        self._moments[client.name] = (*found.counted, now)

    def _refused(self, destruction: Destruction, reason: str, wait: float | None) -> GuardRefused:
        harm = destruction.harm.value
        _log.warning(
            "guard.refused",
            system=destruction.system,
            harm=harm,
            uid=destruction.uid,
            client=destruction.actor.name,
            door=destruction.actor.door,
            reason=reason,
        )
        return GuardRefused(
            f"The guard did not let {destruction.uid} be {harm}d: {reason} ({SETTING} = {self._per_hour})",
            retry_after=wait,
        )
