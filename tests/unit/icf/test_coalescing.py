"""
Identical reads in flight are one, and no read that began before a write answers somebody who came after it.
"""

import asyncio

import pytest

from fakes.memory_connector import MemoryConnector, Traits, staff
from fakes.memory_subjects import facade_of
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.coalescing import InFlight
from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.options import OperationOptions

OPTIONS = OperationOptions()


class Reads:
    """
    Slow reads that count themselves; the answer is the number of the read.
    """

    def __init__(self, error: Exception | None = None) -> None:
        self.started = 0
        self.finished = 0
        self.error = error

    async def read(self) -> int:
        """
        Take ten seconds.
        """
        self.started += 1
        number = self.started
        await asyncio.sleep(10)
        self.finished += 1
        if self.error is not None:
            raise self.error
        return number


async def test_reads_of_one_key_are_one() -> None:
    """
    Everybody who asks while a read is under way gets its answer; whoever comes later starts another.
    """
    reads, flights = Reads(), InFlight[str, int]()

    assert [1, 1, 1] == await asyncio.gather(*(flights.read("a", reads.read) for _ in range(3)))
    assert 2 == await flights.read("a", reads.read)


async def test_reads_of_other_keys_are_their_own() -> None:
    """
    Reads of different things do not share an answer.
    """
    reads, flights = Reads(), InFlight[str, int]()

    assert [1, 2] == await asyncio.gather(*(flights.read(key, reads.read) for key in "ab"))


async def test_all_who_wait_get_the_error_and_the_next_tries_again() -> None:
    """
    A failure is shared by those who waited for it, and not remembered.
    """
    reads, flights = Reads(UnknownUid("gone")), InFlight[str, int]()

    both = await asyncio.gather(*(flights.read("a", reads.read) for _ in range(2)), return_exceptions=True)
    assert ["gone", "gone"] == [str(each) for each in both]
    assert 1 == reads.started
    reads.error = None
    assert 2 == await flights.read("a", reads.read)


async def test_an_outdated_read_is_not_joined() -> None:
    """
    After a write newcomers start a read of their own, those who were there before keep theirs.
    """
    reads, flights = Reads(), InFlight[str, int]()
    early = [asyncio.create_task(flights.read(key, reads.read)) for key in "ab"]
    await asyncio.sleep(1)

    flights.outdate(lambda key: key == "a")
    late = await asyncio.gather(*(flights.read(key, reads.read) for key in "ab"))

    assert [3, 2] == late
    assert [1, 2] == await asyncio.gather(*early)


async def test_an_outdated_read_that_ends_does_not_hide_the_new_one() -> None:
    """
    When the old read ends first, the new one of the same key can still be joined.
    """
    reads, flights = Reads(), InFlight[str, int]()
    old = asyncio.create_task(flights.read("a", reads.read))
    await asyncio.sleep(5)
    flights.outdate(lambda _: True)
    new = asyncio.create_task(flights.read("a", reads.read))
    await old

    assert 2 == await flights.read("a", reads.read) == await new


async def test_one_who_gives_up_does_not_take_the_read_along() -> None:
    """
    A read goes on while anybody waits for it.
    """
    reads, flights = Reads(), InFlight[str, int]()
    impatient, patient = (asyncio.create_task(flights.read("a", reads.read)) for _ in range(2))
    await asyncio.sleep(1)

    impatient.cancel()

    assert 1 == await patient
    assert impatient.cancelled()


async def test_a_read_that_nobody_waits_for_is_cancelled() -> None:
    """
    When the last one gives up the read ends too, and whoever comes at that very moment starts a new one.
    """
    reads, flights = Reads(), InFlight[str, int]()
    only = asyncio.create_task(flights.read("a", reads.read))
    await asyncio.sleep(1)

    only.cancel()
    with pytest.raises(asyncio.CancelledError):
        await only
    assert 2 == await flights.read("a", reads.read)
    assert (2, 1) == (reads.started, reads.finished)


async def test_gets_of_one_object_are_one_call() -> None:
    """
    A hundred callers who ask for the same object at once cost one request; other attributes are another question.
    """
    connector = MemoryConnector(Traits(seconds=1))
    staff(connector, 2)
    facade = facade_of(connector)
    shy = OperationOptions(attributes_to_get=("groups",))

    await asyncio.gather(*(facade.get("__account__", "P-0001", OPTIONS) for _ in range(100)))
    assert 1 == connector.traffic.calls["get"]
    await asyncio.gather(*(facade.get(names.ACCOUNT, "P-0001", each) for each in (OPTIONS, shy)))
    assert 3 == connector.traffic.calls["get"]


async def test_a_get_after_a_write_sees_the_write(clock: VirtualClock) -> None:
    """
    A get that begins once an update has ended does not join a slower get that began before the update.
    """
    connector = MemoryConnector(Traits(seconds=5))
    staff(connector, 1)
    facade = facade_of(connector)
    early = asyncio.create_task(facade.get(names.ACCOUNT, "P-0001", OPTIONS))
    await asyncio.sleep(1)

    connector.traits.seconds = 1
    await facade.update(names.ACCOUNT, "P-0001", [replaced("title", "new")], OPTIONS)
    assert 2 == clock.monotonic()
    late = await facade.get(names.ACCOUNT, "P-0001", OPTIONS)

    assert ("new",) == late.values("title")
    assert not early.done()
    await early
    assert 2 == connector.traffic.calls["get"]
