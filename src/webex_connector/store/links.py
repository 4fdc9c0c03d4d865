"""
Which record and which object are one. A link outlives its object for a while, so that whoever comes back is known.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, insert, select, tuple_, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import LINKS

_PIECE = 1000


@dataclass(frozen=True, slots=True)
class KeptLink:
    """
    That a record and an object are one; `dead` since the object is gone.
    """

    source_key: str
    target_uid: str
    qualifier: str
    dead: datetime | None = None
    condemned: datetime | None = None
    """
    Since when it is disabled, to be deleted later.
    """


@dataclass(frozen=True, slots=True)
class LinkChange:
    """
    What becomes of a record's link: another object, or, without one, no link at all.
    """

    type: str
    source_key: str
    qualifier: str
    target_uid: str | None
    dies: bool = False
    """
    The object is gone; the link is kept as a dead one.
    """
    condemns: bool = False
    """
    The object was disabled, to be deleted later; the link stays as it is otherwise.
    """


class LinkTable:
    """
    The links of every process that uses this database.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def all(self, type_: str, *, dead: bool = False) -> AsyncIterator[Sequence[KeptLink]]:
        """
        Stream the links of a type by key, those that live or those that are dead. Raises StoreFailed.
        """
        state = LINKS.c.dead.is_not(None) if dead else LINKS.c.dead.is_(None)
        last: tuple[str, str] = ("", "")
        while True:
            place = tuple_(LINKS.c.source_key, LINKS.c.qualifier) > tuple_(*last)
            query = select(LINKS).where(LINKS.c.type == type_, state, place)
            query = query.order_by(LINKS.c.source_key, LINKS.c.qualifier).limit(_PIECE)
            some = await self._database.read(partial(_links, query=query))
            if not some:
                return
            yield some
            last = (some[-1].source_key, some[-1].qualifier)

    async def of_keys(self, type_: str, keys: Sequence[str]) -> dict[str, str]:
        """
        Return the uids that records are linked to, by their keys, where the link lives. Raises StoreFailed.
        """

        def found(link: Connection) -> dict[str, str]:
            uids: dict[str, str] = {}
            for start in range(0, len(keys), _PIECE):
                some = LINKS.c.source_key.in_(keys[start : start + _PIECE])
                query = select(LINKS.c.source_key, LINKS.c.target_uid).where(LINKS.c.type == type_, some)
                uids |= {row.source_key: row.target_uid for row in link.execute(query.where(LINKS.c.dead.is_(None)))}
            return uids

        return await self._database.read(found)

    async def change(self, changes: Sequence[LinkChange]) -> None:
        """
        Change links, all of them or none. Raises StoreFailed.
        """
        await self._database.write(lambda link: change_links(link, self._clock.now(), changes))

    async def forget(self, type_: str, before: datetime) -> int:
        """
        Forget the links that died before a moment, and return how many these were. Raises StoreFailed.
        """
        old = delete(LINKS).where(LINKS.c.type == type_, LINKS.c.dead < before)
        return await self._database.write(lambda link: link.execute(old).rowcount)


def _links(link: Connection, query: Select[Any]) -> list[KeptLink]:
    return [KeptLink(**{name: row[name] for name in KeptLink.__slots__}) for row in link.execute(query).mappings()]


def change_links(link: Connection, now: datetime, changes: Sequence[LinkChange]) -> None:
    """
    Change links within a transaction of somebody else's.
    """
    for each in changes:
        this = and_(
            LINKS.c.type == each.type,
            LINKS.c.source_key == each.source_key,
            LINKS.c.qualifier == each.qualifier,
        )
        if each.dies:
            link.execute(update(LINKS).where(this, LINKS.c.dead.is_(None)).values(dead=now))
            continue
        if each.condemns:
            link.execute(update(LINKS).where(this, LINKS.c.condemned.is_(None)).values(condemned=now))
            continue
        link.execute(delete(LINKS).where(this))
        if each.target_uid is not None:
            row = {
                "type": each.type,
                "source_key": each.source_key,
                "qualifier": each.qualifier,
                "target_uid": each.target_uid,
            }
            link.execute(insert(LINKS).values(**row, made=now))
