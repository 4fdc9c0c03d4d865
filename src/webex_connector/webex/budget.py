"""
A budget in memory: for one process that has the organisation's limit to itself.
"""

from webex_connector.base.clock import Clock

_SLACK = 0.1


class MemoryBudget:
    """
    The generic cell rate algorithm (ATM Forum, Traffic Management 4.0, section 4.4.2): one number, the moment of the
    next place.

    A row that fell behind, because the process was busy with something else, catches up by a tenth of a second at
    most. More would be a burst, and a limit that counts in windows of a second refuses bursts.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next = clock.monotonic() - _SLACK

    @property
    def lease(self) -> float:
        """
        Nothing is gained by taking more than one place.
        """
        return 0.0

    async def reserve(self, places: int, interval: float) -> float:
        """
        Take the next places, `interval` seconds apart, and return the seconds until the first.
        """
        now = self._clock.monotonic()
        first = max(self._next, now - _SLACK)
        self._next = first + places * interval
        return first - now

    async def hold(self, seconds: float) -> None:
        """
        Let no place that is still to be taken come before so many seconds are over.
        """
        self._next = max(self._next, self._clock.monotonic() + seconds)
