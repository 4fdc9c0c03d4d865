"""
Working through many things, a few at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 10
"""
How many are worked on at the same time. The pace is the pacer's matter; this bounds connections and memory.
"""


async def for_each(items: Iterable[T], work: Callable[[T], Awaitable[None]]) -> None:
    """
    Do the work for every item; they are begun in order. Raises an ExceptionGroup with whatever the work raises.
    """
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    async with asyncio.TaskGroup() as workers:
        for _ in range(AT_ONCE):
            workers.create_task(worker())
