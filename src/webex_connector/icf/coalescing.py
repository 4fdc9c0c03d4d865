"""
Identical reads that are in flight at the same time become one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class InFlight(Generic[K, T]):
    """
    Reads by key. Whoever asks while a read of the same key is under way gets that read's answer.
    """

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[T]] = {}
        self._waiting: dict[asyncio.Task[T], int] = {}

    async def read(self, key: K, start: Callable[[], Awaitable[T]]) -> T:
        """
        Return the answer of the read under way, or start one. A read that nobody waits for any more is cancelled.
        """
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.ensure_future(_awaited(start()))
            self._tasks[key] = task
        self._waiting[task] = self._waiting.get(task, 0) + 1
        try:
            return await asyncio.shield(task)
        finally:
            self._waiting[task] -= 1
            if not self._waiting[task]:
                del self._waiting[task]
                # Whoever comes now must not join a read that is over or being cancelled.
                self._forget(key, task)
                task.cancel()

    def outdate(self, matches: Callable[[K], bool]) -> None:
        """
        Let nobody join the reads with these keys any more: something was written after they began.
        """
        for key in [key for key in self._tasks if matches(key)]:
            del self._tasks[key]

    def _forget(self, key: K, done: asyncio.Task[T]) -> None:
        if self._tasks.get(key) is done:
            del self._tasks[key]


async def _awaited(read: Awaitable[T]) -> T:
    return await read
