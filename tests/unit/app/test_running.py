"""
Runs in this house: whose they are, and how long they are kept.
"""

import asyncio
from pathlib import Path

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.app.running import forgotten_daily
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.jobs import Jobs
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.jobs.worker import Worker
from webex_connector.store.errors import StoreUnusable
from webex_connector.store.folder import lasting_name
from webex_connector.store.opening import Store
from webex_connector.store.run_values import Executor
from webex_connector.store.runs import RunTable


async def _nothing(_: RunHandle, __: Arguments) -> None:
    """
    Be done at once.
    """


async def test_runs_are_forgotten_each_day(store: Store, clock: VirtualClock) -> None:
    """
    Those that ended longer ago than the journal goes back; with 0 days none is.
    """
    runs, kinds = RunTable(store.database, clock), Kinds()
    kinds.register("nothing", _nothing)
    jobs = Jobs(runs, kinds, clock)
    worker = Worker(runs, kinds, Executor("a", "b"), clock)
    await forgotten_daily(jobs, 0, clock)
    task = asyncio.create_task(forgotten_daily(jobs, 2, clock))
    counts = []
    for _ in range(5):
        await jobs.do("nothing", {}, "anna", worker)
        await clock.sleep(86_400)
        counts.append(len(await jobs.runs()))
    task.cancel()
    assert [1, 2, 2, 2, 2] == counts


def test_an_installation_keeps_its_name(tmp_path: Path) -> None:
    """
    And no two have the same one.
    """
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert lasting_name(first) == lasting_name(first) != lasting_name(second)


def test_a_name_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """
    With the file.
    """
    (tmp_path / "name").mkdir()
    with pytest.raises(StoreUnusable, match=r"Cannot use the file .*name"):
        lasting_name(tmp_path)
