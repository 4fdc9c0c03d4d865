"""
How much a system may be asked at once, and for how long.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from webex_connector.base.clock import Clock
from webex_connector.icf.errors import OperationTimeout
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch
from webex_connector.icf.operations import CanAnswer, CanSearch, Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import Operation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """
    The limits of one system.
    """

    concurrent: int = 20
    """
    Operations on the target at the same time; a stream counts only while it waits for its next batch.
    """
    seconds: Mapping[Operation, float] = field(default_factory=dict)
    """
    Time limits by operation; none for those not named. A write is not cut off in the middle: its limit becomes its
    deadline, after which it does not begin.
    """


class Limiter:
    """
    Holds a system's operations to its limits.
    """

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self._clock = clock
        self._slots = asyncio.Semaphore(limits.concurrent)

    async def read(self, operation: Operation, work: Callable[[], Awaitable[T]]) -> T:
        """
        Run a read in a slot and within its time. Raises OperationTimeout.
        """
        seconds = self.limits.seconds.get(operation)
        limit = asyncio.timeout(seconds)
        try:
            async with limit, self._slots:
                return await work()
        except TimeoutError:
            if not limit.expired():
                raise
            raise OperationTimeout(f"{operation.value} took longer than {seconds:g} seconds") from None

    async def write(self, work: Callable[[], Awaitable[T]]) -> T:
        """
        Run a write in a slot.
        """
        async with self._slots:
            return await work()

    async def stream(self, operation: Operation, items: AsyncIterator[T]) -> AsyncIterator[T]:
        """
        Pass a stream on, each item within the limits, so that a slow reader of a stream blocks nobody.

        Raises OperationTimeout when one item takes too long.
        """

        async def following() -> tuple[T, ...]:
            async for item in items:
                return (item,)
            return ()

        while found := await self.read(operation, following):
            yield found[0]

    def bounded(self, options: OperationOptions, operation: Operation) -> OperationOptions:
        """
        Return the options with the earlier of the caller's deadline and the operation's time limit.
        """
        seconds = self.limits.seconds.get(operation)
        if seconds is None:
            return options
        own = self._clock.monotonic() + seconds
        return replace(options, deadline=own if options.deadline is None else min(own, options.deadline))


class Streaming:
    """
    A searching handler whose batches are each fetched within the limits.
    """

    def __init__(self, handler: CanSearch, limiter: Limiter) -> None:
        self._handler = handler
        self._copy = handler if isinstance(handler, CanAnswer) else None
        self._limiter = limiter

    def translate(self, node: Filter) -> Translation:
        """
        Split a filter as the handler does.
        """
        return self._handler.translate(node)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream the handler's batches, those of a copy outside the limits: they cost the target nothing. Raises
        OperationTimeout when one takes too long.
        """
        if self._copy is not None:
            own = await self._copy.answered(native, wanted, resume, options)
            if own is not None:
                async for batch in own:
                    yield batch
                return
        batches = self._handler.search(native, wanted, resume, options)
        async for batch in self._limiter.stream(Operation.SEARCH, batches):
            yield batch
