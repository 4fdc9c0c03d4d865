"""
Turns at an object: an update that reads, merges and writes must not meet another one half-way.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from webex_connector.connector.identity import identity


class OneAtATime:
    """
    Hands out turns by uid; different uids do not wait for each other.
    """

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def turn(self, uid: str) -> AsyncIterator[None]:
        """
        Hold the turn at this uid, in whichever of its two forms it is given: as the id of `/v1` or as the bare UUID.
        """
        uid = identity(uid)
        lock, users = self._locks.get(uid, (asyncio.Lock(), 0))
        self._locks[uid] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[uid]
            if users == 1:
                del self._locks[uid]
            else:
                self._locks[uid] = (lock, users - 1)
