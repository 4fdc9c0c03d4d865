"""
What every test may use.
"""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from fakes.virtual_time import VirtualClock, VirtualTimeLoop


def pytest_asyncio_loop_factories(
    config: pytest.Config,
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """
    Run every asynchronous test in virtual time, so that no test sleeps.
    """
    return {"virtual": VirtualTimeLoop}


@pytest.fixture
def clock() -> VirtualClock:
    """
    The clock of the test's own loop.
    """
    return VirtualClock()
