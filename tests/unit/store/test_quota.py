"""
Destructive writes, counted over all processes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.store.clients import By
from webex_connector.store.opening import Store, StorePlace, opened
from webex_connector.store.quota import Account, Allowance, Destructions, Ruling, Stop

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


def _fewer_than(limit: int) -> Callable[[Account], Ruling]:
    return lambda account: Ruling.COUNTED if len(account.moments) < limit else Ruling.REFUSED


async def _admitted(table: Destructions, decide: Callable[[Account], Ruling], client: str = "anna") -> Ruling:
    return await table.admit(client, "webex", "scim", decide)


class _Look:
    """
    Looks and lets nothing through.
    """

    def __init__(self) -> None:
        self.seen: list[Account] = []

    def __call__(self, account: Account) -> Ruling:
        self.seen.append(account)
        return Ruling.REFUSED

    @property
    def moments(self) -> list[list[float]]:
        return [sorted(each.moments) for each in self.seen]


async def test_processes_count_together(store: Store, another: Callable[[], Store], clock: VirtualClock) -> None:
    """
    Starting a second process does not double the quota, and a restart does not renew it.
    """
    here, there = (Destructions(each.database, clock, HOUR) for each in (store, another()))

    ruled = [await _admitted(each, _fewer_than(3)) for each in (here, there, here, there, here)]

    assert [Ruling.COUNTED] * 3 + [Ruling.REFUSED] * 2 == ruled


async def test_what_is_refused_does_not_count(store: Store, clock: VirtualClock) -> None:
    """
    Trying in vain leaves no trace; neither does a decision that raises.
    """
    table, look = Destructions(store.database, clock, HOUR), _Look()

    def doubt(account: Account) -> Ruling:
        raise LookupError

    await _admitted(table, look)
    with pytest.raises(LookupError):
        await _admitted(table, doubt)
    await _admitted(table, look)

    assert [Account(), Account()] == look.seen


async def test_writes_count_for_an_hour_and_for_their_client(store: Store, clock: VirtualClock) -> None:
    """
    The one exactly an hour ago is gone; another client has none.
    """
    table, look = Destructions(store.database, clock, HOUR), _Look()
    await _admitted(table, _fewer_than(9))
    await clock.sleep(1000)
    await _admitted(table, _fewer_than(9))
    await _admitted(table, look)
    await _admitted(table, look, "bert")
    await clock.sleep(2600)
    await _admitted(table, look)

    assert [[-1000.0, 0.0], [], [-2600.0]] == look.moments


async def test_a_stop_holds_until_it_is_lifted_and_is_told_once(
    store: Store, another: Callable[[], Store], clock: VirtualClock
) -> None:
    """
    Every process sees it, with where it came from; lifting it forgets what counted.
    """
    here, there = (Destructions(each.database, clock, HOUR) for each in (store, another()))
    await _admitted(here, _fewer_than(1))
    await _admitted(here, lambda _: Ruling.STOPPED)
    stop = Stop(clock.now(), "webex", "scim", told=False)
    assert {"anna": Account((0.0,), stop)} == await there.all()

    await there.note_told("anna")
    assert {"anna": Account((0.0,), replace(stop, told=True))} == await here.all()
    assert await there.allow("anna", None, By("ben", "shell"))
    assert not await there.allow("anna", None, By("ben", "shell"))
    assert {} == await here.all()


async def test_an_allowance_is_drawn_from_to_its_end(store: Store, clock: VirtualClock) -> None:
    """
    One less each time; used up or over, it is not there any more.
    """
    table, look = Destructions(store.database, clock, HOUR), _Look()
    ends = clock.now() + HOUR
    await table.allow("anna", Allowance(2, ends), By("ben", "shell"))
    await _admitted(table, lambda _: Ruling.DRAWN)
    await _admitted(table, look)
    await _admitted(table, lambda _: Ruling.DRAWN)
    await _admitted(table, look)
    await table.allow("anna", Allowance(2, ends), By("ben", "shell"))
    await clock.sleep(3600)
    await _admitted(table, look)

    assert [Allowance(1, ends), None, None] == [each.allowance for each in look.seen]


async def test_a_clock_that_is_a_little_ahead_is_none_of_a_doubt(store: Store) -> None:
    """
    Two machines differ by seconds; by an hour, something is wrong, and the decision sees it.
    """
    look = _Look()
    for ahead in (5, 3000):
        await _admitted(Destructions(store.database, _At(EPOCH + timedelta(seconds=ahead)), HOUR), _fewer_than(9))
    await _admitted(Destructions(store.database, _At(EPOCH), HOUR), look)

    assert [[0.0, 3000.0]] == look.moments


def test_many_at_once_do_not_pass_the_limit(place: StorePlace) -> None:
    """
    Between looking and counting nobody else comes.
    """

    async def run() -> list[Ruling]:
        stores = [opened(place) for _ in range(2)]
        tables = [Destructions(store.database, _At(EPOCH), HOUR) for store in stores]
        found = await asyncio.gather(*(_admitted(table, _fewer_than(7)) for table in tables for _ in range(10)))
        for store in stores:
            store.close()
        return found

    assert 7 == asyncio.run(run()).count(Ruling.COUNTED)
