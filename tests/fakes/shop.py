"""
Workers to try runs on, several of them on one store as if they were processes of their own.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from fakes.virtual_time import VirtualClock
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.jobs import Jobs
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.jobs.worker import Rhythm, Worker
from webex_connector.store.opening import Store
from webex_connector.store.run_values import Executor, KeptRun, RunState
from webex_connector.store.runs import RunTable


@dataclass
class Shop:
    """
    A store, the kinds of run there are, and processes that come and go.
    """

    store: Store
    clock: VirtualClock
    kinds: Kinds = field(default_factory=Kinds)
    rhythm: Rhythm = field(default_factory=Rhythm)

    @property
    def table(self) -> RunTable:
        """
        The table of runs.
        """
        return RunTable(self.store.database, self.clock)

    def worker(self, name: str = "a") -> Worker:
        """
        Return the worker of a process that is just beginning.
        """
        return Worker(self.table, self.kinds, Executor(name, secrets.token_hex(4)), self.clock, self.rhythm)

    @property
    def jobs(self) -> Jobs:
        """
        The runs, as a process without a worker sees them.
        """
        return Jobs(self.table, self.kinds, self.clock)

    @asynccontextmanager
    async def working(self, name: str = "a") -> AsyncIterator[Worker]:
        """
        Have a process work while the block runs; at its end it stops in good order.
        """
        worker = self.worker(name)
        task = asyncio.create_task(worker.work())
        try:
            yield worker
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def ended(self, run: KeptRun, *states: RunState) -> KeptRun:
        """
        Wait until a run has come to one of these states, by default DONE, and return it.
        """
        wanted = states or (RunState.DONE,)
        async with asyncio.timeout(3600):
            while (found := await self.jobs.run(run.id)).state not in wanted:
                await self.clock.sleep(1)
        return found


class Counting:
    """
    Work of three batches, that notes each one it does.
    """

    def __init__(self) -> None:
        self.done: list[str] = []
        self.before: Callable[[str], Awaitable[None]] = self.nothing

    async def nothing(self, _: str) -> None:
        """
        Add nothing to a batch.
        """

    async def __call__(self, run: RunHandle, arguments: Arguments) -> None:
        """
        Do what is left.
        """
        for number in range(3):
            name = f"{arguments['name']}{number}"
            if run.is_cancelled():
                return
            assert name == await run.step(name, lambda name=name: self.batch(name), str)  # type: ignore[misc]  # bound at once
            await run.progress(number + 1, 3)

    async def batch(self, name: str) -> str:
        """
        Do one batch, and return its name.
        """
        await self.before(name)
        self.done.append(name)
        return name
