"""
What streams of changes remember, over processes; the behaviour is that of an inventory in memory.
"""

from collections.abc import Callable

from fakes.virtual_time import VirtualClock
from webex_connector.store.inventory import FORGOTTEN_AFTER, InventoryTable, Stream, Told
from webex_connector.store.opening import Store

RUN = 100
UNSURE = "?"


def _table(store: Store) -> InventoryTable:
    return InventoryTable(store.database, VirtualClock(), RUN, UNSURE)


async def test_what_is_pending_outlives_the_process(store: Store, another: Callable[[], Store]) -> None:
    """
    A consumer that comes back to a new process with its token gets what it had not acknowledged, and nothing twice.
    """
    one, two = _table(store), _table(another())
    await one.begin("s", 0)
    assert await one.note("s", [Told(0, "a", "a1"), Told(0, "b", "b1")])
    await one.complete("s", 3)
    await one.settle("s", 0)
    assert await one.note("s", [Told(101, "a", "a2"), Told(102, "b", None), Told(103, "c", "c1")])

    assert {"a": "a2", "c": "c1"} == await two.marks("s", ["a", "b", "c"])
    assert Stream(102, 2 * RUN, 2, 3, complete=True) == await two.settle("s", 102)
    assert {"a": "a2", "c": UNSURE} == await two.marks("s", ["a", "b", "c"])
    assert not await one.note("s", [Told(104, "d", "d1")])


async def test_walks_of_many_objects_go_in_batches(store: Store) -> None:
    """
    Each that was not met comes once; those met before they were known are met.
    """
    table = _table(store)
    keys = [f"k{number:04}" for number in range(1200)]
    await table.begin("s", 0)
    await table.see("s", "w", keys[:100])
    assert await table.note("s", [Told(0, key, "m") for key in keys])

    found = [key async for some in table.unseen("s", "w") for key in some]

    assert keys[100:] == found


async def test_streams_that_nobody_follows_are_forgotten(store: Store, clock: VirtualClock) -> None:
    """
    Consumers that start again and again do not fill the database; one that is followed stays.
    """
    table = _table(store)
    for name in ("left", "followed"):
        await table.begin(name, 0)
        assert await table.note(name, [Told(0, "a", "a1")])
    await clock.sleep(FORGOTTEN_AFTER.total_seconds() - 10)
    await table.settle("followed", 0)
    await clock.sleep(20)
    await table.begin("new", 0)

    assert await table.settle("left", 0) is None
    assert {} == await table.marks("left", ["a"])
    assert {"a": "a1"} == await table.marks("followed", ["a"])
