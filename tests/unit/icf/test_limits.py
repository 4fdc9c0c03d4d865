"""
How much a system may be asked at once, and for how long.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from fakes.memory_connector import MemoryConnector, Traits, staff
from fakes.memory_following import FollowedHandler
from fakes.ports import MemoryJournal, OpenGuard
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import OperationTimeout
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.limits import Limiter, Limits
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import Operation

OPTIONS = OperationOptions()


def limited(connector: MemoryConnector, limits: Limits) -> Facade:
    """
    Return a facade with limits.
    """
    return Facade(
        "memory",
        connector,
        journal=MemoryJournal(),
        guard=OpenGuard(),
        clock=VirtualClock(),
        cookie_key=b"key",
        limits=limits,
    )


@pytest.mark.parametrize(
    ("operation", "call"),
    [
        (Operation.GET, lambda facade: facade.get(names.ACCOUNT, "P-0001", OPTIONS)),
        (Operation.SEARCH, lambda facade: anext(aiter(facade.search(names.ACCOUNT, EVERYTHING, OPTIONS)))),
    ],
)
async def test_a_read_that_lasts_too_long_is_given_up(
    clock: VirtualClock,
    operation: Operation,
    call: Callable[[Facade], Awaitable[object]],
) -> None:
    """
    A read ends with OperationTimeout at its limit, and one that is quick enough is not bothered.
    """
    connector = MemoryConnector(Traits(seconds=3))
    staff(connector, 1)

    with pytest.raises(OperationTimeout, match=f"{operation.value} took longer than 2 seconds"):
        await call(limited(connector, Limits(seconds={operation: 2})))
    assert 2 == clock.monotonic()
    assert await call(limited(connector, Limits(seconds={operation: 4})))


async def test_the_limit_of_a_search_is_that_of_each_batch(clock: VirtualClock) -> None:
    """
    A long search of quick batches goes on, however slowly its reader reads.
    """
    connector = MemoryConnector(Traits(seconds=3, batch_size=1))
    staff(connector, 5)
    facade = limited(connector, Limits(seconds={Operation.SEARCH: 4}))
    seen = 0

    async for batch in facade.search(names.ACCOUNT, EVERYTHING, OPTIONS):
        seen += len(batch)
        await clock.sleep(60)

    assert 5 == seen
    assert 5 * 63 == clock.monotonic()


async def test_a_write_is_never_cut_off(clock: VirtualClock) -> None:
    """
    A write that passes its limit is finished and told as done: its limit is a deadline for beginning steps.
    """
    connector = MemoryConnector(Traits(seconds=9))
    staff(connector, 1)
    facade = limited(connector, Limits(seconds={Operation.UPDATE: 2}))

    await facade.update(names.ACCOUNT, "P-0001", [replaced("title", "x")], OPTIONS)

    assert "x" == connector.world[names.ACCOUNT]["P-0001"]["title"]
    assert 9 == clock.monotonic()


async def test_no_more_at_once_than_allowed(clock: VirtualClock) -> None:
    """
    Ten reads and writes of a second each by two at a time take five seconds.
    """
    connector = MemoryConnector(Traits(seconds=1))
    staff(connector, 10)
    facade = limited(connector, Limits(concurrent=2))

    await asyncio.gather(
        *(facade.get(names.ACCOUNT, f"P-{number:04}", OPTIONS) for number in range(1, 6)),
        *(facade.delete(names.ACCOUNT, f"P-{number:04}", OPTIONS) for number in range(6, 11)),
    )

    assert 2 == connector.traffic.busiest
    assert 5 == clock.monotonic()


async def test_a_slow_reader_of_a_search_blocks_nobody() -> None:
    """
    A stream holds its slot only while it waits for the target.
    """
    connector = MemoryConnector(Traits(batch_size=1))
    staff(connector, 3)
    facade = limited(connector, Limits(concurrent=1, seconds={Operation.GET: 5}))
    reader = aiter(facade.search(names.ACCOUNT, EVERYTHING, OPTIONS))
    await anext(reader)

    assert "P-0003" == (await facade.get(names.ACCOUNT, "P-0003", OPTIONS)).uid
    assert ["P-0002", "P-0003"] == [each.uid async for batch in reader for each in batch]


async def test_waiting_for_a_slot_counts(clock: VirtualClock) -> None:
    """
    The time limit of a read includes the wait for its turn.
    """
    limiter = Limiter(Limits(concurrent=1, seconds={Operation.GET: 2}), clock)
    writing = asyncio.create_task(limiter.write(lambda: asyncio.sleep(10)))
    await asyncio.sleep(0)

    with pytest.raises(OperationTimeout):
        await limiter.read(Operation.GET, lambda: asyncio.sleep(0))
    assert 2 == clock.monotonic()
    await writing


async def test_a_slot_is_given_back_by_failure() -> None:
    """
    Work that fails or times out leaves its slot to the next.
    """
    limiter = Limiter(Limits(concurrent=1, seconds={Operation.GET: 1}), VirtualClock())

    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await limiter.read(Operation.GET, fail)
    with pytest.raises(ValueError, match="no"):
        await limiter.write(fail)
    with pytest.raises(OperationTimeout):
        await limiter.read(Operation.GET, lambda: asyncio.sleep(5))
    assert await limiter.read(Operation.GET, lambda: asyncio.sleep(0, result=True))


@pytest.mark.parametrize("limits", [Limits(), Limits(seconds={Operation.GET: 5})])
async def test_a_time_out_of_the_work_itself_is_its_own(limits: Limits) -> None:
    """
    A TimeoutError from inside is not taken for the operation's limit.
    """

    async def fail() -> None:
        raise TimeoutError("somebody else's")

    with pytest.raises(TimeoutError, match="somebody else's"):
        await Limiter(limits, VirtualClock()).read(Operation.GET, fail)


@pytest.mark.parametrize(
    ("seconds", "given", "expected"),
    [({}, None, None), ({}, 7.0, 7.0), ({Operation.CREATE: 5}, None, 8.0), ({Operation.CREATE: 5}, 4.0, 4.0)],
)
async def test_a_write_gets_the_earlier_deadline(
    clock: VirtualClock,
    seconds: dict[Operation, float],
    given: float | None,
    expected: float | None,
) -> None:
    """
    Of the caller's deadline and the operation's limit the earlier one counts.
    """
    await clock.sleep(3)

    bounded = Limiter(Limits(seconds=seconds), clock).bounded(OperationOptions(deadline=given), Operation.CREATE)

    assert expected == bounded.deadline


async def test_the_limit_of_following_is_that_of_each_change(clock: VirtualClock) -> None:
    """
    A consumer may take its time with each change; the target may not.
    """
    connector = MemoryConnector(Traits(seconds=2.0))
    staff(connector, 3)
    plain = connector.handlers[names.ACCOUNT]
    connector._handlers[names.ACCOUNT] = FollowedHandler(
        plain.info, connector.world[names.ACCOUNT], connector.traits, connector.traffic
    )
    patient = limited(connector, Limits(seconds={Operation.SYNC: 3.0}))
    told = 0
    async for _ in patient.sync(names.ACCOUNT, None, OPTIONS):
        await clock.sleep(60)
        told += 1
    assert 3 == told

    hasty = limited(connector, Limits(seconds={Operation.SYNC: 1.0}))
    with pytest.raises(OperationTimeout, match="SYNC took longer than 1 seconds"):
        await anext(hasty.sync(names.ACCOUNT, None, OPTIONS))
