"""
How fast each client may ask: so many requests a second, and as many at once.
"""

import math
from dataclasses import dataclass
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.icf.errors import Throttled


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Where a client stands after a request.
    """

    limit: int
    """
    Requests a second, and at once.
    """
    remaining: int
    """
    Requests that may follow at once.
    """
    reset: int
    """
    Whole seconds until as many as at first may follow at once.
    """
    wait: float = 0.0
    """
    Seconds until the next one may come; above zero when this one came too early.
    """

    @property
    def headers(self) -> dict[str, str]:
        """
        What clients are told: the names that SailPoint's SCIM connector looks for unless it is configured otherwise.
        """
        told = {
            "X-Rate-Limit-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(self.remaining),
            "X-Rate-Limit-Reset": str(self.reset),
        }
        return told if not self.wait else {**told, "X-Rate-Limit-Retry-After-Seconds": str(math.ceil(self.wait))}

    def refuse(self, client: str) -> None:
        """
        Return for a request that came in time. Raises Throttled for one that came too early.
        """
        if self.wait:
            why = f"{client} sends more than {self.limit} requests a second (safety.requests_per_second); send fewer"
            raise Throttled(why, retry_after=self.wait)


class ClientPace:
    """
    Counts requests of clients, in this process: a bucket for each that holds a second's worth (the generic cell rate
    algorithm: ATM Forum, Traffic Management 4.0, section 4.4.2).
    """

    def __init__(self, per_second: int, clock: Clock) -> None:
        self._per_second, self._clock = per_second, clock
        self._due: dict[str, float] = {}

    def take(self, client: str) -> Standing | None:
        """
        Count a request and return where the client stands then; one that comes too early is not counted. None where
        there is no limit.
        """
        if not self._per_second:
            return None
        interval, now = 1.0 / self._per_second, self._clock.monotonic()
        due = max(self._due.get(client, now), now)
        room = now + 1.0 - due
        # Sums of fractions of a second are a little off.
        if room < interval * (1 - _OFF):
            return Standing(self._per_second, 0, math.ceil(due - now), interval - room)
        self._due[client] = due = due + interval
        left = int((now + 1.0 - due) / interval + _OFF)
        return Standing(self._per_second, left, math.ceil(due - now - _OFF))


_OFF: Final = 1e-6
"""
The part of an interval that rounding may cost.
"""
