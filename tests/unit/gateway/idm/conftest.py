"""
The REST door in front of the in-memory connector.
"""

from collections.abc import AsyncIterator, Callable

import pytest

from fakes.idm_door import Rig
from fakes.memory_connector import staff
from fakes.virtual_time import VirtualClock


@pytest.fixture
async def rig(clock: VirtualClock) -> AsyncIterator[Rig]:
    """
    The door with five people behind it, `P-0001` to `P-0005`.
    """
    made = Rig(clock)
    staff(made.connector, 5)
    async with made.http:
        yield made


@pytest.fixture
def world(rig: Rig) -> Callable[[], str]:
    """
    A function that returns everything there is, as one text; compare it before and after.
    """
    return lambda: repr(rig.connector.world) + repr(rig.journal.entries)
