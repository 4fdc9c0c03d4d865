"""
The Control Hub connector against the sandbox, with somebody reading along.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fakes.hub import Hub, facade_to
from fakes.ports import MemoryJournal
from fakes.published import Exchange
from fakes.witness import Witness
from webex_connector.base.clock import Clock
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox


@asynccontextmanager
async def watched_hub(
    clock: Clock, heard: list[Exchange], *, people: int = 6, quirks: Quirks | None = None, **properties: Any
) -> AsyncIterator[Hub]:
    """
    Serve a sandbox and open the connector to it; afterwards `heard` has, in addition, all that was said.
    """
    sandbox = Sandbox(people=people, clock=clock, quirks=quirks)
    witness, journal = Witness(sandbox), MemoryJournal()
    async with witness.serving() as address:
        facade = facade_to(sandbox, address, clock, journal, **properties)
        try:
            yield Hub(sandbox, facade, journal, address)
        finally:
            await facade.aclose()
            heard += witness.exchanges
