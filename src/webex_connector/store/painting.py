"""
How a picture is made: page by page beside the one that is shown, which it replaces when it is whole; or brought up to
date by what the target tells of changes. One at a time, over all processes.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, literal, select, update

from webex_connector.store.engine import Database
from webex_connector.store.errors import Overtaken
from webex_connector.store.learning import doubt, gone, place_of
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.picture_rows import AT_ONCE, Entry, parts, put, remove
from webex_connector.store.pictures import Standing, standing_of
from webex_connector.store.tables import (
    MIRROR_DOUBTS,
    MIRROR_GONE,
    MIRROR_KEYS,
    MIRROR_LINKS,
    MIRROR_OBJECTS,
    MIRROR_PICTURES,
    MIRRORED,
)

OVERLAY = timedelta(minutes=2)
"""
For how long what became known by a write is believed more than a list: the target's search may lag behind.
"""

LIFE = timedelta(minutes=3)
"""
How long a refresh may be silent before another one may begin.
"""

_REMEMBERED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """
    One change that the target told of: the object as it is now, or its uid when it is gone.
    """

    uid: str
    entry: Entry | None


class Painting:
    """
    The refresh of one picture. Each method but `begin` raises Overtaken when another refresh has begun, all of them
    StoreFailed.
    """

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database, self._shelf = database, shelf
        self._owner = secrets.token_hex(8)
        self._mine = and_(MIRRORED.c.system == shelf.system, MIRRORED.c.object_class == shelf.object_class)

    async def begin(self, now: datetime) -> Standing | None:
        """
        Begin, and return where the picture stands; None while somebody else refreshes it.
        """

        def begun(link: Connection) -> Standing | None:
            standing = standing_of(link, self._shelf)
            # A lease that would last longer than anybody's was taken before the clock was set back.
            if standing.until is not None and now < standing.until <= now + LIFE:
                return None
            if link.execute(update(MIRRORED).where(self._mine).values(**self._lease(now), building=None)).rowcount == 0:
                named = {"system": self._shelf.system, "object_class": self._shelf.object_class}
                link.execute(insert(MIRRORED).values(**named, **self._lease(now)))
            old = MIRROR_GONE.c.learned < now - _REMEMBERED
            link.execute(delete(MIRROR_GONE).where(_on(MIRROR_GONE, self._shelf), old))
            return standing

        return await self._database.write(begun)

    async def start(self, now: datetime) -> int:
        """
        Start an empty picture, with what became known of late, and return its number.
        """

        def started(link: Connection) -> int:
            standing = self._held(link)
            named = {"system": self._shelf.system, "object_class": self._shelf.object_class}
            picture: int = link.scalars(insert(MIRROR_PICTURES).values(**named).returning(MIRROR_PICTURES.c.id)).one()
            link.execute(update(MIRRORED).where(self._mine).values(**self._lease(now), building=picture))
            if standing.shown is not None:
                _copy_learned(link, standing.shown, picture, now - OVERLAY)
            return picture

        return await self._database.write(started)

    async def page(self, picture: int, entries: Sequence[Entry], asked: datetime, now: datetime) -> None:
        """
        Add some objects of a list that was asked for at that moment. What became known since, or of late, stays.
        """

        def added(link: Connection) -> None:
            self._held(link, picture)
            link.execute(update(MIRRORED).where(self._mine).values(**self._lease(now)))
            kept = self._kept(link, picture, entries, asked - OVERLAY)
            put(link, picture, [each for each in entries if each.uid not in kept], None)

        await self._database.write(added)

    def _kept(self, link: Connection, picture: int, entries: Sequence[Entry], since: datetime) -> set[str]:
        """
        Return those of which something newer is known; where a list says otherwise, the target is to be asked later.
        """
        kept: set[str] = set()
        seen = {each.uid: each for each in entries}
        for some in parts(list(seen)):
            rows = MIRROR_OBJECTS.c
            newer = and_(rows.picture == picture, rows.uid.in_(some), rows.learned >= since)
            for uid, document, learned in link.execute(select(rows.uid, rows.document, rows.learned).where(newer)):
                kept.add(uid)
                if document != seen[uid].document:
                    doubt(link, self._shelf, uid, begun=learned, due=learned + OVERLAY)
            past = MIRROR_GONE.c
            deleted = and_(_on(MIRROR_GONE, self._shelf), past.uid.in_(some), past.learned >= since)
            for uid, learned in link.execute(select(past.uid, past.learned).where(deleted)):
                kept.add(uid)
                doubt(link, self._shelf, uid, begun=learned, due=learned + OVERLAY)
        return kept

    async def show(self, picture: int, held: str, token: str | None, asked: datetime) -> None:
        """
        Show the picture in place of the one before. `asked` is when the first page was asked for.
        """

        def shown(link: Connection) -> None:
            self._held(link, picture)
            settled = MIRROR_DOUBTS.c.begun < asked - OVERLAY
            link.execute(delete(MIRROR_DOUBTS).where(_on(MIRROR_DOUBTS, self._shelf), settled))
            whole = {"shown": picture, "held": held, "as_of": asked, "whole": asked, "token": token}
            link.execute(update(MIRRORED).where(self._mine).values(**whole, **_ENDED, failed=None, error=None))

        await self._database.write(shown)

    async def tell(
        self,
        told: Sequence[Told],
        linked: Sequence[tuple[Shelf, str]],
        token: str,
        asked: datetime,
        now: datetime,
    ) -> None:
        """
        Take in changes that the target told of after it was asked at that moment, and the token to go on from. What
        became known since stays, and is to be asked for.
        """

        def taken(link: Connection) -> None:
            picture = self._held(link).shown
            if picture is None:
                raise Overtaken("the picture is there no more")
            newer = self._newer(link, picture, [each.uid for each in told], asked)
            for each in told:
                if each.uid in newer:
                    doubt(link, self._shelf, each.uid, begun=now, due=now)
                elif each.entry is None:
                    gone(link, self._shelf, each.uid, linked, now)
                else:
                    put(link, picture, [each.entry], None, place_of(now))
                    here = and_(_on(MIRROR_DOUBTS, self._shelf), MIRROR_DOUBTS.c.uid == each.uid)
                    link.execute(delete(MIRROR_DOUBTS).where(here))
            link.execute(update(MIRRORED).where(self._mine).values(**self._lease(now), token=token))

        await self._database.write(taken)

    def _newer(self, link: Connection, picture: int, uids: Sequence[str], asked: datetime) -> set[str]:
        rows, past = MIRROR_OBJECTS.c, MIRROR_GONE.c
        known = select(rows.uid).where(rows.picture == picture, rows.uid.in_(uids), rows.learned >= asked)
        deleted = select(past.uid).where(_on(MIRROR_GONE, self._shelf), past.uid.in_(uids), past.learned >= asked)
        return {*link.scalars(known), *link.scalars(deleted)}

    async def confirm(self, asked: datetime) -> None:
        """
        Say that the picture that is shown has everything that happened before that moment.
        """

        def confirmed(link: Connection) -> None:
            self._held(link)
            link.execute(update(MIRRORED).where(self._mine).values(**_ENDED, as_of=asked, failed=None, error=None))

        await self._database.write(confirmed)

    async def fail(self, now: datetime, error: str | None, *, forget_token: bool = False) -> None:
        """
        End without success, and keep what is shown; no error: the refresh was only given up.
        """

        def failed(link: Connection) -> None:
            self._held(link)
            values: dict[str, Any] = dict(_ENDED)
            if error is not None:
                values |= {"failed": now, "error": error}
            if forget_token:
                values["token"] = None
            link.execute(update(MIRRORED).where(self._mine).values(**values))

        await self._database.write(failed)

    async def sweep(self) -> None:
        """
        Take away pictures that are neither shown nor being made, a few rows at a time.
        """
        while await self._database.write(lambda link: _swept(link, self._shelf)):
            pass

    def _lease(self, now: datetime) -> dict[str, Any]:
        return {"owner": self._owner, "until": now + LIFE}

    def _held(self, link: Connection, picture: int | None = None) -> Standing:
        """
        Return where the picture stands. Raises Overtaken when somebody else has the lease by now.
        """
        owner = link.scalar(select(MIRRORED.c.owner).where(self._mine))
        standing = standing_of(link, self._shelf)
        if owner != self._owner or (picture is not None and standing.building != picture):
            raise Overtaken("another refresh has begun")
        return standing


_ENDED = {"building": None, "owner": None, "until": None}


def _on(table: Table, shelf: Shelf) -> ColumnElement[bool]:
    return and_(table.c.system == shelf.system, table.c.object_class == shelf.object_class)


def _copy_learned(link: Connection, shown: int, picture: int, since: datetime) -> None:
    objects = MIRROR_OBJECTS.c
    of_late = select(objects.uid).where(objects.picture == shown, objects.learned >= since)
    for table in (MIRROR_KEYS, MIRROR_LINKS, MIRROR_OBJECTS):
        rest = [column for column in table.c if column.name != "picture"]
        chosen = select(literal(picture), *rest).where(table.c.picture == shown, table.c.uid.in_(of_late))
        link.execute(insert(table).from_select(["picture", *(column.name for column in rest)], chosen))


def _swept(link: Connection, shelf: Shelf) -> bool:
    standing = standing_of(link, shelf)
    used = [each for each in (standing.shown, standing.building) if each is not None]
    old = _on(MIRROR_PICTURES, shelf)
    picture = link.scalar(select(MIRROR_PICTURES.c.id).where(old, MIRROR_PICTURES.c.id.not_in(used)).limit(1))
    if picture is None:
        return False
    some = list(link.scalars(select(MIRROR_OBJECTS.c.uid).where(MIRROR_OBJECTS.c.picture == picture).limit(AT_ONCE)))
    if some:
        remove(link, picture, some)
        return True
    for table in (MIRROR_KEYS, MIRROR_LINKS):
        link.execute(delete(table).where(table.c.picture == picture))
    link.execute(delete(MIRROR_PICTURES).where(MIRROR_PICTURES.c.id == picture))
    return True
