"""
What streams of changes remember: for each object a mark, and what was told but not acknowledged yet.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import SIGHTINGS, STREAMS

FORGOTTEN_AFTER = timedelta(days=90)
"""
How long a stream is kept that nobody follows.
"""

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Told:
    """
    One change with its place in the stream; no mark: the object is gone.
    """

    number: int
    key: str
    mark: str | None


@dataclass(frozen=True, slots=True)
class Stream:
    """
    Where a stream stands. `base` is below every number of the run that has begun last.
    """

    acknowledged: int
    base: int
    count: int
    surplus: int
    complete: bool


class InventoryTable:
    """
    All streams. A run has `run` numbers; `unsure` marks an object that was told of, and nobody knows who kept it.
    """

    def __init__(self, database: Database, clock: Clock, run: int, unsure: str) -> None:
        self._database, self._clock = database, clock
        self._run, self._unsure = run, unsure

    async def begin(self, stream: str, number: int) -> None:
        """
        Start an empty stream that is acknowledged up to this number, and forget those that nobody follows any more.
        """

        def begun(link: Connection) -> None:
            now = self._clock.now()
            old = select(STREAMS.c.name).where(or_(STREAMS.c.used < now - FORGOTTEN_AFTER, STREAMS.c.name == stream))
            base = link.scalar(select(STREAMS.c.base).where(STREAMS.c.name == stream))
            link.execute(delete(SIGHTINGS).where(SIGHTINGS.c.stream.in_(old)))
            link.execute(delete(STREAMS).where(STREAMS.c.name.in_(list(link.scalars(old)))))
            row = {"name": stream, "acknowledged": number, "base": max(number, base or number), "surplus": 0}
            link.execute(insert(STREAMS).values(**row, complete=False, used=now))

        await self._database.write(begun)

    async def settle(self, stream: str, number: int) -> Stream | None:
        """
        Make real what was told up to this number, take back the rest, and begin a run; nothing for an older number.
        Returns where the stream stands, None when there is none.
        """

        def settled(link: Connection) -> Stream | None:
            row = _row(link, stream)
            if row is None:
                return None
            acknowledged, base = row["acknowledged"], row["base"]
            if number >= acknowledged:
                acknowledged, base = number, (max(base, number) // self._run + 1) * self._run
                self._make_real(link, stream, number)
            this = STREAMS.c.name == stream
            values = {"acknowledged": acknowledged, "base": base, "used": self._clock.now()}
            link.execute(update(STREAMS).where(this).values(values))
            count = link.scalar(select(func.count()).where(SIGHTINGS.c.stream == stream, SIGHTINGS.c.mark.is_not(None)))
            return Stream(acknowledged, base, count or 0, row["surplus"], row["complete"])

        return await self._database.write(settled)

    def _make_real(self, link: Connection, stream: str, number: int) -> None:
        told = and_(SIGHTINGS.c.stream == stream, SIGHTINGS.c.number.is_not(None))
        kept, gone = SIGHTINGS.c.pending.is_not(None), SIGHTINGS.c.pending.is_(None)
        settled = {"number": None, "pending": None}
        link.execute(delete(SIGHTINGS).where(told, SIGHTINGS.c.number <= number, gone))
        real = update(SIGHTINGS).where(told, SIGHTINGS.c.number <= number)
        link.execute(real.values(mark=SIGHTINGS.c.pending, **settled))
        link.execute(update(SIGHTINGS).where(told, kept, SIGHTINGS.c.mark.is_(None)).values(mark=self._unsure))
        link.execute(update(SIGHTINGS).where(told).values(settled))

    async def marks(self, stream: str, keys: Sequence[str]) -> Mapping[str, str]:
        """
        Return the marks of those objects that are known, what was told but not acknowledged included.
        """

        def found(link: Connection) -> dict[str, str]:
            rows = _known(link, stream, keys).values()
            marks = {row["key"]: row["mark"] if row["number"] is None else row["pending"] for row in rows}
            return {key: mark for key, mark in marks.items() if mark is not None}

        return await self._database.read(found)

    async def note(self, stream: str, told: Sequence[Told]) -> bool:
        """
        Remember changes, those up to the acknowledged number as real. Returns False, with nothing remembered, when a
        later run has begun or there is no such stream.
        """

        def noted(link: Connection) -> bool:
            row = _row(link, stream)
            if row is None or any(row["acknowledged"] < each.number <= row["base"] for each in told):
                return False
            known = _known(link, stream, [each.key for each in told])
            for each in told:
                one = known.setdefault(each.key, _blank(stream, each.key))
                if each.number <= row["acknowledged"]:
                    one.update(mark=each.mark)
                else:
                    one.update(number=each.number, pending=each.mark)
            _replace(link, stream, known)
            return True

        return await self._database.write(noted)

    async def see(self, stream: str, walk: str, keys: Sequence[str]) -> None:
        """
        Remember that a walk met these objects, known or not.
        """

        def seen(link: Connection) -> None:
            known = _known(link, stream, keys)
            _replace(link, stream, {key: {**known.get(key, _blank(stream, key)), "walk": walk} for key in keys})

        await self._database.write(seen)

    async def unseen(self, stream: str, walk: str) -> AsyncIterator[Sequence[str]]:
        """
        Yield, in batches, the objects that are known, not told of in this run, and not met by the walk.
        """
        some = [""]
        while some := await self._database.read(partial(_missed, stream=stream, walk=walk, after=some[-1])):
            yield some

    async def complete(self, stream: str, surplus: int) -> None:
        """
        Remember that everything has been seen, and the surplus of the target's total.
        """

        def completed(link: Connection) -> None:
            link.execute(update(STREAMS).where(STREAMS.c.name == stream).values(complete=True, surplus=surplus))
            unknown = and_(SIGHTINGS.c.mark.is_(None), SIGHTINGS.c.number.is_(None))
            link.execute(delete(SIGHTINGS).where(SIGHTINGS.c.stream == stream, unknown))

        await self._database.write(completed)


def _row(link: Connection, stream: str) -> Mapping[Any, Any] | None:
    return link.execute(select(STREAMS).where(STREAMS.c.name == stream)).mappings().first()


def _blank(stream: str, key: str) -> dict[str, Any]:
    return {"stream": stream, "key": key, "mark": None, "number": None, "pending": None, "walk": None}


def _those(stream: str, keys: Sequence[str]) -> ColumnElement[bool]:
    return and_(SIGHTINGS.c.stream == stream, SIGHTINGS.c.key.in_(keys))


def _known(link: Connection, stream: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(keys), _BATCH):
        rows = link.execute(select(SIGHTINGS).where(_those(stream, keys[start : start + _BATCH]))).mappings()
        found |= {row["key"]: dict(row) for row in rows}
    return found


def _replace(link: Connection, stream: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    keys = list(rows)
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        link.execute(delete(SIGHTINGS).where(_those(stream, some)))
        link.execute(insert(SIGHTINGS), [rows[key] for key in some])


def _missed(link: Connection, stream: str, walk: str, after: str) -> list[str]:
    is_missed = and_(
        SIGHTINGS.c.stream == stream,
        SIGHTINGS.c.mark.is_not(None),
        SIGHTINGS.c.number.is_(None),
        or_(SIGHTINGS.c.walk.is_(None), SIGHTINGS.c.walk != walk),
        SIGHTINGS.c.key > after,
    )
    return list(link.scalars(select(SIGHTINGS.c.key).where(is_missed).order_by(SIGHTINGS.c.key).limit(_BATCH)))
