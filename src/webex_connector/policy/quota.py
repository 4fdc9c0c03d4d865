"""
How much harm a client may do in an hour: a sliding window, as a pure decision.
"""

from collections.abc import Sequence

HOUR = 3600.0
"""
Seconds that a destructive write counts.
"""


def counted(moments: Sequence[float], now: float) -> int:
    """
    Say how many destructive writes count that happened at these moments, in seconds of a monotonic clock.

    A moment counts for an hour; the one exactly an hour ago counts no more. Raises ValueError when a moment lies in
    the future: then the clock cannot be trusted, and nobody can tell how many writes the last hour had.
    """
    if any(moment > now for moment in moments):
        raise ValueError("a destructive write lies in the future of the clock")
    return sum(moment > now - HOUR for moment in moments)
