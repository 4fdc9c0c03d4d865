"""
The worker: takes runs that need somebody, does their work, and says all the time that it lives.

What a survivor finds of a process that died: the run, owned and without heartbeats. The next process of the same
installation takes it at once, any other one when the heartbeat is too old. Both begin with the steps that were kept.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.jobs.errors import Interrupted, Parked, Postponed, RunLost
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Kinds
from webex_connector.store.errors import StoreError
from webex_connector.store.run_values import Executor, KeptRun, RunState, Settling, Wanted
from webex_connector.store.runs import RunTable

_log = logger("jobs")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """
    How often a worker looks around; all in seconds.
    """

    look_every: float = 1.0
    """Until a new run is begun, or a cancellation is heard, that another process has written."""
    beat_every: float = 10.0
    dead_after: float = 60.0
    """So long after its last heartbeat a process is taken for dead."""
    stop_within: float = 10.0
    """So long a stop waits for batches to end by themselves."""
    at_once: int = 4
    """How many runs one process works on."""
    most_attempts: int = 5
    """After so many processes died over a run, none of which came further, it fails."""


@dataclass(frozen=True, slots=True)
class _Running:
    handle: RunHandle
    task: asyncio.Task[None]


class Worker:
    """
    Does the runs of one process.
    """

    def __init__(
        self, runs: RunTable, kinds: Kinds, executor: Executor, clock: Clock, rhythm: Rhythm | None = None
    ) -> None:
        self._runs, self._kinds, self._clock = runs, kinds, clock
        self.executor = executor
        self._rhythm = rhythm or Rhythm()
        self._running: dict[str, _Running] = {}
        self._lived = clock.monotonic()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """
        Have the worker look around at once.
        """
        self._wake.set()

    async def work(self) -> None:
        """
        Take runs and do them until cancelled. What runs then is let go of after its batch, for the next process.
        """
        try:
            while True:
                await self._turn(may_claim=True)
                await self._paused()
        finally:
            await self._stop()

    async def do(self, run: KeptRun) -> None:
        """
        Do one run that this process owns, and no other, until it ends or waits. When this is cancelled the run is
        cancelled too, after its batch.
        """
        task = await self._begun(run)
        try:
            while not task.done():
                await self._turn(may_claim=False)
                await self._paused()
        finally:
            if run.id in self._running:
                self._running[run.id].handle.cancelled_by = run.actor
            await self._stop(interrupt=False)

    async def taken(self, id_: str) -> KeptRun | None:
        """
        Take one run, if it needs somebody, and return it; to be done by `do`.
        """
        return await self._runs.claim(self.executor, self._wanted(id_))

    async def _paused(self) -> None:
        try:
            async with asyncio.timeout(self._rhythm.look_every):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _turn(self, *, may_claim: bool) -> None:
        self._wake.clear()
        try:
            await self._heard()
            while may_claim and len(self._running) < self._rhythm.at_once and await self._claimed():
                pass
        except StoreError as problem:
            _log.warning("jobs.store_not_answering", reason=str(problem))
            if self._clock.monotonic() - self._lived > self._rhythm.dead_after:
                # By now another process may have taken them over.
                self._give_up(set())

    async def _heard(self) -> None:
        """
        Say that this process lives, when it is time to, and hear what is cancelled and what is not ours any more.
        """
        if not self._running:
            self._lived = self._clock.monotonic()
            return
        process = self.executor.process
        known = set(self._running)
        if self._clock.monotonic() - self._lived >= self._rhythm.beat_every:
            owned = await self._runs.beat(process)
            self._lived = self._clock.monotonic()
        else:
            owned = await self._runs.owned(process)
        for id_, by in owned.items():
            if id_ in self._running:
                self._running[id_].handle.cancelled_by = by
        self._give_up(set(owned) | (set(self._running) - known))

    def _give_up(self, but: set[str]) -> None:
        for id_, running in self._running.items():
            if id_ not in but and not running.task.done():
                _log.warning("jobs.run_lost", run=id_)
                running.task.cancel(_LOST)

    async def _claimed(self) -> bool:
        run = await self._runs.claim(self.executor, self._wanted())
        if run is None:
            return False
        await self._begun(run)
        return True

    def _wanted(self, only: str | None = None) -> Wanted:
        dead = self._clock.now() - timedelta(seconds=self._rhythm.dead_after)
        return Wanted(self._kinds.names, dead, frozenset(self._running), only)

    async def _begun(self, run: KeptRun) -> asyncio.Task[None]:
        handle = RunHandle(run, self.executor.process, self._runs, await self._runs.steps(run.id))
        task = asyncio.create_task(self._done(run, handle))
        self._running[run.id] = _Running(handle, task)
        return task

    async def _done(self, run: KeptRun, handle: RunHandle) -> None:
        try:
            settling = self._hopeless(run) or await self._worked(run, handle)
            if settling is not None and not await self._runs.settle(run.id, self.executor.process, settling):
                _log.warning("jobs.run_lost", run=run.id)
        except StoreError as problem:
            # It is still ours, and will be taken up when the store answers again.
            _log.warning("jobs.run_not_settled", run=run.id, reason=str(problem))
        finally:
            self._running.pop(run.id, None)
            self.wake()

    def _hopeless(self, run: KeptRun) -> Settling | None:
        if run.attempts > self._rhythm.most_attempts:
            reason = f"It was begun {run.attempts - 1} times, and each time the process died before it came further"
            return Settling(RunState.FAILED, reason)
        if run.attempts > 1:
            _log.warning("jobs.run_gone_on_with", run=run.id, kind=run.kind, attempt=run.attempts)
        return None

    async def _worked(self, run: KeptRun, handle: RunHandle) -> Settling | None:
        """
        Do the work and return what the run has come to; None when it is another process's to say.
        """
        arguments: dict[str, Any] = msgspec.json.decode(run.arguments)
        try:
            await self._kinds[run.kind].work(handle, arguments)
        except RunLost:
            return None
        except Parked as parked:
            until = None if parked.within is None else self._clock.now() + timedelta(seconds=parked.within)
            return Settling(RunState.WAITING_FOR_APPROVAL, due=until, awaits=parked.awaits)
        except Interrupted as stop:
            return Settling(RunState.WAITING, str(stop))
        except Postponed as later:
            return self._postponed(str(later), later.seconds)
        except StoreError as problem:
            return self._postponed(str(problem), self._rhythm.dead_after)
        except asyncio.CancelledError as stop:
            if _LOST in stop.args:
                return None
            state = RunState.WAITING if handle.cancelled_by is None else RunState.CANCELLED
            return Settling(state, "The process ended in the middle of a batch")
        except Exception as problem:  # noqa: BLE001 - whatever the work raises, its run has failed and says so
            _log.error("jobs.run_failed", run=run.id, kind=run.kind, exc_info=problem)
            return Settling(RunState.FAILED, f"{type(problem).__name__}: {problem}")
        return Settling(RunState.CANCELLED if handle.was_told else RunState.DONE)

    def _postponed(self, reason: str, seconds: float) -> Settling:
        due = self._clock.now() + timedelta(seconds=seconds)
        return Settling(RunState.WAITING, reason, due)

    async def _stop(self, *, interrupt: bool = True) -> None:
        for running in self._running.values():
            running.handle.is_stopping = interrupt
        tasks = [running.task for running in self._running.values()]
        if not tasks:
            return
        _, left = await asyncio.wait(tasks, timeout=self._rhythm.stop_within)
        for task in left:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


_LOST = "the run belongs to another process"
