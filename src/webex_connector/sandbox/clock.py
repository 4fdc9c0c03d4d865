"""
The organisation's clock: that of its surroundings, moved forward by hand.
"""

from datetime import datetime, timedelta

from webex_connector.base.clock import Clock


class MovableClock:
    """
    A clock that runs as another one does, ahead of it by what it was advanced.

    Moving it lets tokens expire at once; it does not shorten anybody's waiting.
    """

    def __init__(self, base: Clock) -> None:
        self._base = base
        self._ahead = 0.0

    def advance(self, seconds: float) -> None:
        """
        Move time forward. Raises ValueError for a negative number: it never runs backwards.
        """
        if seconds < 0:
            raise ValueError(f"a clock is not moved back ({seconds} s)")
        self._ahead += seconds

    def now(self) -> datetime:
        """
        Return the wall-clock time, aware, in UTC.
        """
        return self._base.now() + timedelta(seconds=self._ahead)

    def monotonic(self) -> float:
        """
        Return seconds that never run backwards.
        """
        return self._base.monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """
        Wait that many seconds of the surroundings.
        """
        await self._base.sleep(seconds)
