"""
What every test of the sync engine may use.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.sync_house import SyncHouse
from fakes.virtual_time import VirtualClock
from webex_connector.store.engine import in_memory
from webex_connector.store.tables import METADATA


@pytest.fixture
def house(tmp_path: Path, clock: VirtualClock) -> Iterator[SyncHouse]:
    """
    An engine whose both ends are in memory.
    """
    database = in_memory()
    database.write_now(METADATA.create_all)
    yield SyncHouse(database, tmp_path, clock)
    database.close()
