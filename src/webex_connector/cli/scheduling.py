"""
`schedules`: which runs begin by themselves, and when.
"""

import getpass
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from datetime import datetime
from typing import Any

from webex_connector.app import running
from webex_connector.app.reconciling import reconciling
from webex_connector.app.settings import Settings
from webex_connector.app.syncing import syncing
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, log_to_standard_error, settings_of, systems_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.running import ENDS, words_of
from webex_connector.cli.table import Rows
from webex_connector.icf.errors import ConnectionFailed, NotAllowed, UnknownUid
from webex_connector.jobs.errors import RunInTheWay
from webex_connector.jobs.schedules import Schedule
from webex_connector.store.errors import StoreError
from webex_connector.store.run_values import RunState
from webex_connector.store.schedules import KeptSchedule, ScheduleTable

_COLUMNS = ("name", "run", "times", "next", "last", "last run")


async def list_(*, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Show the schedules of the settings, when each is due next, and the run that it began last.
    """
    settings = _settings(config)
    with _table(settings) as table:
        kept = await table.all()
    rows = [_row(each, kept.get(each.name)) for each in settings.schedules.values()]
    if as_json:
        output.show_json_lines(rows)
    elif rows:
        Rows(_COLUMNS).add(rows)
    else:
        output.note("There is no schedule; name one in the settings, [schedules.<name>].")
    return Exit.OK


async def run(schedule: str, /, *, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Begin a schedule's run now: in the running server, or here when there is none.

    Parameters
    ----------
    schedule
        Its name in the settings.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        systems = await stack.enter_async_context(systems_of(config, verbose=False))
        found = systems.settings.schedules.get(schedule)
        if found is None:
            raise UnknownUid(f"There is no schedule {schedule}; there are: {_names(systems.settings)}")
        runs = running.running_in(systems, clock)
        if systems.settings.sync_file is not None:
            reconciling(await stack.enter_async_context(syncing(systems, clock)), runs, systems.memory.alerts)
        running.refuse_unknown(runs)
        try:
            begun = await runs.asked(found.kind, found.arguments, getpass.getuser())
        except RunInTheWay as problem:
            raise NotAllowed(str(problem)) from problem
        except StoreError as problem:
            raise ConnectionFailed(str(problem)) from problem
    output.show_text(begun.id)
    if begun.state in {RunState.WAITING, RunState.RUNNING}:
        output.note(f"A server does it; to see how far it is: webex-connector runs follow {begun.id}")
    else:
        output.note(f"It is {words_of(begun.state)}: webex-connector runs show {begun.id}")
    return ENDS.get(begun.state, Exit.OK)


def _names(settings: Settings) -> str:
    return ", ".join(settings.schedules) or "none"


def _settings(config: Config) -> Settings:
    log_to_standard_error(verbose=False)
    return settings_of(config)


@contextmanager
def _table(settings: Settings) -> Iterator[ScheduleTable]:
    try:
        with running.kept_schedules(settings, SystemClock()) as table:
            yield table
    except StoreError as problem:
        raise ConnectionFailed(str(problem)) from problem


def _row(schedule: Schedule, kept: KeptSchedule | None) -> Mapping[str, Any]:
    known = None if kept is None or kept.timing != str(schedule.timing) else kept
    last = None if kept is None else _moment(kept.last)
    return {
        "name": schedule.name,
        "run": schedule.kind,
        "times": str(schedule.timing),
        "next": None if known is None else _moment(known.next),
        "last": f"{last}, skipped" if kept is not None and kept.skipped else last,
        "last run": None if kept is None else kept.last_run,
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
