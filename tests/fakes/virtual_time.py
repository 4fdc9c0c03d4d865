"""
An event loop whose time jumps: whenever every task waits, the clock moves to the next timer at once.

Sockets within the process still work, since the loopback delivers before the loop looks; threads do not.
"""

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""
When virtual time begins.
"""


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.jump: Callable[[float], None] = lambda _seconds: None

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if ready or timeout is None or timeout <= 0:
            return ready if ready or timeout is not None else super().select(None)
        self.jump(timeout)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """
    A selector loop with virtual seconds.
    """

    def __init__(self) -> None:
        selector = _JumpingSelector()
        super().__init__(selector)
        self._virtual = 0.0
        # After some months of virtual seconds a float no longer holds the nanoseconds that a timer may be early by.
        self._clock_resolution = 1e-6
        selector.jump = self.jump

    def jump(self, seconds: float) -> None:
        """
        Move time forward.
        """
        self._virtual += seconds

    def time(self) -> float:
        """
        Return the virtual seconds since the loop was made.
        """
        return self._virtual


class VirtualClock:
    """
    The clock of the running virtual loop.
    """

    def now(self) -> datetime:
        """
        Return the virtual wall-clock time.
        """
        return EPOCH + timedelta(seconds=asyncio.get_running_loop().time())

    def monotonic(self) -> float:
        """
        Return the loop's virtual seconds.
        """
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """
        Wait in virtual time.
        """
        await asyncio.sleep(max(0.0, seconds))
