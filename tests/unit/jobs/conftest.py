"""
A shop with nothing to do, and work for it.
"""

import pytest

from fakes.shop import Counting, Shop
from fakes.virtual_time import VirtualClock
from webex_connector.store.opening import Store


@pytest.fixture
def shop(store: Store, clock: VirtualClock) -> Shop:
    """
    A store with no runs.
    """
    return Shop(store, clock)


@pytest.fixture
def work(shop: Shop) -> Counting:
    """
    The work of runs named `count`; of those with one name, one at a time.
    """
    found = Counting()
    shop.kinds.register("count", found, lambda arguments: f"name {arguments['name']}")
    return found
