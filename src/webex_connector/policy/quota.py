"""
How much harm a client may do in an hour: a sliding window, as a pure decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HOUR = 3600.0
"""
Seconds that a destructive write counts.
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Where a client stands: how many writes of the last hour count, how many may, and when the next one may come.
    """

    counted: tuple[float, ...]
    """
    The moments that still count, oldest first.
    """
    limit: int
    wait: float | None
    """
    Seconds until there is room; 0 when there is room now, None when waiting does not help.
    """

    @property
    def has_room(self) -> bool:
        """
        Whether one more write stays within the limit.
        """
        return self.wait == 0


def standing(moments: Sequence[float], now: float, limit: int) -> Standing:
    """
    Say where a client stands whose destructive writes happened at these moments, in seconds of a monotonic clock.

    A moment counts for an hour; the one exactly an hour ago counts no more. Raises ValueError when a moment lies in
    the future: then the clock cannot be trusted, and nobody can tell how many writes the last hour had.
    """
    if any(moment > now for moment in moments):
        raise ValueError("a destructive write lies in the future of the clock")
    counted = tuple(sorted(moment for moment in moments if moment > now - HOUR))
    if len(counted) < limit:
        return Standing(counted, limit, 0)
    if limit <= 0:
        return Standing(counted, limit, None)
    return Standing(counted, limit, counted[len(counted) - limit] + HOUR - now)
