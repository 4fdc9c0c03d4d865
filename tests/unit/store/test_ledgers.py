"""
Ledgers: what a follower of a source has dealt with counts, and nothing else.
"""

from datetime import timedelta

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.store.ledgers import FORGOTTEN_AFTER, LedgerTable, Noted
from webex_connector.store.opening import Store


@pytest.fixture
def ledgers(store: Store, clock: VirtualClock) -> LedgerTable:
    """
    The table of ledgers.
    """
    return LedgerTable(store.database, clock)


async def begun(ledgers: LedgerTable, **digests: bytes) -> str:
    """
    Return a ledger that has these records.
    """
    ledger = await ledgers.begin("hr")
    await ledgers.enter(ledger, digests)
    return ledger


async def held(ledgers: LedgerTable, ledger: str) -> dict[str, bytes]:
    """
    Return everything that a ledger has.
    """
    keys = [key async for some in ledgers.keys(ledger) for key in some]
    found = await ledgers.digests(ledger, keys)
    assert await ledgers.count(ledger) == len(found) == len(keys)
    return found


STEPS = (Noted(1, "a", b"A"), Noted(2, "b", None), Noted(3, "c", b"c"))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (0, {"a": b"a", "b": b"b"}),
        (1, {"a": b"A", "b": b"b"}),
        (2, {"a": b"A"}),
        (3, {"a": b"A", "c": b"c"}),
    ],
)
async def test_what_was_dealt_with_counts(ledgers: LedgerTable, step: int, expected: dict[str, bytes]) -> None:
    """
    Changes up to the step are taken over; those after it were never told.
    """
    ledger = await begun(ledgers, a=b"a", b=b"b")
    other = await begun(ledgers, a=b"other")
    await ledgers.note(ledger, STEPS)
    assert await ledgers.settle(ledger, "hr", step)
    assert await held(ledgers, ledger) == expected
    assert await ledgers.settle(ledger, "hr", step), "a follower that comes back twice is the same one"
    assert await held(ledgers, ledger) == expected
    assert await held(ledgers, other) == {"a": b"other"}


async def test_a_step_that_nobody_was_told_is_refused(ledgers: LedgerTable) -> None:
    """
    So is one that was left behind, another source's ledger, and one that there is none.
    """
    ledger = await begun(ledgers, a=b"a")
    await ledgers.note(ledger, STEPS)
    assert not await ledgers.settle(ledger, "hr", 4)
    assert not await ledgers.settle(ledger, "sales", 1)
    assert not await ledgers.settle("none", "hr", 0)
    assert await ledgers.settle(ledger, "hr", 2)
    assert not await ledgers.settle(ledger, "hr", 1)
    assert not await ledgers.settle(ledger, "hr", 3), "what was never dealt with is told under a new number"


async def test_a_ledger_that_nobody_comes_back_to_is_forgotten(ledgers: LedgerTable, clock: VirtualClock) -> None:
    """
    After a month, when another is begun; one that is in use stays.
    """
    left, used = await begun(ledgers, a=b"a"), await begun(ledgers, a=b"a")
    await clock.sleep((FORGOTTEN_AFTER - timedelta(days=1)).total_seconds())
    assert await ledgers.settle(used, "hr", 0)
    await clock.sleep(timedelta(days=2).total_seconds())
    await begun(ledgers)
    assert not await ledgers.settle(left, "hr", 0)
    assert await held(ledgers, left) == {}
    assert await held(ledgers, used) == {"a": b"a"}


async def test_a_ledger_can_be_removed(ledgers: LedgerTable) -> None:
    """
    With everything in it.
    """
    ledger = await begun(ledgers, a=b"a")
    await ledgers.forget(ledger)
    assert await held(ledgers, ledger) == {}


async def test_a_large_ledger_is_read_in_pieces(ledgers: LedgerTable) -> None:
    """
    Every key once, whatever letters it has.
    """
    ledger = await ledgers.begin("hr")
    keys = [f"{'é' if number % 2 else 'Z'}{number}" for number in range(1500)]
    await ledgers.enter(ledger, dict.fromkeys(keys, b"x"))
    found = [key async for some in ledgers.keys(ledger) for key in some]
    assert sorted(found) == sorted(keys)
