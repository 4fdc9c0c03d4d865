"""
A simulated organisation of twenty people with the connector to it.
"""

from collections.abc import AsyncIterator

import pytest

from fakes.hub import Hub, running_hub
from fakes.virtual_time import VirtualClock


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    The organisation with its default habits.
    """
    async with running_hub(clock) as running:
        yield running
