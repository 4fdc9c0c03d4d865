"""
What those who follow a source know that it holds: a digest of each record, as it was when they dealt with it.

A change is noted before it is told, and counts once its follower comes back with it as the place to go on from. So a
follower that dies on the way is told again what it may not have dealt with, and nothing else.
"""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection, Select, and_, delete, func, insert, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import LEDGER_ENTRIES, LEDGER_STEPS, SOURCE_LEDGERS

FORGOTTEN_AFTER: Final = timedelta(days=30)
"""
How long nobody comes back to a ledger before it is forgotten.
"""

_PIECE = 1000
_ENTRY, _STEP = LEDGER_ENTRIES.c, LEDGER_STEPS.c


@dataclass(frozen=True, slots=True)
class Noted:
    """
    One change, in the order in which it is told.
    """

    step: int
    key: str
    digest: bytes | None
    """
    None when the record is gone.
    """


class LedgerTable:
    """
    The ledgers of every process that uses this database. Everything raises StoreFailed.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def begin(self, source: str) -> str:
        """
        Begin an empty ledger and return its id. Those that nobody has come back to for long are forgotten.
        """
        id_, now = secrets.token_hex(8), self._clock.now()

        def begun(link: Connection) -> None:
            old = link.scalars(select(SOURCE_LEDGERS.c.id).where(SOURCE_LEDGERS.c.used < now - FORGOTTEN_AFTER)).all()
            for each in old:
                _forget(link, each)
            link.execute(insert(SOURCE_LEDGERS).values(id=id_, source=source, settled=0, used=now))

        await self._database.write(begun)
        return id_

    async def enter(self, ledger: str, digests: Mapping[str, bytes]) -> None:
        """
        Enter records into a new ledger.
        """
        rows = [{"ledger": ledger, "key": key, "digest": digest} for key, digest in digests.items()]
        if rows:
            await self._database.write(lambda link: link.execute(insert(LEDGER_ENTRIES), rows))

    async def forget(self, ledger: str) -> None:
        """
        Remove a ledger.
        """
        await self._database.write(lambda link: _forget(link, ledger))

    async def settle(self, ledger: str, source: str, step: int) -> bool:
        """
        Take the changes up to a step as dealt with, and those after it as never told. False when there is no such
        ledger of this source, or no such step to go on from.
        """
        return await self._database.write(
            partial(_settle, ledger=ledger, source=source, step=step, now=self._clock.now())
        )

    async def digests(self, ledger: str, keys: Sequence[str]) -> dict[str, bytes]:
        """
        Return the digests of those of these records, at most a thousand, that the ledger has.
        """
        query = select(_ENTRY.key, _ENTRY.digest).where(_ENTRY.ledger == ledger, _ENTRY.key.in_(keys))
        return await self._database.read(lambda link: {row.key: row.digest for row in link.execute(query)})

    async def count(self, ledger: str) -> int:
        """
        Return how many records the ledger has.
        """
        query = select(func.count()).select_from(LEDGER_ENTRIES).where(_ENTRY.ledger == ledger)
        return await self._database.read(lambda link: link.scalar(query) or 0)

    async def keys(self, ledger: str) -> AsyncIterator[Sequence[str]]:
        """
        Stream the key of every record that the ledger has.
        """
        last: str | None = None
        while True:
            query = select(_ENTRY.key).where(_ENTRY.ledger == ledger).order_by(_ENTRY.key).limit(_PIECE)
            if last is not None:
                query = query.where(_ENTRY.key > last)
            some = await self._database.read(partial(_texts, query=query))
            if not some:
                return
            yield some
            last = some[-1]

    async def note(self, ledger: str, changes: Sequence[Noted]) -> None:
        """
        Note changes that are about to be told.
        """
        rows = [{"ledger": ledger, "step": each.step, "key": each.key, "digest": each.digest} for each in changes]
        if rows:
            await self._database.write(lambda link: link.execute(insert(LEDGER_STEPS), rows))


def _texts(link: Connection, query: Select[str]) -> Sequence[str]:
    return link.scalars(query).all()


def _settle(link: Connection, ledger: str, source: str, step: int, now: object) -> bool:
    this = and_(SOURCE_LEDGERS.c.id == ledger, SOURCE_LEDGERS.c.source == source)
    settled = link.scalar(select(SOURCE_LEDGERS.c.settled).where(this))
    if settled is None:
        return False
    last = link.scalar(select(func.max(_STEP.step)).where(_STEP.ledger == ledger)) or settled
    if not settled <= step <= last:
        return False
    dealt_with = and_(_STEP.ledger == ledger, _STEP.step <= step)
    there = select(_STEP.ledger, _STEP.key, _STEP.digest).where(dealt_with, _STEP.digest.is_not(None))
    link.execute(
        delete(LEDGER_ENTRIES).where(_ENTRY.ledger == ledger, _ENTRY.key.in_(select(_STEP.key).where(dealt_with)))
    )
    link.execute(insert(LEDGER_ENTRIES).from_select(["ledger", "key", "digest"], there))
    link.execute(delete(LEDGER_STEPS).where(_STEP.ledger == ledger))
    link.execute(update(SOURCE_LEDGERS).where(this).values(settled=step, used=now))
    return True


def _forget(link: Connection, ledger: str) -> None:
    link.execute(delete(LEDGER_STEPS).where(_STEP.ledger == ledger))
    link.execute(delete(LEDGER_ENTRIES).where(_ENTRY.ledger == ledger))
    link.execute(delete(SOURCE_LEDGERS).where(SOURCE_LEDGERS.c.id == ledger))
