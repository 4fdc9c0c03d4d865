"""
Leases: one of many processes alone may do something, until it says that it has done it or its time is over.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import LEASES

_ASK_AGAIN = 0.2
"""Seconds between two looks at a lease that another process has."""


class Leases:
    """
    The leases of one database.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    @asynccontextmanager
    async def alone(self, name: str, life: timedelta) -> AsyncIterator[None]:
        """
        Wait until nobody has the lease, and have it while the block runs.

        A process that died with it keeps others waiting for its `life` at most; a block that takes longer than that is
        not alone any more. Raises StoreFailed.
        """
        owner = secrets.token_hex(8)
        while not await self._database.write(lambda link: self._taken(link, name, owner, life)):
            await self._clock.sleep(_ASK_AGAIN)
        try:
            yield
        finally:
            await self._database.write(lambda link: _given_back(link, name, owner))

    def _taken(self, link: Connection, name: str, owner: str, life: timedelta) -> bool:
        now = self._clock.now()
        ends: datetime | None = link.scalar(select(LEASES.c.ends).where(LEASES.c.name == name))
        # A lease that would last longer than anybody's was taken before the clock was set back.
        if ends is not None and now < ends <= now + life:
            return False
        link.execute(delete(LEASES).where(LEASES.c.name == name))
        link.execute(insert(LEASES).values(name=name, owner=owner, ends=now + life))
        return True


def _given_back(link: Connection, name: str, owner: str) -> None:
    link.execute(delete(LEASES).where(LEASES.c.name == name, LEASES.c.owner == owner))
