"""
Decisions of people about records for which a mapping finds several objects.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, insert, select, tuple_

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import DECISIONS

_PIECE = 1000


class Choice(Enum):
    """
    What was decided about a record.
    """

    BELONGS = "belongs"
    """It belongs to the object that is named."""

    CREATE = "create"
    """It gets an object of its own."""

    IGNORE = "ignore"
    """It is set aside: nothing is done for it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """
    A decision; with BELONGS it names the object. `made` is set when it is kept.
    """

    source_key: str
    choice: Choice
    target_uid: str | None
    qualifier: str
    maker: str
    made: datetime | None = None


class DecisionTable:
    """
    The decisions of every process that uses this database.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def decide(self, mapping: str, decision: Decision) -> None:
        """
        Keep a decision in the place of an earlier one about the same record. Raises StoreFailed.
        """
        row = {name: getattr(decision, name) for name in Decision.__slots__}

        def kept(link: Connection) -> None:
            link.execute(delete(DECISIONS).where(_this(mapping, decision.source_key, decision.qualifier)))
            row.update(mapping=mapping, choice=decision.choice.value, made=self._clock.now())
            link.execute(insert(DECISIONS).values(row))

        await self._database.write(kept)

    async def take_back(self, mapping: str, source_key: str, qualifier: str) -> bool:
        """
        Forget a decision. False when there was none. Raises StoreFailed.
        """
        old = delete(DECISIONS).where(_this(mapping, source_key, qualifier))
        return await self._database.write(lambda link: link.execute(old).rowcount == 1)

    async def all(self, mapping: str) -> AsyncIterator[Sequence[Decision]]:
        """
        Stream a mapping's decisions by key. Raises StoreFailed.
        """
        last: tuple[str, str] = ("", "")
        while True:
            place = tuple_(DECISIONS.c.source_key, DECISIONS.c.qualifier) > tuple_(*last)
            query = select(DECISIONS).where(DECISIONS.c.mapping == mapping, place)
            query = query.order_by(DECISIONS.c.source_key, DECISIONS.c.qualifier).limit(_PIECE)
            some = await self._database.read(partial(_decisions, query=query))
            if not some:
                return
            yield some
            last = (some[-1].source_key, some[-1].qualifier)


def _this(mapping: str, source_key: str, qualifier: str) -> Any:
    return and_(
        DECISIONS.c.mapping == mapping, DECISIONS.c.source_key == source_key, DECISIONS.c.qualifier == qualifier
    )


def _decisions(link: Connection, query: Select[Any]) -> list[Decision]:
    return [
        Decision(**{name: row[name] for name in Decision.__slots__} | {"choice": Choice(row["choice"])})
        for row in link.execute(query).mappings()
    ]
