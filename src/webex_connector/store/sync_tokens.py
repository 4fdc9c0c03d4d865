"""
Up to where each mapping has followed its source.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import SYNC_TOKENS


@dataclass(frozen=True, slots=True)
class KeptToken:
    """
    A mapping's token; everything before it has had its effect.
    """

    mapping: str
    token: str
    changed: datetime


class SyncTokenTable:
    """
    The tokens of every process that uses this database.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def all(self) -> list[KeptToken]:
        """
        Return every token, by mapping. Raises StoreFailed.
        """
        query = select(SYNC_TOKENS).order_by(SYNC_TOKENS.c.mapping)
        return await self._database.read(lambda link: [KeptToken(**row) for row in link.execute(query).mappings()])

    async def token(self, mapping: str) -> str | None:
        """
        Return a mapping's token; None when it has never followed. Raises StoreFailed.
        """
        query = select(SYNC_TOKENS.c.token).where(SYNC_TOKENS.c.mapping == mapping)
        return await self._database.read(lambda link: link.scalar(query))

    async def keep(self, mapping: str, token: str) -> None:
        """
        Give a mapping a token. Raises StoreFailed.
        """
        row = {"mapping": mapping, "token": token, "changed": self._clock.now()}

        def kept(link: Connection) -> None:
            link.execute(delete(SYNC_TOKENS).where(SYNC_TOKENS.c.mapping == mapping))
            link.execute(insert(SYNC_TOKENS).values(row))

        await self._database.write(kept)

    async def forget(self, mapping: str) -> None:
        """
        Forget a mapping's token: it begins to follow anew. Raises StoreFailed.
        """
        gone = delete(SYNC_TOKENS).where(SYNC_TOKENS.c.mapping == mapping)
        await self._database.write(lambda link: link.execute(gone).rowcount)
