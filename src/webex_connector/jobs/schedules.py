"""
Schedules: which runs begin by themselves, and when.

Who is due stands in the store, where one process alone takes it further and keeps the run, in one transaction: however
many servers there are, and wherever one of them dies, each time begins one run.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.jobs.timing import Timing, following
from webex_connector.jobs.worker import Worker
from webex_connector.store.errors import StoreError
from webex_connector.store.run_values import NewRun
from webex_connector.store.schedules import KeptSchedule, ScheduleTable

_LOOK_EVERY = 1.0
_LATE = timedelta(minutes=1)
"""A run that begins so much later than it was due has been missed."""
_HOURS_OF_ONE_NAME = timedelta(days=1)
"""More than what is due once in two hours of one name is later by."""

_log = logger("jobs")


class Missed(Enum):
    """
    What becomes of times at which nobody was there.
    """

    ONCE = "once"
    """However many there were, one run makes up for them."""
    SKIP = "skip"
    """The next time is the next one that comes."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    A run that begins by itself. A time at which the run before, or another one of its key, has not ended is skipped.
    """

    name: str
    kind: str
    arguments: Arguments
    timing: Timing
    missed: Missed = Missed.ONCE

    @property
    def actor(self) -> str:
        """
        In whose name its runs are.
        """
        return f"schedule {self.name}"

    def run(self, kinds: Kinds) -> NewRun:
        """
        Return its next run. Raises UnknownKind and ArgumentMissing.
        """
        return kinds.new(self.kind, self.arguments, self.actor, otherwise=self.actor)


class Scheduler:
    """
    Begins what is due.
    """

    def __init__(
        self, schedules: Mapping[str, Schedule], table: ScheduleTable, kinds: Kinds, worker: Worker, clock: Clock
    ) -> None:
        self.schedules, self._table, self._kinds = schedules, table, kinds
        self._worker, self._clock = worker, clock

    async def work(self) -> None:
        """
        Begin what is due until cancelled.
        """
        while self.schedules:
            try:
                await self.look()
            except StoreError as problem:
                _log.warning("jobs.store_not_answering", reason=str(problem))
            await self._clock.sleep(_LOOK_EVERY)

    async def look(self) -> None:
        """
        Begin what is due now. Raises StoreFailed, and what `Schedule.run` raises.
        """
        kept = await self._table.all()
        for schedule in self.schedules.values():
            known = kept.get(schedule.name)
            now = self._clock.now()
            # One that is due much later than it can be was reckoned while the clock was wrong.
            latest = schedule.timing.after(now) + _HOURS_OF_ONE_NAME
            if known is None or known.timing != str(schedule.timing) or known.next > latest:
                await self._table.plan(schedule.name, str(schedule.timing), schedule.timing.after(now))
            elif known.next <= now:
                await self._due(schedule, known, now)

    async def _due(self, schedule: Schedule, known: KeptSchedule, now: datetime) -> None:
        then = following(schedule.timing, known.next, now)
        was_missed = now - known.next > _LATE
        run = None if was_missed and schedule.missed is Missed.SKIP else schedule.run(self._kinds)
        if await self._table.fire(known, then, run):
            self._worker.wake()
        elif run is not None:
            _log.warning("jobs.schedule_skipped", schedule=schedule.name, due=str(known.next))
