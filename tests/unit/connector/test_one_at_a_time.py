"""
Turns at an object.
"""

import asyncio

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.connector.one_at_a_time import OneAtATime
from webex_connector.webex.ids import encode

UUID = "3e7a9c15-b04d-4f68-82d1-0000000000ff"


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [(UUID, UUID, 2), (encode("PEOPLE", UUID), UUID, 2), (UUID, UUID.upper(), 2), (UUID, "somebody else", 1)],
    ids=["the same id", "both forms of it", "capitals", "another one"],
)
async def test_who_waits_for_whom(first: str, second: str, seconds: float, clock: VirtualClock) -> None:
    """
    Two who mean the same object take turns, whatever they call it; others do not wait. Nothing is kept of either.
    """
    turns, began = OneAtATime(), clock.monotonic()

    async def work(uid: str) -> None:
        async with turns.turn(uid):
            await clock.sleep(1)

    await asyncio.gather(work(first), work(second))

    assert seconds == clock.monotonic() - began
    assert {} == turns._locks
