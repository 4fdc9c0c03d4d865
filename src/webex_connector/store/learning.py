"""
What becomes known between two refreshes: own writes, objects that were read by themselves, and what nobody knows.

It goes into the picture that is shown and into the one that is being made, all of it in one transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select

from webex_connector.store.engine import Database
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.picture_rows import Entry, Link, cut, document, documents, put, remove, tie
from webex_connector.store.pictures import standing_of
from webex_connector.store.prepared import Prepared
from webex_connector.store.tables import MIRROR_DOUBTS, MIRROR_GONE, MIRROR_LINKS

_FEW = 3
"""
How many lessons are taken in while everybody else waits: those of one write.
"""


def _forgetting(table: Table) -> Prepared:
    """
    Return what takes the row of one object out of a table.
    """
    rows = table.c
    here = and_(rows.system == bindparam("of"), rows.object_class == bindparam("kind"), rows.uid == bindparam("id"))
    return Prepared(delete(table).where(here))


_BACK, _CERTAIN = _forgetting(MIRROR_GONE), _forgetting(MIRROR_DOUBTS)


@dataclass(frozen=True, slots=True)
class Learned:
    """
    How an object is now. `made` is given the document there is, or None, and returns None when it cannot tell from it.
    """

    uid: str
    made: Callable[[bytes | None], Entry | None]


@dataclass(frozen=True, slots=True)
class Gone:
    """
    An object is no more. `linked` are the shelves and attributes whose links may lead to it.
    """

    uid: str
    linked: tuple[tuple[Shelf, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Doubted:
    """
    Nobody knows how an object is.
    """

    uid: str
    unless_shown: bool = False
    """
    Whether it is enough that the picture has the object, however it is.
    """


@dataclass(frozen=True, slots=True)
class Related:
    """
    Links of another object class have come, or gone: all of them lead to one object.
    """

    shelf: Shelf
    attribute: str
    link: Link
    joined: tuple[str, ...]
    """
    The objects that have the link now.
    """
    left: tuple[str, ...] | None
    """
    Those that have it no more; None for all others.
    """


Lesson = Learned | Gone | Doubted | Related


class Learning:
    """
    Teaches the pictures of all systems.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, shelf: Shelf, lessons: Sequence[Lesson], now: datetime) -> None:
        """
        Take in what became known. Raises StoreFailed; then nothing is taken in. What a write has changed is learnt
        before the end of the write is in the journal, and outlasts a power cut with that.
        """
        if lessons:
            keeps = self._database.jot if len(lessons) <= _FEW else self._database.write
            await keeps(lambda link: _taken(link, shelf, lessons, now))


def _taken(link: Connection, shelf: Shelf, lessons: Sequence[Lesson], now: datetime) -> None:
    for lesson in lessons:
        match lesson:
            case Learned(uid, made):
                _learned(link, shelf, uid, made, now)
            case Gone(uid, linked):
                gone(link, shelf, uid, linked, now)
            case Doubted(uid, unless_shown) if not (unless_shown and _is_shown(link, shelf, uid)):
                doubt(link, shelf, uid, begun=now, due=now)
            case Related():
                for picture in _pictures(link, lesson.shelf):
                    _related(link, picture, lesson, now)


def _is_shown(link: Connection, shelf: Shelf, uid: str) -> bool:
    shown = standing_of(link, shelf).shown
    return shown is not None and document(link, shown, uid) is not None


def _learned(
    link: Connection, shelf: Shelf, uid: str, made: Callable[[bytes | None], Entry | None], now: datetime
) -> None:
    is_known = True
    for picture in _pictures(link, shelf):
        entry = made(document(link, picture, uid))
        if entry is None:
            is_known = False
        else:
            put(link, picture, [entry], now, place_of(now))
    named = {"of": shelf.system, "kind": shelf.object_class, "id": uid}
    _BACK.run(link, named)
    _CERTAIN.run(link, named)
    if not is_known:
        doubt(link, shelf, uid, begun=now, due=now)


def _related(link: Connection, picture: int, lesson: Related, now: datetime) -> None:
    rows = MIRROR_LINKS.c
    to_it = and_(rows.picture == picture, rows.attribute == lesson.attribute, rows.target == lesson.link.target)
    known = set(link.scalars(select(rows.uid).where(to_it)))
    left = known.difference(lesson.joined) if lesson.left is None else known.intersection(lesson.left)
    for uid in left:
        cut(link, picture, uid, lesson.attribute, [lesson.link.target])
    # Of objects that are not in the picture there are no links either.
    for uid in documents(link, picture, [each for each in lesson.joined if each not in known]):
        tie(link, picture, uid, lesson.attribute, [lesson.link], place_of(now))


def gone(link: Connection, shelf: Shelf, uid: str, linked: Sequence[tuple[Shelf, str]], now: datetime) -> None:
    """
    Take an object out of every picture, with the links to it, and remember for a while that it is gone.
    """
    for picture in _pictures(link, shelf):
        remove(link, picture, [uid])
    for other, attribute in linked:
        for picture in _pictures(link, other):
            rows = MIRROR_LINKS.c
            here = and_(rows.picture == picture, rows.attribute == attribute, rows.target == uid)
            link.execute(delete(MIRROR_LINKS).where(here))
    link.execute(delete(MIRROR_DOUBTS).where(_in(MIRROR_DOUBTS, shelf, uid)))
    link.execute(delete(MIRROR_GONE).where(_in(MIRROR_GONE, shelf, uid)))
    link.execute(insert(MIRROR_GONE).values(system=shelf.system, object_class=shelf.object_class, uid=uid, learned=now))


def doubt(link: Connection, shelf: Shelf, uid: str, begun: datetime, due: datetime) -> None:
    """
    Remember that nobody knows how an object is, from `due` on; a doubt that is due earlier stays.
    """
    here = _in(MIRROR_DOUBTS, shelf, uid)
    known = link.scalar(select(MIRROR_DOUBTS.c.due).where(here))
    link.execute(delete(MIRROR_DOUBTS).where(here))
    link.execute(
        insert(MIRROR_DOUBTS).values(
            system=shelf.system,
            object_class=shelf.object_class,
            uid=uid,
            begun=begun,
            due=due if known is None else min(known, due),
        )
    )


def place_of(now: datetime) -> int:
    """
    Return a place after all that came before.
    """
    return int(now.timestamp() * 1_000_000)


def _pictures(link: Connection, shelf: Shelf) -> list[int]:
    standing = standing_of(link, shelf)
    return [each for each in (standing.shown, standing.building) if each is not None]


def _in(table: Table, shelf: Shelf, uid: str) -> ColumnElement[bool]:
    return and_(table.c.system == shelf.system, table.c.object_class == shelf.object_class, table.c.uid == uid)
