"""
What the tests of the connector of classic sites share.
"""

from collections.abc import AsyncIterator

import pytest

from fakes.classic_site import ClassicSite, running_site
from fakes.virtual_time import VirtualClock


@pytest.fixture
async def running(clock: VirtualClock) -> AsyncIterator[ClassicSite]:
    """
    A site of twenty users, and the system that manages it.
    """
    async with running_site(clock) as running:
        yield running
