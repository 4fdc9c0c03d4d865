"""
Runs in this house: who does them, which kinds there are, and when they begin by themselves.

A server does the runs of its data folder. Beside a running server a command hands its run over; without one it takes
the server's place for as long as the run takes, so that no run has two processes.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from webex_connector.app.alerting.failed_runs import tell_failure
from webex_connector.app.alerts import Alerts
from webex_connector.app.inventory_work import InventoryWork
from webex_connector.app.settings import Settings
from webex_connector.app.storing import no_server, usable
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.jobs.errors import JobsError
from webex_connector.jobs.jobs import Jobs
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.jobs.schedules import Scheduler
from webex_connector.jobs.worker import Rhythm, Worker
from webex_connector.store.errors import StoreError, StoreFailed
from webex_connector.store.folder import lasting_name
from webex_connector.store.opening import StorePlace
from webex_connector.store.run_values import Executor, KeptRun, RunEvent, RunState
from webex_connector.store.runs import RunTable
from webex_connector.store.schedules import ScheduleTable

_DAY = 86_400
_LOOK_EVERY = 0.5
"""Seconds between two looks at a run that is followed."""

_log = logger("app")


@dataclass(frozen=True, slots=True)
class Running:
    """
    The runs of this process: kinds are registered before its worker begins.
    """

    place: StorePlace
    kinds: Kinds
    jobs: Jobs
    worker: Worker
    scheduler: Scheduler
    alerts: Alerts
    clock: Clock

    async def followed(self, run: KeptRun, tell: Callable[[RunEvent], None]) -> KeptRun:
        """
        See to it that a run is done, by the server of this data folder, or by this process as long as there is none;
        pass on what it tells from its beginning, and return it once it has ended or waits for a yes.

        When this is cancelled, a run that is done here is cancelled too, after its batch. Raises StoreFailed.
        """
        is_over = asyncio.Event()
        both = [
            asyncio.create_task(self._seen_to(run.id, is_over)),
            asyncio.create_task(self._told(run.id, tell, is_over)),
        ]
        try:
            await asyncio.gather(*both)
        finally:
            for each in both:
                each.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        return await self.jobs.run(run.id)

    async def _seen_to(self, id_: str, is_over: asyncio.Event) -> None:
        # Whoever was killed just now has left nothing but a free place: the first look is in any case.
        is_first = True
        while (run := await self.jobs.run(id_)).state in {RunState.WAITING, RunState.RUNNING}:
            is_tried = is_first or _needs_somebody(run, self.clock.now())
            is_first = False
            if not (is_tried and await self._done_here(id_)):
                await self.clock.sleep(_LOOK_EVERY)
        is_over.set()

    async def _done_here(self, id_: str) -> bool:
        with no_server(self.place) as is_alone:
            taken = await self.worker.taken(id_) if is_alone else None
            if taken is None:
                return False
            await self.worker.do(taken)
            found = await self.jobs.run(id_)
            if found.state is RunState.RUNNING:
                raise StoreFailed("How far the run is could not be kept; it is gone on with once the store can be used")
            await tell_failure(found, self.alerts)
            return True

    async def _told(self, id_: str, tell: Callable[[RunEvent], None], is_over: asyncio.Event) -> None:
        after = 0
        while True:
            # Looked at before the events: what the run tells last is not missed.
            was_over = is_over.is_set()
            events = await self.jobs.events(id_, after)
            for event in events:
                tell(event)
                after = event.number
            if was_over and not events:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await is_over.wait()

    async def asked(self, kind: str, arguments: Arguments, actor: str) -> KeptRun:
        """
        Hand a run over to the server of this data folder, and return it as it waits; without a server do it here, and
        return what it came to. Raises like `Jobs.submit`.
        """
        with no_server(self.place) as is_alone:
            if is_alone:
                run = await self.jobs.do(kind, arguments, actor, self.worker)
                await tell_failure(run, self.alerts)
                return run
        return await self.jobs.submit(kind, arguments, actor)


def _needs_somebody(run: KeptRun, now: datetime) -> bool:
    if run.state is RunState.WAITING:
        return run.due is None or run.due <= now
    return run.heartbeat is not None and run.heartbeat < now - timedelta(seconds=Rhythm().dead_after)


def running_in(systems: Systems, clock: Clock) -> Running:
    """
    Return the runs of these systems' store, of inventories alone until other kinds are registered. Raises
    ConfigurationInvalid.
    """
    settings, database = systems.settings, systems.memory.store.database
    runs, kinds = RunTable(database, clock), Kinds()
    InventoryWork(systems, clock).register(kinds)
    worker = Worker(runs, kinds, _executor(settings.store), clock)
    jobs = Jobs(runs, kinds, clock, worker)
    scheduler = Scheduler(settings.schedules, ScheduleTable(database, clock), kinds, worker, clock)
    return Running(settings.store, kinds, jobs, worker, scheduler, systems.memory.alerts, clock)


def refuse_unknown(running: Running) -> None:
    """
    Raise ConfigurationInvalid when a schedule begins runs of a kind that there is not, or lacks an argument.
    """
    for each in running.scheduler.schedules.values():
        try:
            each.run(running.kinds)
        except JobsError as problem:
            raise ConfigurationInvalid(f"The schedule {each.name}, [schedules.{each.name}]: {problem}") from problem


@contextmanager
def kept_runs(settings: Settings, clock: Clock) -> Iterator[Jobs]:
    """
    Open the store to look at runs and have a say in them, while the block runs. Raises ConfigurationInvalid.
    """
    with usable(settings.store) as store:
        yield Jobs(RunTable(store.database, clock), Kinds(), clock)


@contextmanager
def kept_schedules(settings: Settings, clock: Clock) -> Iterator[ScheduleTable]:
    """
    Open the store to look at schedules, while the block runs. Raises ConfigurationInvalid.
    """
    with usable(settings.store) as store:
        yield ScheduleTable(store.database, clock)


async def forgotten_daily(jobs: Jobs, days: int, clock: Clock) -> None:
    """
    Forget each day, until cancelled, what ended so many days ago; nothing with 0.
    """
    while days:
        try:
            await jobs.forget(clock.now() - timedelta(days=days))
        except StoreError as problem:
            _log.warning("app.runs_not_forgotten", reason=str(problem))
        await clock.sleep(_DAY)


def _executor(place: StorePlace) -> Executor:
    process = secrets.token_hex(8)
    if place.folder is None:
        return Executor(process, process)
    try:
        return Executor(lasting_name(place.folder), process)
    except StoreError as problem:
        raise ConfigurationInvalid(str(problem)) from problem
