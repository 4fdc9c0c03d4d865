"""
A budget gives places one after the other.
"""

from itertools import pairwise

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.webex.budget import MemoryBudget


async def test_places_are_one_interval_apart(clock: VirtualClock) -> None:
    """
    Nobody gets a place before an interval has passed since the last.
    """
    budget = MemoryBudget(clock)
    waits = [await budget.reserve(1, 0.5) for _ in range(4)]

    assert pytest.approx([0.5, 0.5, 0.5]) == [after - before for before, after in pairwise(waits)]


async def test_several_places_taken_at_once_are_all_counted(clock: VirtualClock) -> None:
    """
    Whoever comes after a lease of four waits for all four.
    """
    budget = MemoryBudget(clock)
    first = await budget.reserve(4, 0.25)

    assert await budget.reserve(1, 0.25) == pytest.approx(first + 1.0)


async def test_idle_time_is_not_saved_up(clock: VirtualClock) -> None:
    """
    After an hour without requests, those that may leave at once are those of a tenth of a second.
    """
    budget = MemoryBudget(clock)
    await clock.sleep(3600)
    waits = [await budget.reserve(1, 0.02) for _ in range(20)]

    assert 6 == sum(wait <= 1e-9 for wait in waits)


async def test_a_hold_moves_every_later_place(clock: VirtualClock) -> None:
    """
    A pause counts for everybody who takes a place after it began, and a shorter one later does not end it.
    """
    budget = MemoryBudget(clock)
    await budget.hold(7.0)
    await budget.hold(2.0)

    assert await budget.reserve(1, 0.5) == pytest.approx(7.0)
