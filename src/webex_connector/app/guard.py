"""
The guard that every system gets: so many destructive writes per client and hour, and no more.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from webex_connector.base.log import logger
from webex_connector.icf.errors import GuardRefused
from webex_connector.icf.options import NOBODY
from webex_connector.icf.ports import Destruction
from webex_connector.policy.quota import Standing, standing
from webex_connector.store.errors import StoreError

SETTING = "safety.destructive_per_hour"
"""
Where the limit is set.
"""

_log = logger("app")


class Counter(Protocol):
    """
    Counts destructive writes for all processes.
    """

    async def admit(self, client: str, decide: Callable[[Sequence[float]], bool]) -> bool:
        """
        Show `decide` when the client's writes were, in seconds from now, and count one more when it says True. Returns
        what it said.

        Raises StoreError, and what `decide` raises; then nothing is counted.
        """
        ...


class NothingCounted:
    """
    A counter that remembers nothing: right for a guard that allows nothing.
    """

    async def admit(self, client: str, decide: Callable[[Sequence[float]], bool]) -> bool:  # noqa: ARG002 - the protocol's
        """
        Return what `decide` says of a client without writes.
        """
        return decide(())


class QuotaGuard:
    """
    Counts deletions and disablings per client over all systems, doors and processes, in a sliding hour.
    """

    def __init__(self, per_hour: int, counter: Counter) -> None:
        self._per_hour = per_hour
        self._counter = counter

    async def permit(self, destruction: Destruction) -> None:
        """
        Count the write and return. Raises GuardRefused when the limit would be passed, when nobody has signed the
        write, when the clock ran backwards or the count cannot be read: what cannot be counted is refused.
        """
        client = destruction.actor
        if client.name == NOBODY.name:
            raise self._refused(destruction, "nobody has signed it, so it cannot be counted", None)
        found: list[Standing] = []

        def decide(moments: Sequence[float]) -> bool:
            found[:] = [standing(moments, 0.0, self._per_hour)]
            return found[0].has_room

        try:
            is_permitted = await self._counter.admit(client.name, decide)
        except (ValueError, StoreError) as doubt:
            raise self._refused(destruction, f"{doubt}, so it cannot be counted", None) from doubt
        if not is_permitted:
            reason = (
                f"{client.name} may delete or disable {self._per_hour} objects an hour "
                f"and did so {len(found[0].counted)} times in the last one"
            )
            raise self._refused(destruction, reason, found[0].wait)

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
