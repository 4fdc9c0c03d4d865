"""
What the tests of the Webex client share: a scripted server on a real socket, and a client pointed at it.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from fakes.virtual_time import VirtualClock
from fakes.webex_stage import Stage


@pytest.fixture
async def stage(clock: VirtualClock) -> AsyncIterator[Stage]:
    """
    Where a scripted server and its clients meet.
    """
    async with AsyncExitStack() as stack:
        yield Stage(stack, clock)
