"""
Processes that are killed in the middle of a run: what do the survivors do?
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec
import pytest

from fakes.store_workers import Workers
from webex_connector.base.clock import SystemClock
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.jobs import Jobs
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.jobs.worker import Worker
from webex_connector.store.opening import StorePlace, opened
from webex_connector.store.run_values import STATE_EVENT, Executor, KeptRun, RunState
from webex_connector.store.runs import RunTable

pytestmark = pytest.mark.long

_IMPORTS = """
from webex_connector.jobs.jobs import Jobs
from webex_connector.jobs.kinds import Kinds
from webex_connector.jobs.worker import Rhythm, Worker
from webex_connector.store.run_values import Executor
from webex_connector.store.runs import RunTable
"""

_RUN = """
async def count(run, arguments):
    for number in range(3):
        await run.step(f"step{number}", lambda: batch(number), int)
        await run.progress(number + 1, 3)

async def batch(number):
    print("abc"[number], flush=True)
    return number
"""

_WORK = f"""{_RUN.replace("range(3)", "range(2)")}
async def work(store, clock):
    runs, kinds = RunTable(store.database, clock), Kinds()
    kinds.register("count", count, lambda _: "one")
    executor = Executor("installation", f"process {{os.getpid()}}")
    await Jobs(runs, kinds, clock).do("count", {{}}, "anna", Worker(runs, kinds, executor, clock))
    print("done", flush=True)
"""

_ENOUGH = 80


def test_wherever_it_is_killed_the_next_process_does_the_rest(place: StorePlace) -> None:
    """
    At every statement and commit, of PostgreSQL at every fourth one: the next process of the installation brings the
    run to its end, no step is missing, only the one that was under way may be done again, and no run is left over.
    """
    opened(place, inline=True).close()
    resumed, known = 0, set[str]()
    with closing(Workers(place, _IMPORTS, _WORK)) as workers:
        # PostgreSQL takes long for each new process, and statements are the same.
        for statement in range(1, _ENOUGH, 1 if place.database is None else 4):
            promised = workers.killed_at(statement)
            if promised is None:
                break
            again: list[str] = []
            runs = asyncio.run(_gone_on_with(place, known, again))
            counts = Counter([each for each in promised if each in "ab"] + again)
            assert {"a", "b"} == set(counts), f"killed at {statement}"
            assert sum(counts.values()) <= 3, f"killed at {statement}"
            assert [RunState.DONE] == [each.state for each in runs if each.id not in known], f"killed at {statement}"
            known |= {each.id for each in runs}
            resumed += len(again) == 1
        else:
            raise AssertionError("the work never came to its end")
    # Of PostgreSQL's statements a quarter is tried.
    assert resumed > (1 if place.database is None else 0)


async def _gone_on_with(place: StorePlace, known: set[str], done: list[str]) -> list[KeptRun]:
    """
    Be the next process, asked for the same run unless that is done; return all runs.
    """

    async def count(run: RunHandle, _: Arguments) -> None:
        for number in range(2):
            await run.step(f"step{number}", lambda number=number: batch(number), int)  # type: ignore[misc]  # bound at once

    async def batch(number: int) -> int:
        done.append("abc"[number])
        return number

    store, clock = opened(place, inline=True), SystemClock()
    runs, kinds = RunTable(store.database, clock), Kinds()
    kinds.register("count", count, lambda _: "one")
    fresh = [run for run in await runs.runs(most=1000) if run.id not in known]
    if not any(run.state is RunState.DONE for run in fresh):
        worker = Worker(runs, kinds, Executor("installation", "survivor"), clock)
        await Jobs(runs, kinds, clock).do("count", {}, "anna", worker)
    found = await runs.runs(most=1000)
    store.close()
    return found


_SERVER = f"""
import asyncio, os, sys
from pathlib import Path
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.store import opening
{_IMPORTS}
{_RUN.replace("return number", "await asyncio.sleep(0.2); return number")}
async def main(folder, url, name):
    store = opening.opened(opening.StorePlace(Path(folder), Secret(url) if url else None))
    clock, kinds = SystemClock(), Kinds()
    kinds.register("count", count)
    executor = Executor(name, f"{{name}} {{os.getpid()}}")
    rhythm = Rhythm(look_every=0.05, beat_every=0.2, dead_after=1.5)
    await Worker(RunTable(store.database, clock), kinds, executor, clock, rhythm).work()

asyncio.run(main(*sys.argv[1:]))
"""


@contextmanager
def _server(place: StorePlace, name: str) -> Iterator[subprocess.Popen[str]]:
    url = "" if place.database is None else place.database.reveal()
    words = [sys.executable, "-c", _SERVER, str(place.folder), url, name]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own work
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _letter(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    while line := process.stdout.readline():
        if line.strip().isalpha():
            return line.strip()
    raise AssertionError("the server is gone")


@pytest.mark.parametrize("survivor", ["one", "other"])
def test_a_server_that_is_killed_is_followed_by_another(place: StorePlace, survivor: str) -> None:
    """
    The same one begun again goes on at once, another one after the heartbeat is too old; it begins with the step that
    was under way.
    """
    store = opened(place, inline=True)
    runs, kinds = RunTable(store.database, SystemClock()), Kinds()
    kinds.register("count", _never)
    jobs = Jobs(runs, kinds, SystemClock())
    run = asyncio.run(jobs.submit("count", {}, "anna"))
    with _server(place, "one") as first:
        assert ["a", "b"] == [_letter(first), _letter(first)]
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    killed = time.monotonic()
    with _server(place, survivor) as second:
        found = [_letter(second)]
        waited = time.monotonic() - killed
        found.append(_letter(second))
        ended = asyncio.run(_end(jobs, run.id))
    store.close()
    assert (["b", "c"], RunState.DONE, survivor) == (found, ended.state, ended.executor)
    assert survivor == "one" or waited > 1
    assert ["running", "running", "done"] == [
        state for state in asyncio.run(_states(place, run.id)) if state != "waiting"
    ]


async def _never(run: RunHandle, arguments: Arguments) -> None:
    raise AssertionError("this process has no worker")


async def _end(jobs: Jobs, id_: str) -> KeptRun:
    async for _ in jobs.follow(id_):
        pass
    return await jobs.run(id_)


async def _states(place: StorePlace, id_: str) -> list[str]:
    store = opened(place, inline=True)
    events = await RunTable(store.database, SystemClock()).events(id_)
    store.close()
    return [msgspec.json.decode(each.content)["state"] for each in events if each.kind == STATE_EVENT]
