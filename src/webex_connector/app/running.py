"""
Runs in this house: who does them, which kinds there are, and when they begin by themselves.

A server does the runs of its data folder. Beside a running server a command hands its run over; without one it takes
the server's place for as long as the run takes, so that no run has two processes.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

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
from webex_connector.jobs.worker import Worker
from webex_connector.store.errors import StoreError
from webex_connector.store.folder import lasting_name
from webex_connector.store.opening import StorePlace
from webex_connector.store.run_values import Executor, KeptRun
from webex_connector.store.runs import RunTable
from webex_connector.store.schedules import ScheduleTable

_DAY = 86_400

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

    async def asked(self, kind: str, arguments: Arguments, actor: str) -> KeptRun:
        """
        Hand a run over to the server of this data folder, and return it as it waits; without a server do it here, and
        return what it came to. Raises like `Jobs.submit`.
        """
        with no_server(self.place) as is_alone:
            if is_alone:
                return await self.jobs.do(kind, arguments, actor, self.worker)
        return await self.jobs.submit(kind, arguments, actor)


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
    return Running(settings.store, kinds, jobs, worker, scheduler)


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
