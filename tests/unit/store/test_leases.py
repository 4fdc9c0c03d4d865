"""
One alone, among processes.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.store.leases import Leases, LeaseTaken
from webex_connector.store.opening import Store

LIFE = timedelta(seconds=60)


async def test_one_after_the_other(store: Store, another: Callable[[], Store], clock: VirtualClock) -> None:
    """
    Two processes never hold the lease at once; the second goes on when the first is done.
    """
    inside: list[str] = []

    async def work(name: str, leases: Leases) -> None:
        async with leases.alone("it", LIFE):
            inside.append(f"{name} in")
            await clock.sleep(5)
            inside.append(f"{name} out")

    one, two = (Leases(each.database, clock) for each in (store, another()))
    await asyncio.gather(work("a", one), work("b", two))

    assert ["a in", "a out", "b in", "b out"] == inside
    assert 10 <= clock.monotonic() < 11


async def test_other_names_do_not_wait(store: Store, clock: VirtualClock) -> None:
    """
    A lease is about one thing.
    """
    leases = Leases(store.database, clock)
    async with leases.alone("it", LIFE), leases.alone("else", LIFE):
        assert 0 == clock.monotonic()


async def test_a_dead_owner_is_waited_for_no_longer_than_its_life(store: Store, clock: VirtualClock) -> None:
    """
    A process that died with the lease does not keep it for ever.
    """
    leases = Leases(store.database, clock)
    dead = leases.alone("it", LIFE)
    await dead.__aenter__()

    async with leases.alone("it", LIFE):
        assert 60 <= clock.monotonic() < 61


async def test_who_was_too_slow_does_not_end_the_next_ones_lease(store: Store, clock: VirtualClock) -> None:
    """
    Giving back is for one's own lease alone.
    """
    leases = Leases(store.database, clock)
    slow = leases.alone("it", LIFE)
    await slow.__aenter__()
    async with leases.alone("it", LIFE):
        await slow.__aexit__(None, None, None)
        waiting = asyncio.create_task(leases.alone("it", LIFE).__aenter__())
        await clock.sleep(10)
        assert not waiting.done()
        waiting.cancel()


async def test_a_clock_that_was_set_back_keeps_nobody_waiting(store: Store, clock: VirtualClock) -> None:
    """
    A lease that ends later than any can is void.
    """

    class Tomorrow(VirtualClock):
        def now(self) -> datetime:
            return EPOCH + timedelta(days=1)

    await Leases(store.database, Tomorrow()).alone("it", LIFE).__aenter__()

    async with Leases(store.database, clock).alone("it", LIFE):
        assert 0 == clock.monotonic()


async def test_a_kept_lease_outlives_its_time(store: Store, another: Callable[[], Store], clock: VirtualClock) -> None:
    """
    As long as its owner lives nobody else gets it, and is told so; afterwards it is free at once.
    """
    one, two = (Leases(each.database, clock) for each in (store, another()))
    async with one.kept("it", LIFE):
        await clock.sleep(1000)
        with pytest.raises(LeaseTaken):
            async with two.kept("it", LIFE):
                pytest.fail("two have it")
    began = clock.monotonic()
    async with two.kept("it", LIFE):
        assert clock.monotonic() == began


async def test_a_kept_lease_of_a_dead_process_is_waited_for(store: Store, clock: VirtualClock) -> None:
    """
    Nobody renews it, so whoever comes next has it when its time is over.
    """
    leases = Leases(store.database, clock)
    dead = leases.alone("it", LIFE)
    await dead.__aenter__()
    async with leases.kept("it", LIFE):
        assert 60 <= clock.monotonic() < 61
