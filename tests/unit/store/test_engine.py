"""
Transactions: whole or not at all, one writer after the other.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, text, update

from webex_connector.base.secret import Secret
from webex_connector.store.engine import at_address, in_memory
from webex_connector.store.errors import StoreFailed, StoreUnusable
from webex_connector.store.opening import Store, StorePlace, opened
from webex_connector.store.tables import BUDGETS


def _put(link: Connection) -> None:
    link.execute(insert(BUDGETS).values(name="a", next=0.0))


def _count(link: Connection) -> int:
    return link.scalar(select(func.count()).select_from(BUDGETS)) or 0


async def test_work_is_kept_when_it_returns(store: Store, another: Callable[[], Store]) -> None:
    """
    Whoever opens the store next sees it.
    """
    await store.database.write(_put)

    assert 1 == await another().database.read(_count)


async def test_work_that_raises_leaves_nothing(store: Store) -> None:
    """
    Half a transaction is none.
    """

    def broken(link: Connection) -> None:
        _put(link)
        raise LookupError

    with pytest.raises(LookupError):
        await store.database.write(broken)
    assert 0 == await store.database.read(_count)


async def test_a_failure_of_the_database_says_so_without_values(store: Store) -> None:
    """
    What was to be written may be personal; it is not in the message.
    """

    def twice(link: Connection) -> None:
        for _ in range(2):
            link.execute(insert(BUDGETS).values(name="anna@example.com", next=0.0))

    with pytest.raises(StoreFailed) as failed:
        await store.database.write(twice)
    assert "anna" not in str(failed.value)
    assert 0 == await store.database.read(_count)


async def test_reading_does_not_write(store: Store) -> None:
    """
    Work that was meant to look cannot change anything.
    """
    with pytest.raises(StoreFailed, match=r"read-?only"):
        await store.database.read(_put)


def test_changes_of_many_threads_add_up(place: StorePlace) -> None:
    """
    Reading and writing in one transaction is safe: nobody's addition is lost.
    """

    def add(link: Connection) -> None:
        found = link.scalar(select(BUDGETS.c.next))
        link.execute(update(BUDGETS).values(next=(found or 0.0) + 1))

    async def run() -> float | None:
        one, two = opened(place), opened(place)
        await one.database.write(_put)
        await asyncio.gather(*(store.database.write(add) for store in (one, two) for _ in range(20)))
        found: float | None = await one.database.read(lambda link: link.scalar(select(BUDGETS.c.next)))
        for store in (one, two):
            store.close()
        return found

    assert 40.0 == asyncio.run(run())


async def test_sqlite_is_set_up_for_many_processes_and_power_cuts(tmp_path: Path) -> None:
    """
    Readers do not wait for the writer, writers wait for each other, and what was committed stays.
    """
    store = opened(StorePlace(tmp_path), inline=True)
    found = await store.database.read(
        lambda link: [
            link.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        ],
    )
    store.close()

    assert ["wal", 2, 15_000, 1] == found


async def test_a_store_in_memory_is_one_database() -> None:
    """
    Writing and reading meet the same tables though there is no file.
    """
    database = in_memory()
    await database.write(lambda link: link.execute(text("CREATE TABLE t (a INTEGER)")))
    assert 0 == await database.read(lambda link: link.scalar(text("SELECT count(*) FROM t")))
    database.close()


@pytest.mark.parametrize("url", ["mysql://u:hush@h/d", "nonsense hush", "sqlite:///hush", "postgresql://u:hush@h:x/d"])
def test_another_address_is_refused_without_being_shown(url: str) -> None:
    """
    The password in a mistyped URL stands in no message.
    """
    with pytest.raises(StoreUnusable) as refused:
        at_address(Secret(url))
    assert "postgresql://" in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_server_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    """
    The administrator learns that it is the database.
    """
    with pytest.raises(StoreUnusable, match="Cannot use the store"):
        opened(StorePlace(tmp_path, Secret(f"postgresql://u@/d?host={tmp_path}")))


async def test_a_file_tells_that_somebody_wrote(tmp_path: Path) -> None:
    """
    In this process or by another connection, and only then: who only reads changes no number.
    """
    first, second = opened(StorePlace(folder=tmp_path)), opened(StorePlace(folder=tmp_path))
    seen = [first.database.version()]
    for step in (lambda: first.database.read(_count), lambda: first.database.write(_put)):
        await step()
        seen.append(first.database.version())
    await second.database.write(lambda link: link.execute(update(BUDGETS).values(next=1.0)))
    seen.append(first.database.version())
    assert None not in seen
    assert seen[0] == seen[1]
    assert len(set(seen[1:])) == len(seen[1:])
    first.close()
    second.close()


def test_nobody_tells_of_a_database_in_memory() -> None:
    """
    It has one connection, which does not count what it writes itself.
    """
    assert in_memory().version() is None


def test_who_waits_for_another_writer_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    As a failure of the store, and the next transaction goes as ever.
    """
    monkeypatch.setattr("webex_connector.store.engine._BUSY_SECONDS", 0)
    store = opened(StorePlace(tmp_path), inline=True)
    file = next(tmp_path.glob("*.db*"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreFailed, match="did not answer: database is locked"):
            store.database.write_now(_put)
        assert store.database.read_now(_count) == 0
    store.database.write_now(_put)
    assert store.database.read_now(_count) == 1
    store.close()


@pytest.mark.parametrize("folder", [True, False])
async def test_a_glance_sees_what_a_reader_sees(tmp_path: Path, folder: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """
    And writes as little.
    """
    store = opened(StorePlace(tmp_path if folder else None), inline=True)
    store.database.write_now(_put)
    assert await store.database.glance(_count) == 1
    if folder:
        with pytest.raises(StoreFailed):
            await store.database.glance(_put)
    store.close()


async def test_what_is_jotted_down_is_there_at_once(store: Store, another: Callable[[], Store]) -> None:
    """
    For every process, whole or not at all.
    """

    def broken(link: Connection) -> None:
        _put(link)
        raise LookupError

    with pytest.raises(LookupError):
        await store.database.jot(broken)
    assert 0 == await another().database.read(_count)
    await store.database.jot(_put)
    assert 1 == await another().database.read(_count)


async def test_a_jot_waits_for_no_disk_and_for_other_writers_in_another_thread(tmp_path: Path) -> None:
    """
    It is made in the calling thread as long as nobody writes, and is on the disk with the next write, which waits.
    """
    store = opened(StorePlace(tmp_path))

    def noted(link: Connection) -> tuple[int, bool]:
        is_here = threading.current_thread() is threading.main_thread()
        return link.scalar(text("PRAGMA synchronous")) or 0, is_here

    assert (1, True) == await store.database.jot(noted)
    assert (2, False) == await store.database.write(noted)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.ensure_future(store.database.jot(noted))
        await asyncio.wait([waiting], timeout=0)
        assert not waiting.done()
        other.execute("ROLLBACK")
    assert (2, False) == await waiting
    assert (1, True) == await store.database.jot(noted)
    store.close()
