"""
What an inventory promises to the change feed. Each implementation is given the same tests.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack

import pytest

from fakes.beside import empty_database
from fakes.virtual_time import VirtualClock
from webex_connector.app.inventory import StoredInventory
from webex_connector.connector.inventory import RUN, TOLD, Inventory, MemoryInventory, Note, Standing
from webex_connector.icf.errors import ConnectionBroken

STREAM = "stream"
MAKERS: dict[str, Callable[[ExitStack], Inventory]] = {
    "memory": lambda _: MemoryInventory(),
    "memory, small batches": lambda _: MemoryInventory(batch=2),
    "store": lambda stack: StoredInventory(stack.enter_context(empty_database()), VirtualClock()),
}


@pytest.fixture(params=list(MAKERS.values()), ids=list(MAKERS))
async def inventory(request: pytest.FixtureRequest) -> AsyncIterator[Inventory]:
    """
    An inventory with a stream of three objects, all of them acknowledged.
    """
    with ExitStack() as stack:
        made: Inventory = request.param(stack)
        await made.begin(STREAM, 0)
        await made.note(STREAM, [Note(0, key, f"{key}1") for key in "abc"])
        await made.complete(STREAM, 0)
        yield made


async def _all(batches: AsyncIterator[Sequence[str]]) -> list[str]:
    return sorted([key async for batch in batches for key in batch])


async def _marks(inventory: Inventory) -> dict[str, str]:
    return dict(await inventory.marks(STREAM, ["a", "b", "c", "d", "e"]))


async def test_a_stream_begins_empty_and_incomplete() -> None:
    """
    What is noted up to the number it begins with is real at once, and beginning again forgets it.
    """
    inventory = MemoryInventory()
    await inventory.begin(STREAM, 7)
    await inventory.note(STREAM, [Note(7, "a", "a1")])
    assert Standing(7, RUN, 1, 0, complete=False) == await inventory.settle(STREAM, 7)
    await inventory.begin(STREAM, 9)
    assert Standing(9, 2 * RUN, 0, 0, complete=False) == await inventory.settle(STREAM, 9)


async def test_what_is_noted_is_pending_until_its_number_is_presented(inventory: Inventory) -> None:
    """
    Whoever presents a number has what came up to it; what came later is taken back.
    """
    await inventory.note(STREAM, [Note(1, "a", "a2"), Note(2, "b", None), Note(3, "c", "c2")])
    assert {"a": "a2", "c": "c2"} == await _marks(inventory)

    assert Standing(2, RUN, 2, 0, complete=True) == await inventory.settle(STREAM, 2)
    assert {"a": "a2", "c": "c1"} == await _marks(inventory)


async def test_a_deletion_that_is_taken_back_leaves_the_object(inventory: Inventory) -> None:
    """
    It has to be told of again.
    """
    await inventory.note(STREAM, [Note(1, "a", None)])
    assert Standing(0, RUN, 3, 0, complete=True) == await inventory.settle(STREAM, 0)
    assert "a1" == (await _marks(inventory))["a"]


async def test_a_new_object_that_is_taken_back_stays_known(inventory: Inventory) -> None:
    """
    The consumer may have kept it, so that its deletion must be told of.
    """
    await inventory.note(STREAM, [Note(1, "d", "d1")])
    assert Standing(0, RUN, 4, 0, complete=True) == await inventory.settle(STREAM, 0)
    assert TOLD == (await _marks(inventory))["d"]


async def test_an_older_number_changes_nothing(inventory: Inventory) -> None:
    """
    The standing shows that a later one was presented.
    """
    await inventory.note(STREAM, [Note(1, "a", "a2"), Note(2, "b", "b2")])
    await inventory.settle(STREAM, 2)
    assert Standing(2, RUN, 3, 0, complete=True) == await inventory.settle(STREAM, 1)
    assert "b2" == (await _marks(inventory))["b"]


async def test_a_walk_misses_what_it_did_not_meet(inventory: Inventory) -> None:
    """
    What is new in this run or gone by it is not missed, and each walk begins with nobody met.
    """
    await inventory.note(STREAM, [Note(1, "d", "d1"), Note(2, "c", None)])
    await inventory.see(STREAM, "first", ["a", "d"])
    assert ["b"] == await _all(inventory.unseen(STREAM, "first"))
    await inventory.see(STREAM, "second", ["b"])
    assert ["a"] == await _all(inventory.unseen(STREAM, "second"))
    assert ["a", "b"] == await _all(inventory.unseen(STREAM, "third"))


async def test_the_surplus_is_kept(inventory: Inventory) -> None:
    """
    It comes back with the standing.
    """
    await inventory.complete(STREAM, -2)
    assert Standing(0, RUN, 3, -2, complete=True) == await inventory.settle(STREAM, 0)


async def test_an_older_run_is_stopped_by_a_later_one(inventory: Inventory) -> None:
    """
    Else a consumer of the later one would acknowledge what only the older one told of.
    """
    older, later = await inventory.settle(STREAM, 0), await inventory.settle(STREAM, 0)
    assert older is not None
    assert later is not None
    await inventory.note(STREAM, [Note(later.base + 1, "a", "a2")])
    with pytest.raises(ConnectionBroken, match="Another call"):
        await inventory.note(STREAM, [Note(older.base + 1, "b", "b2")])
    assert {"a": "a2", "b": "b1", "c": "c1"} == await _marks(inventory)


async def test_an_unknown_stream_has_no_standing(inventory: Inventory) -> None:
    """
    Its token was made by another process, or long ago.
    """
    assert await inventory.settle("another", 0) is None


async def test_memory_forgets_the_stream_unused_for_longest() -> None:
    """
    So that consumers who start again and again do not fill it.
    """
    inventory = MemoryInventory(streams=2)
    for stream in ("first", "second"):
        await inventory.begin(stream, 0)
    await inventory.settle("first", 0)
    await inventory.begin("third", 0)
    assert [True, False, True] == [
        await inventory.settle(stream, 0) is not None for stream in ("first", "second", "third")
    ]
