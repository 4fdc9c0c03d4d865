"""
What objects were like, and when: looks at all objects of a class, and the versions that these have seen.

A look that is not finished says of nobody that they are gone. What it has seen of the others is true, and stays.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import SNAPSHOTS, VERSIONS

_PIECE = 500


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    A look that was finished.
    """

    id: int
    began: datetime
    ended: datetime
    objects: int


@dataclass(frozen=True, slots=True)
class Seen:
    """
    An object as a look has seen it; `content` is JSON.
    """

    uid: str
    name: str | None
    digest: bytes
    content: str


@dataclass(frozen=True, slots=True)
class Version:
    """
    How an object was for a while. `since` and `until` are when the looks began that saw it so first, and otherwise.
    """

    uid: str
    name: str | None
    content: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """
    An object that was otherwise in one look than in the one before; without content before it is new, without content
    after it is gone.
    """

    uid: str
    name: str | None
    before: str | None
    after: str | None


class SnapshotTable:
    """
    The looks at one object class of a system, by every process that uses this database.
    """

    def __init__(self, database: Database, clock: Clock, system: str, object_class: str) -> None:
        self._database, self._clock = database, clock
        self._key = {"system": system, "object_class": object_class}
        self._mine = and_(VERSIONS.c.system == system, VERSIONS.c.object_class == object_class)
        self._looks = and_(SNAPSHOTS.c.system == system, SNAPSHOTS.c.object_class == object_class)

    async def begin(self) -> int:
        """
        Begin a look and return its number. Raises StoreFailed.
        """
        row = {**self._key, "began": self._clock.now(), "objects": 0}
        query = insert(SNAPSHOTS).values(row).returning(SNAPSHOTS.c.id)
        return await self._database.write(lambda link: int(link.execute(query).scalar_one()))

    async def see(self, look: int, objects: Sequence[Seen]) -> None:
        """
        Take objects as a look sees them. Raises StoreFailed; then none of them is taken.
        """

        def seen(link: Connection) -> None:
            for start in range(0, len(objects), _PIECE):
                self._take(link, look, objects[start : start + _PIECE])

        await self._database.write(seen)

    def _take(self, link: Connection, look: int, objects: Sequence[Seen]) -> None:
        uids = [each.uid for each in objects]
        current = and_(self._mine, VERSIONS.c.until.is_(None))
        query = select(VERSIONS.c.uid, VERSIONS.c.digest).where(current, VERSIONS.c.uid.in_(uids))
        known = {row.uid: row.digest for row in link.execute(query)}
        same = [each.uid for each in objects if known.get(each.uid) == each.digest]
        other = [each for each in objects if known.get(each.uid) != each.digest]
        link.execute(update(VERSIONS).where(current, VERSIONS.c.uid.in_(same)).values(last=look))
        ended = [each.uid for each in other if each.uid in known]
        link.execute(update(VERSIONS).where(current, VERSIONS.c.uid.in_(ended)).values(until=look))
        # An object that a look meets twice is as it was the second time.
        again = and_(self._mine, VERSIONS.c.uid.in_(ended), VERSIONS.c.first == look)
        link.execute(delete(VERSIONS).where(again))
        rows = [
            {**self._key, "uid": each.uid, "first": look, "last": look, "name": each.name}
            | {"digest": each.digest, "content": each.content}
            for each in other
        ]
        if rows:
            link.execute(insert(VERSIONS), rows)

    async def finish(self, look: int) -> Snapshot:
        """
        Finish a look: whoever it has not seen is gone. Raises StoreFailed.
        """

        def finished(link: Connection) -> Snapshot:
            now, current = self._clock.now(), and_(self._mine, VERSIONS.c.until.is_(None))
            link.execute(update(VERSIONS).where(current, VERSIONS.c.last < look).values(until=look))
            count = link.scalar(select(func.count()).select_from(VERSIONS).where(current)) or 0
            link.execute(update(SNAPSHOTS).where(SNAPSHOTS.c.id == look).values(ended=now, objects=count))
            began = link.scalar(select(SNAPSHOTS.c.began).where(SNAPSHOTS.c.id == look))
            return Snapshot(look, began or now, now, count)

        return await self._database.write(finished)

    async def latest(self, most: int = 2) -> list[Snapshot]:
        """
        Return the last looks that were finished, the newest first. Raises StoreFailed.
        """
        query = select(SNAPSHOTS).where(self._looks, SNAPSHOTS.c.ended.is_not(None))
        query = query.order_by(SNAPSHOTS.c.id.desc()).limit(most)
        return await self._database.read(
            lambda link: [
                Snapshot(row["id"], row["began"], row["ended"], row["objects"])
                for row in link.execute(query).mappings()
            ]
        )

    async def differences(self, before: int, after: int) -> AsyncIterator[Sequence[Difference]]:
        """
        Stream what is otherwise in one look than in an earlier one, by uid. Raises StoreFailed.
        """
        last: str | None = ""
        while last is not None:
            last, some = await self._database.read(partial(self._differing, before=before, after=after, last=last))
            if some:
                yield some

    def _differing(
        self, link: Connection, *, before: int, after: int, last: str
    ) -> tuple[str | None, list[Difference]]:
        touched = or_(
            and_(VERSIONS.c.first > before, VERSIONS.c.first <= after),
            and_(VERSIONS.c.until > before, VERSIONS.c.until <= after),
        )
        query = select(VERSIONS.c.uid).where(self._mine, touched, VERSIONS.c.uid > last).distinct()
        uids = list(link.scalars(query.order_by(VERSIONS.c.uid).limit(_PIECE)))
        rows = link.execute(select(VERSIONS).where(self._mine, VERSIONS.c.uid.in_(uids))).mappings().all()
        found = []
        for uid in uids:
            then, now = _at(rows, uid, before), _at(rows, uid, after)
            one = now or then
            if one is not None and (then is None or now is None or then["digest"] != now["digest"]):
                contents = (None if each is None else each["content"] for each in (then, now))
                found.append(Difference(uid, one["name"], *contents))
        return (uids[-1] if uids else None), found

    async def history(self, person: str) -> list[Version]:
        """
        Return the versions of an object, known by its uid or a name it has had, the oldest first. Raises StoreFailed.
        """

        def found(link: Connection) -> list[Version]:
            named = select(VERSIONS.c.uid).where(self._mine, func.lower(VERSIONS.c.name) == person.lower())
            those = or_(VERSIONS.c.uid == person, VERSIONS.c.uid.in_(named))
            query = select(VERSIONS).where(self._mine, those).order_by(VERSIONS.c.uid, VERSIONS.c.first)
            rows = link.execute(query).mappings().all()
            moments = {row.id: row.began for row in link.execute(select(SNAPSHOTS.c.id, SNAPSHOTS.c.began))}
            return [
                Version(row["uid"], row["name"], row["content"], moments[row["first"]], moments.get(row["until"]))
                for row in rows
            ]

        return await self._database.read(found)


def _at(rows: Sequence[Any], uid: str, look: int) -> Any:
    return next(
        (
            row
            for row in rows
            if row["uid"] == uid and row["first"] <= look and (row["until"] is None or row["until"] > look)
        ),
        None,
    )
