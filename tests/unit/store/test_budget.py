"""
One row of places for every process; the behaviour is that of a budget in memory.
"""

import asyncio
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import text

from fakes.virtual_time import VirtualClock
from webex_connector.store.budget import SharedBudget
from webex_connector.store.opening import Store, StorePlace, opened


async def test_places_come_at_their_interval(store: Store, clock: VirtualClock) -> None:
    """
    The first is free at once, the next ones follow one by one.
    """
    budget = SharedBudget(store.database, "a", clock)

    waits = [await budget.reserve(1, 2.0) for _ in range(3)]

    assert waits == pytest.approx([-0.1, 1.9, 3.9], abs=1e-5)


async def test_many_places_are_taken_at_once(store: Store, clock: VirtualClock) -> None:
    """
    A lease of five is five intervals long for whoever comes next.
    """
    budget = SharedBudget(store.database, "a", clock)

    await budget.reserve(5, 0.5)

    assert pytest.approx(2.4, abs=1e-5) == await budget.reserve(1, 0.5)


async def test_processes_share_a_row_and_names_do_not(
    store: Store,
    another: Callable[[], Store],
    clock: VirtualClock,
) -> None:
    """
    What one has taken another does not get; another organisation's row is its own.
    """
    await SharedBudget(store.database, "a", clock).reserve(1, 10.0)
    there = another().database

    assert pytest.approx(9.9, abs=1e-5) == await SharedBudget(there, "a", clock).reserve(1, 10.0)
    assert pytest.approx(-0.1, abs=1e-5) == await SharedBudget(there, "b", clock).reserve(1, 10.0)


async def test_a_row_that_fell_behind_catches_up_by_a_little(store: Store, clock: VirtualClock) -> None:
    """
    An idle hour is no reserve to burst with.
    """
    budget = SharedBudget(store.database, "a", clock)
    await budget.reserve(1, 1.0)
    await clock.sleep(3000)

    assert pytest.approx(-0.1, abs=1e-5) == await budget.reserve(1, 1.0)


async def test_a_hold_moves_every_place_behind_it(store: Store, another: Callable[[], Store]) -> None:
    """
    A refusal that one process met stops the others too; a shorter hold does not shorten it.
    """
    clock = VirtualClock()
    budget = SharedBudget(store.database, "a", clock)
    await budget.hold(30)
    await budget.hold(5)

    assert pytest.approx(30, abs=1e-5) == await SharedBudget(another().database, "a", clock).reserve(1, 1.0)


async def test_a_clock_that_was_set_back_stops_nobody(store: Store, clock: VirtualClock) -> None:
    """
    A place that lies beyond every possible wait is void.
    """
    budget = SharedBudget(store.database, "a", clock)
    await budget.reserve(1, 1.0)
    await store.database.write(lambda link: link.execute(text("UPDATE budgets SET next = next + 86400")))

    assert pytest.approx(-0.1, abs=1e-5) == await budget.reserve(1, 1.0)


_WORKER = """
import asyncio, sys
from pathlib import Path
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.store.budget import SharedBudget
from webex_connector.store.opening import StorePlace, opened

async def main(folder, url, rounds):
    store = opened(StorePlace(Path(folder), Secret(url) if url else None))
    clock = SystemClock()
    budget = SharedBudget(store.database, "shared", clock)
    for _ in range(rounds):
        wait = await budget.reserve(2, 0.002)
        print(clock.now().timestamp() + wait)
    store.close()

asyncio.run(main(sys.argv[1], sys.argv[2], 50))
"""


def test_two_processes_together_keep_the_rate(place: StorePlace) -> None:
    """
    A hundred leases of two real processes are two intervals apart: no place was given twice.
    """
    opened(place, inline=True).close()
    url = "" if place.database is None else place.database.reveal()

    async def run() -> list[float]:
        workers = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", _WORKER, str(place.folder), url, stdout=asyncio.subprocess.PIPE
            )
            for _ in range(2)
        ]
        outs = await asyncio.gather(*(worker.communicate() for worker in workers))
        assert [0, 0] == [worker.returncode for worker in workers]
        return sorted(float(line) for out, _ in outs for line in out.splitlines())

    places = asyncio.run(run())

    assert 100 == len(places)
    # Each lease is two intervals of 2 ms; the wall clock that was added is read a moment later than the row's.
    assert places[-1] - places[0] >= 99 * 0.004 - 0.1
