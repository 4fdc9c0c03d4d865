"""
`runs`: what was begun, how far it is, and having a say in it.
"""

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter

from webex_connector.app import running
from webex_connector.base.clock import SystemClock
from webex_connector.cli import output
from webex_connector.cli.common import DEFAULT_CONFIG, Config, Json, log_to_standard_error, settings_of
from webex_connector.cli.exits import Exit
from webex_connector.cli.sync_progress import told
from webex_connector.cli.table import Rows
from webex_connector.icf.errors import ConnectionFailed, PreconditionFailed, UnknownUid
from webex_connector.jobs.errors import NotAwaited, UnknownRun
from webex_connector.jobs.handle import PROGRESS
from webex_connector.jobs.jobs import Jobs
from webex_connector.store.errors import StoreError
from webex_connector.store.run_values import ENDED, STATE_EVENT, KeptRun, RunEvent, RunState

_COLUMNS = ("id", "kind", "about", "by", "state", "began", "ended")
ENDS = {RunState.FAILED: Exit.FAILED, RunState.CANCELLED: Exit.INTERRUPTED}
"""
The exit of a command that has seen the end of a run; of any other end it is OK.
"""

Id = Annotated[str, Parameter(name="RUN", help="Its id, as `runs list` shows it.")]


async def list_(
    *,
    open_: Annotated[bool, Parameter(name="--open", negative="", help="Only those that have not ended.")] = False,
    most: Annotated[int, Parameter(help="How many at most.")] = 20,
    as_json: Json = False,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Show the latest runs, the newest first.
    """
    states = set(RunState) - ENDED if open_ else set(RunState)
    with _jobs(config) as jobs:
        rows = [_row(each) for each in await jobs.runs(states, most)]
    if as_json:
        output.show_json_lines(rows)
    elif rows:
        Rows(_COLUMNS).add(rows)
    else:
        output.note("There is no run.")
    return Exit.OK


async def show(run: Id, /, *, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Show a run, and how far it is.
    """
    with _jobs(config) as jobs:
        found = await jobs.run(run)
        last: RunEvent | None = None
        events = await jobs.events(run)
        while events:
            last = next((each for each in reversed(events) if each.kind == PROGRESS), last)
            events = await jobs.events(run, events[-1].number)
    row = {**_row(found), "made": _moment(found.made), "awaits": found.awaits, "cancelled by": found.cancelled_by}
    row |= {"problem": found.error, "progress": None if last is None else _told(last)}
    if as_json:
        output.show_json(row)
    else:
        output.show_pairs({name: value for name, value in row.items() if value is not None})
    return Exit.OK


async def follow(run: Id, /, *, as_json: Json = False, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Tell what a run tells, from its beginning until it ends or waits for approval.
    """
    with _jobs(config) as jobs:
        async for event in jobs.follow(run):
            _tell(event, as_json=as_json)
            if (await jobs.run(run)).state is RunState.WAITING_FOR_APPROVAL and event.kind == STATE_EVENT:
                break
        found = await jobs.run(run)
    return ENDS.get(found.state, Exit.OK)


async def cancel(run: Id, /, *, config: Config = DEFAULT_CONFIG) -> Exit:
    """
    Have a run end: after the batch it is doing, at once when it waits or nobody works on it any more.
    """
    with _jobs(config) as jobs:
        found = await jobs.cancel(run, getpass.getuser())
    if found.state is RunState.RUNNING:
        output.note(f"Run {run} ends after its batch.")
    else:
        output.note(f"Run {run} is {words_of(found.state)}.")
    return Exit.OK


async def approve(
    run: Id,
    of: Annotated[str, Parameter(name="OF", help="What it waits for, as `runs show` tells: yes to exactly that.")],
    /,
    *,
    config: Config = DEFAULT_CONFIG,
) -> Exit:
    """
    Let a run go on that waits for approval.
    """
    with _jobs(config) as jobs:
        await jobs.approve(run, of, getpass.getuser())
    output.note(f"Run {run} goes on.")
    return Exit.OK


@contextmanager
def _jobs(config: Config) -> Iterator[Jobs]:
    """
    Open the runs; what they raise is told as the command line tells errors.
    """
    log_to_standard_error(verbose=False)
    try:
        with running.kept_runs(settings_of(config), SystemClock()) as jobs:
            yield jobs
    except UnknownRun as problem:
        raise UnknownUid(str(problem)) from problem
    except NotAwaited as problem:
        raise PreconditionFailed(str(problem)) from problem
    except StoreError as problem:
        raise ConnectionFailed(str(problem)) from problem


def _tell(event: RunEvent, *, as_json: bool) -> None:
    content = msgspec.json.decode(event.content)
    if as_json:
        row = {"number": event.number, "at": event.at.isoformat(), "kind": event.kind, "content": content}
        output.show_json_lines([row])
    else:
        output.show_text(f"{event.at.astimezone():%H:%M:%S}  {_told(event)}")


def _told(event: RunEvent) -> str:
    content: dict[str, Any] = msgspec.json.decode(event.content)
    if event.kind == PROGRESS:
        return told(content)
    if event.kind == STATE_EVENT:
        return ", ".join([content.pop("state").replace("_", " "), *_facts(content)])
    return ", ".join([event.kind, *_facts(content)])


def _facts(content: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} {output.text_of(round(value, 3) if isinstance(value, float) else value)}"
        for name, value in content.items()
    ]


def _row(run: KeptRun) -> Mapping[str, Any]:
    return {
        "id": run.id,
        "kind": run.kind,
        "about": ", ".join(_facts(msgspec.json.decode(run.arguments))),
        "by": run.actor,
        "state": words_of(run.state),
        "began": _moment(run.began),
        "ended": _moment(run.ended),
    }


def words_of(state: RunState) -> str:
    """
    Return a state as people read it.
    """
    return state.value.replace("_", " ")


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
