"""
Leases: one of many processes alone may do something, until it says that it has done it or its time is over.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.errors import StoreError
from webex_connector.store.tables import LEASES

_ASK_AGAIN = 0.2
"""Seconds between two looks at a lease that another process has."""


class LeaseTaken(Exception):
    """
    Another process has the lease, and is alive.
    """


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

    @asynccontextmanager
    async def kept(self, name: str, life: timedelta) -> AsyncIterator[None]:
        """
        Have the lease while the block runs, however long that is: it is renewed as long as this process lives.

        One that a dead process left is waited for, its `life` at most. Raises LeaseTaken when another process has
        renewed it meanwhile, and StoreFailed.
        """
        owner, patience = secrets.token_hex(8), self._clock.monotonic() + life.total_seconds() + _ASK_AGAIN
        while not await self._database.write(lambda link: self._taken(link, name, owner, life)):
            if self._clock.monotonic() > patience:
                raise LeaseTaken(name)
            await self._clock.sleep(_ASK_AGAIN)
        renewing = asyncio.create_task(self._renewed(name, owner, life))
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
            await self._database.write(lambda link: _given_back(link, name, owner))

    async def take(self, name: str, life: timedelta) -> bool:
        """
        Have the lease for all of its `life`; False when somebody has it. Raises StoreFailed.
        """
        return await self._database.write(lambda link: self._taken(link, name, secrets.token_hex(8), life))

    async def give_up(self, name: str) -> None:
        """
        End a lease, whoever has it. Raises StoreFailed.
        """
        await self._database.write(lambda link: link.execute(delete(LEASES).where(LEASES.c.name == name)))

    async def _renewed(self, name: str, owner: str, life: timedelta) -> None:
        def renewed(link: Connection) -> None:
            mine = update(LEASES).where(LEASES.c.name == name, LEASES.c.owner == owner)
            link.execute(mine.values(ends=self._clock.now() + life))

        while True:
            await self._clock.sleep(life.total_seconds() / 3)
            # What the store cannot do now it may be able to before the time is over.
            with suppress(StoreError):
                await self._database.write(renewed)

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
