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
from webex_connector.store.journal import Opening, write_whole_entry
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
    turned: bool = False
    """
    The mapping goes in the other direction than the links of this type do: its objects are their records.
    """


class LinkTable:
    """
    The links of every process that uses this database.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def all(self, type_: str, *, dead: bool = False, turned: bool = False) -> AsyncIterator[Sequence[KeptLink]]:
        """
        Stream the links of a type by key, those that live or those that are dead. With `turned` they are those of a
        mapping in the other direction: records are objects, and which of its objects wait to be deleted is not said.

        Raises StoreFailed.
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
            yield [_turned(each) for each in some] if turned else some
            last = (some[-1].source_key, some[-1].qualifier)

    async def of_keys(self, type_: str, keys: Sequence[str], *, turned: bool = False) -> dict[tuple[str, str], str]:
        """
        Return the uids that records are linked to, by their keys and the links' qualifiers, where the link lives;
        `turned` is as for `all`.

        Raises StoreFailed.
        """
        own, other = (LINKS.c.target_uid, LINKS.c.source_key) if turned else (LINKS.c.source_key, LINKS.c.target_uid)

        def found(link: Connection) -> dict[tuple[str, str], str]:
            uids: dict[tuple[str, str], str] = {}
            for start in range(0, len(keys), _PIECE):
                some = own.in_(keys[start : start + _PIECE])
                query = select(own, LINKS.c.qualifier, other).where(LINKS.c.type == type_, some, LINKS.c.dead.is_(None))
                uids |= {(row[0], row[1]): row[2] for row in link.execute(query)}
            return uids

        return await self._database.read(found)

    async def one(self, type_: str, key: str, qualifier: str, *, turned: bool = False) -> KeptLink | None:
        """
        Return a record's link, the one that lives before the latest that is dead; None without either. `turned` is as
        for `all`. Raises StoreFailed.
        """
        own = LINKS.c.target_uid if turned else LINKS.c.source_key
        query = select(LINKS).where(LINKS.c.type == type_, LINKS.c.qualifier == qualifier, own == key)
        query = query.order_by(LINKS.c.dead.is_not(None), LINKS.c.dead.desc()).limit(1)
        found = await self._database.read(partial(_links, query=query))
        return next((_turned(each) if turned else each for each in found), None)

    async def change(self, changes: Sequence[LinkChange]) -> None:
        """
        Change links, all of them or none. Raises StoreFailed.
        """
        await self._database.write(lambda link: change_links(link, self._clock.now(), changes))

    async def change_by_hand(self, change: LinkChange, noted: Opening) -> None:
        """
        Change a link for somebody, and note in the journal that they did, both or neither. Raises StoreFailed.
        """

        def changed(link: Connection) -> None:
            now = self._clock.now()
            change_links(link, now, [change])
            write_whole_entry(link, now, noted)

        await self._database.write(changed)

    async def forget(self, type_: str, before: datetime) -> int:
        """
        Forget the links that died before a moment, and return how many these were. Raises StoreFailed.
        """
        old = delete(LINKS).where(LINKS.c.type == type_, LINKS.c.dead < before)
        return await self._database.write(lambda link: link.execute(old).rowcount)


def _links(link: Connection, query: Select[Any]) -> list[KeptLink]:
    return [KeptLink(**{name: row[name] for name in KeptLink.__slots__}) for row in link.execute(query).mappings()]


def _turned(link: KeptLink) -> KeptLink:
    return KeptLink(link.target_uid, link.source_key, link.qualifier, link.dead)


def change_links(link: Connection, now: datetime, changes: Sequence[LinkChange]) -> None:
    """
    Change links within a transaction of somebody else's.
    """
    for each in changes:
        own = LINKS.c.target_uid if each.turned else LINKS.c.source_key
        same = and_(LINKS.c.type == each.type, LINKS.c.qualifier == each.qualifier)
        this = and_(same, own == each.source_key)
        if each.dies:
            link.execute(update(LINKS).where(this, LINKS.c.dead.is_(None)).values(dead=now))
            continue
        if each.condemns:
            link.execute(update(LINKS).where(this, LINKS.c.condemned.is_(None)).values(condemned=now))
            continue
        link.execute(delete(LINKS).where(this))
        if each.target_uid is not None:
            key, uid = (each.target_uid, each.source_key) if each.turned else (each.source_key, each.target_uid)
            link.execute(delete(LINKS).where(same, LINKS.c.source_key == key))
            row = {"type": each.type, "source_key": key, "qualifier": each.qualifier, "target_uid": uid}
            link.execute(insert(LINKS).values(**row, made=now))
