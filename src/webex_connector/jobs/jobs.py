"""
Asking for runs, looking at them, and having a say in them: what doors and commands use.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, timedelta

from webex_connector.base.clock import Clock
from webex_connector.jobs.errors import NotAwaited, RunInTheWay, UnknownRun
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.jobs.worker import Rhythm, Worker
from webex_connector.store.run_values import ENDED, KeptRun, RunEvent, RunState
from webex_connector.store.runs import RunTable

_LOOK_EVERY = 0.5
"""Seconds between two looks at what a run tells."""


class Jobs:
    """
    The runs of one store. Every method raises StoreFailed when the store does not answer.
    """

    def __init__(self, runs: RunTable, kinds: Kinds, clock: Clock, worker: Worker | None = None) -> None:
        self._runs, self.kinds, self._clock, self._worker = runs, kinds, clock, worker

    async def submit(self, kind: str, arguments: Arguments, actor: str) -> KeptRun:
        """
        Keep a run, for the worker of this process or another one, and return it.

        Raises UnknownKind, ArgumentMissing, and RunInTheWay when one of the same key has not ended.
        """
        new = self.kinds.new(kind, arguments, actor)
        there = await self._runs.add(new)
        if there is not None:
            raise RunInTheWay(there)
        self._look()
        return await self.run(new.id)

    async def joined(self, kind: str, arguments: Arguments, actor: str) -> KeptRun:
        """
        Do what `submit` does, unless a run of this kind with the same arguments has not ended: then return that one.
        """
        try:
            return await self.submit(kind, arguments, actor)
        except RunInTheWay as problem:
            new = self.kinds.new(kind, arguments, actor)
            if (problem.run.kind, problem.run.arguments) != (new.kind, new.arguments):
                raise
            return problem.run

    async def do(self, kind: str, arguments: Arguments, actor: str, worker: Worker) -> KeptRun:
        """
        Do a run here and now, by a worker that does nothing else, and return what it came to. One with the same
        arguments that waits, or that a dead process has left, is gone on with instead.

        Raises like `submit`.
        """
        new = self.kinds.new(kind, arguments, actor)
        there = await self._runs.add(new, worker.executor)
        if there is None:
            run = await self.run(new.id)
        else:
            is_same = (there.kind, there.arguments) == (new.kind, new.arguments)
            taken = await worker.taken(there.id) if is_same else None
            if taken is None:
                raise RunInTheWay(there)
            run = taken
        await worker.do(run)
        return await self.run(run.id)

    async def cancel(self, id_: str, by: str) -> KeptRun:
        """
        Have a run end after its batch, or at once when it waits or its process is dead; return it as it is now. Raises
        UnknownRun.
        """
        dead = self._clock.now() - timedelta(seconds=Rhythm().dead_after)
        found = await self._runs.cancel(id_, by, dead)
        self._look()
        if found is None:
            raise _unknown(id_)
        return found

    async def approve(self, id_: str, of: str, by: str) -> None:
        """
        Let a run go on that waits for approval of exactly this. Raises UnknownRun and NotAwaited.
        """
        if not await self._runs.approve(id_, of, by):
            run = await self.run(id_)
            awaited = "for no approval" if run.awaits is None else f"for approval of {run.awaits}"
            raise NotAwaited(f"Run {id_} waits {awaited}; it is {run.state.value}")
        self._look()

    async def run(self, id_: str) -> KeptRun:
        """
        Return a run. Raises UnknownRun.
        """
        found = await self._runs.run(id_)
        if found is None:
            raise _unknown(id_)
        return found

    async def runs(self, states: Iterable[RunState] = RunState, most: int = 100) -> list[KeptRun]:
        """
        Return the latest runs in these states, the newest first.
        """
        return await self._runs.runs(states, most)

    async def events(self, id_: str, after: int = 0) -> Sequence[RunEvent]:
        """
        Return what a run has told after the event of this number, a thousand events at most.
        """
        return await self._runs.events(id_, after)

    async def follow(self, id_: str, after: int = 0) -> AsyncIterator[RunEvent]:
        """
        Stream what a run tells, from the event after this number until it has ended. Raises UnknownRun.
        """
        while True:
            # Looked at before its events: what it tells last is not missed.
            run = await self.run(id_)
            events = await self._runs.events(id_, after)
            for event in events:
                yield event
                after = event.number
            if not events:
                if run.state in ENDED:
                    return
                await self._clock.sleep(_LOOK_EVERY)

    async def remove(self, id_: str) -> bool:
        """
        Forget a run that has ended; return whether there was one.
        """
        return await self._runs.remove(id_)

    async def forget(self, before: datetime) -> int:
        """
        Forget runs that ended before a moment; return how many these were.
        """
        return await self._runs.forget(before)

    def _look(self) -> None:
        if self._worker is not None:
            self._worker.wake()


def _unknown(id_: str) -> UnknownRun:
    return UnknownRun(f"There is no run {id_}; webex-connector runs list shows those there are")
