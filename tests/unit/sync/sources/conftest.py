"""
What every test of a source may use.
"""

from collections.abc import Iterator

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.store.engine import in_memory
from webex_connector.store.ledgers import LedgerTable
from webex_connector.store.tables import METADATA


@pytest.fixture
def ledgers(clock: VirtualClock) -> Iterator[LedgerTable]:
    """
    What followers know, in memory.
    """
    database = in_memory()
    database.write_now(METADATA.create_all)
    yield LedgerTable(database, clock)
    database.close()
