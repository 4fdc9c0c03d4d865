"""
What the tests of the Webex client share: a scripted server on a real socket, and a client pointed at it.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from fakes.virtual_time import VirtualClock
from fakes.visit import Visit
from fakes.webex_stage import Stage
from webex_connector.sandbox.sandbox import Sandbox


@pytest.fixture
async def stage(clock: VirtualClock) -> AsyncIterator[Stage]:
    """
    Where a scripted server and its clients meet.
    """
    async with AsyncExitStack() as stack:
        yield Stage(stack, clock)


@pytest.fixture
async def visit(clock: VirtualClock) -> AsyncIterator[Visit]:
    """
    An organisation of 250 people.
    """
    sandbox = Sandbox(people=250, clock=clock)
    async with sandbox.serving() as address:
        visit = Visit(sandbox, address, clock)
        yield visit
        await visit.client.aclose()
