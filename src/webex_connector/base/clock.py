"""
Time as an object that can be handed in, so that tests can make it jump.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """
    The only source of time and of waiting in the house.
    """

    def now(self) -> datetime:
        """
        Return the wall-clock time, aware, in UTC.
        """
        ...

    def monotonic(self) -> float:
        """
        Return seconds that never run backwards; only differences mean something.
        """
        ...

    async def sleep(self, seconds: float) -> None:
        """
        Wait that many seconds. Zero or less still lets other tasks run once.
        """
        ...


class SystemClock:
    """
    The time of this computer.
    """

    def now(self) -> datetime:
        """
        Return the wall-clock time, aware, in UTC.
        """
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """
        Return the process's monotonic seconds.
        """
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """
        Wait that many seconds on the event loop.
        """
        await asyncio.sleep(max(0.0, seconds))
