"""
What the tests of the XML API's client share.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from fakes.scripted_site import ScriptedSite
from fakes.virtual_time import VirtualClock


@pytest.fixture
async def scripted(clock: VirtualClock) -> AsyncIterator[ScriptedSite]:
    """
    A site that answers as the test says.
    """
    async with AsyncExitStack() as stack:
        yield ScriptedSite(stack, clock)
