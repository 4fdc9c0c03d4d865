"""
Pictures: copies of a target's objects, one for each object class, as readers find them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, func, select

from webex_connector.store.engine import Database
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.prepared import Prepared
from webex_connector.store.tables import MIRROR_DOUBTS, MIRROR_LINKS, MIRROR_OBJECTS, MIRRORED

_STATE = MIRRORED.c
_OF_SHELF = and_(_STATE.system == bindparam("system"), _STATE.object_class == bindparam("object_class"))

_STANDING = Prepared(
    select(
        _STATE.shown,
        _STATE.held,
        _STATE.as_of,
        _STATE.whole,
        _STATE.token,
        _STATE.failed,
        _STATE.error,
        _STATE.building,
        _STATE.until,
    ).where(_OF_SHELF)
)

_ONE = Prepared(
    select(_STATE.shown, _STATE.held, _STATE.as_of, MIRROR_OBJECTS.c.document, MIRROR_DOUBTS.c.due)
    .select_from(MIRRORED)
    .outerjoin(MIRROR_OBJECTS, and_(MIRROR_OBJECTS.c.picture == _STATE.shown, MIRROR_OBJECTS.c.uid == bindparam("uid")))
    .outerjoin(
        MIRROR_DOUBTS,
        and_(
            MIRROR_DOUBTS.c.system == _STATE.system,
            MIRROR_DOUBTS.c.object_class == _STATE.object_class,
            MIRROR_DOUBTS.c.uid == bindparam("uid"),
        ),
    )
    .where(_OF_SHELF)
)

_DOUBTFUL = Prepared(
    select(MIRROR_DOUBTS.c.uid)
    .where(
        MIRROR_DOUBTS.c.system == bindparam("system"),
        MIRROR_DOUBTS.c.object_class == bindparam("object_class"),
        MIRROR_DOUBTS.c.due <= bindparam("now"),
    )
    .limit(bindparam("most"))
)


_VIEW = Prepared(
    select(
        _STATE.shown,
        _STATE.held,
        _STATE.as_of,
        select(func.min(MIRROR_DOUBTS.c.due))
        .where(MIRROR_DOUBTS.c.system == _STATE.system, MIRROR_DOUBTS.c.object_class == _STATE.object_class)
        .correlate(MIRRORED)
        .scalar_subquery()
        .label("doubted"),
    ).where(_OF_SHELF)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Where the picture of one object class stands.
    """

    shown: int | None
    """
    The picture that is shown; None before the first one is whole.
    """
    held: str | None
    """
    What it holds, in the words of whoever made it.
    """
    as_of: datetime | None
    """
    What happened on the target before that moment is in the picture.
    """
    whole: datetime | None
    """
    When it was last read whole.
    """
    token: str | None
    failed: datetime | None
    error: str | None
    building: int | None
    until: datetime | None
    """
    Until when somebody refreshes it.
    """

    def is_fresh(self, now: datetime, stale_after: timedelta) -> bool:
        """
        Whether the picture may be shown.
        """
        return self.shown is not None and self.as_of is not None and now < self.as_of + stale_after


@dataclass(frozen=True, slots=True)
class View:
    """
    The picture of an object class that is shown, as whoever searches it has to know it.
    """

    shown: int | None
    held: str | None
    as_of: datetime | None
    doubted: datetime | None
    """
    From when on it is not known of some object how it is.
    """


@dataclass(frozen=True, slots=True)
class Glimpse:
    """
    One object, and the picture it was looked for in.
    """

    shown: int | None
    held: str | None
    as_of: datetime | None
    document: bytes | None
    doubted: datetime | None
    """
    From when on nobody knows how it is.
    """


_NOTHING = Standing(None, None, None, None, None, None, None, None, None)


def standing_of(link: Connection, shelf: Shelf) -> Standing:
    """
    Return where a picture stands; of an object class that nobody has mirrored yet, nothing.
    """
    row = _STANDING.first(link, {"system": shelf.system, "object_class": shelf.object_class})
    return _NOTHING if row is None else Standing(*row)


def view_of(link: Connection, shelf: Shelf) -> View:
    """
    Return the picture that is shown; of an object class that nobody has mirrored yet, none.
    """
    row = _VIEW.first(link, {"system": shelf.system, "object_class": shelf.object_class})
    return View(None, None, None, None) if row is None else View(*row)


def glimpse(link: Connection, shelf: Shelf, uid: str) -> Glimpse | None:
    """
    Return one object as the picture that is shown has it; None where nobody has mirrored the object class yet.
    """
    asked = {"system": shelf.system, "object_class": shelf.object_class, "uid": uid}
    row = _ONE.first(link, asked)
    return None if row is None else Glimpse(*row)


def doubtful(link: Connection, shelf: Shelf, now: datetime, most: int) -> list[str]:
    """
    Return objects, up to `most`, of which nobody knows how they are.
    """
    asked = {"system": shelf.system, "object_class": shelf.object_class, "now": now, "most": most}
    return [uid for (uid,) in _DOUBTFUL.rows(link, asked)]


def links_from(link: Connection, picture: int, attribute: str, uids: Sequence[str]) -> list[tuple[str, bytes]]:
    """
    Return the links of these objects, in order: each object's uid with a value.
    """
    rows = MIRROR_LINKS.c
    these = and_(rows.picture == picture, rows.attribute == attribute, rows.uid.in_(uids))
    chosen = select(rows.uid, rows.value).where(these).order_by(rows.uid, rows.position, rows.target)
    return [(uid, value) for uid, value in link.execute(chosen)]


def links_to(link: Connection, picture: int, attribute: str, targets: Sequence[str]) -> list[tuple[str, str]]:
    """
    Return the links to these objects, in order: each target with the uid of the object that it belongs to.
    """
    rows = MIRROR_LINKS.c
    these = and_(rows.picture == picture, rows.attribute == attribute, rows.target.in_(targets))
    chosen = select(rows.target, rows.uid).where(these).order_by(rows.target, rows.uid)
    return [(target, uid) for target, uid in link.execute(chosen)]


class Pictures:
    """
    The pictures of all systems.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    async def standing(self, shelf: Shelf) -> Standing:
        """
        Return where a picture stands. Raises StoreFailed.
        """
        return await self.database.read(lambda link: standing_of(link, shelf))

    async def glimpse(self, shelf: Shelf, uid: str) -> Glimpse | None:
        """
        Return one object; see `glimpse`. Raises StoreFailed.
        """
        return await self.database.read(lambda link: glimpse(link, shelf, uid))

    async def count(self, shelf: Shelf) -> int:
        """
        Return how many objects the picture that is shown has. Raises StoreFailed.
        """

        def counted(link: Connection) -> int:
            shown = standing_of(link, shelf).shown
            these = MIRROR_OBJECTS.c.picture == shown
            return link.scalar(select(func.count()).select_from(MIRROR_OBJECTS).where(these)) or 0

        return await self.database.read(counted)
