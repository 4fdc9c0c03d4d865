"""
Working through many things, a few at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 10
"""
How many are worked on at the same time where nothing else is said.
"""


async def for_each(items: Iterable[T], work: Callable[[T], Awaitable[None]], at_once: int = AT_ONCE) -> None:
    """
    Do the work for every item, so many `at_once`; they are begun in order. The pace is the pacer's matter: with as many
    as there are connections, neither waits for the other. Raises an ExceptionGroup with whatever the work raises.
    """
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    async with asyncio.TaskGroup() as workers:
        for _ in range(at_once):
            workers.create_task(worker())
