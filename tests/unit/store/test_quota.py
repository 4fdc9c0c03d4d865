"""
Destructive writes, counted over all processes.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.store.opening import Store, StorePlace, opened
from webex_connector.store.quota import Destructions

HOUR = timedelta(hours=1)


class _At:
    """
    A clock that stands.
    """

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


def _fewer_than(limit: int) -> Callable[[Sequence[float]], bool]:
    return lambda ages: len(ages) < limit


async def test_processes_count_together(store: Store, another: Callable[[], Store], clock: VirtualClock) -> None:
    """
    Starting a second process does not double the quota, and a restart does not renew it.
    """
    here, there = (Destructions(each.database, clock, HOUR) for each in (store, another()))

    permitted = [await each.admit("anna", _fewer_than(3)) for each in (here, there, here, there, here)]

    assert [True, True, True, False, False] == permitted


async def test_what_is_refused_does_not_count(store: Store, clock: VirtualClock) -> None:
    """
    Trying in vain leaves no trace; neither does a decision that raises.
    """
    table, seen = Destructions(store.database, clock, HOUR), []

    def look(ages: Sequence[float]) -> bool:
        seen.append(list(ages))
        return False

    def doubt(ages: Sequence[float]) -> bool:
        raise LookupError

    await table.admit("anna", look)
    with pytest.raises(LookupError):
        await table.admit("anna", doubt)
    await table.admit("anna", look)

    assert [[], []] == seen


async def test_writes_count_for_an_hour_and_for_their_client(store: Store, clock: VirtualClock) -> None:
    """
    The one exactly an hour ago is gone; another client has none.
    """
    table, seen = Destructions(store.database, clock, HOUR), []

    def look(ages: Sequence[float]) -> bool:
        seen.append(sorted(ages))
        return False

    await table.admit("anna", lambda _: True)
    await clock.sleep(1000)
    await table.admit("anna", lambda _: True)
    await table.admit("anna", look)
    await table.admit("bert", look)
    await clock.sleep(2600)
    await table.admit("anna", look)

    assert [[-1000.0, 0.0], [], [-2600.0]] == seen


async def test_a_clock_that_is_a_little_ahead_is_none_of_a_doubt(store: Store) -> None:
    """
    Two machines differ by seconds; by an hour, something is wrong, and the decision sees it.
    """
    seen: list[float] = []

    def look(ages: Sequence[float]) -> bool:
        seen.extend(ages)
        return False

    for ahead in (5, 3000):
        await Destructions(store.database, _At(EPOCH + timedelta(seconds=ahead)), HOUR).admit("anna", lambda _: True)
    await Destructions(store.database, _At(EPOCH), HOUR).admit("anna", look)

    assert [0.0, 3000.0] == sorted(seen)


def test_many_at_once_do_not_pass_the_limit(place: StorePlace) -> None:
    """
    Between looking and counting nobody else comes.
    """

    async def run() -> list[bool]:
        stores = [opened(place) for _ in range(2)]
        tables = [Destructions(store.database, _At(EPOCH), HOUR) for store in stores]
        found = await asyncio.gather(*(table.admit("anna", _fewer_than(7)) for table in tables for _ in range(10)))
        for store in stores:
            store.close()
        return found

    assert 7 == sum(asyncio.run(run()))
