"""
What the tests of the token endpoint have in common.
"""

from collections.abc import AsyncIterator, Iterator

import pytest

from fakes.token_desk import Desk, token_desk
from fakes.virtual_time import VirtualClock
from webex_connector.store.opening import Store, StorePlace, opened


@pytest.fixture
def store() -> Iterator[Store]:
    """
    A store in memory.
    """
    found = opened(StorePlace())
    yield found
    found.close()


@pytest.fixture
async def desk(store: Store, clock: VirtualClock) -> AsyncIterator[Desk]:
    """
    A token endpoint before that store.
    """
    async with token_desk(store, clock) as found:
        yield found
