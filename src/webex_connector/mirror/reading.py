"""
Reading a picture: one object, or a page of those that match, sorted and counted by the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from webex_connector.icf import names
from webex_connector.icf.attributes import Value, Values
from webex_connector.icf.filters import EVERYTHING, And, Compare, Filter, Operator, attributes_of
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import SortKey
from webex_connector.mirror.conditions import Conditions
from webex_connector.mirror.layout import Layout, holding_in, key_of, value_in
from webex_connector.store.engine import Database
from webex_connector.store.local_attributes import Shelf
from webex_connector.store.pictures import doubtful, glimpse, links_from, links_to, standing_of, view_of
from webex_connector.store.prepared import Prepared, Row
from webex_connector.store.tables import MIRROR_KEYS, MIRROR_OBJECTS

FEW = 50
"""
Up to that many objects that nobody knows of are asked for before a search; for more the search goes to the target.
"""

_AT_ONCE = 100
"""
How many objects may be read while everybody else waits: as long as it takes to hand the work to another thread.
"""

_OBJECTS, _KEYS = MIRROR_OBJECTS.c, MIRROR_KEYS.c

_BY_UID = Prepared(
    select(_OBJECTS.uid, _OBJECTS.document)
    .where(_OBJECTS.picture == bindparam("picture"), _OBJECTS.uid == bindparam("uid"))
    .limit(bindparam("limit"))
)

_BY_KEY = Prepared(
    select(_OBJECTS.uid, _OBJECTS.document)
    .distinct()
    .join(MIRROR_KEYS, and_(_KEYS.picture == _OBJECTS.picture, _KEYS.uid == _OBJECTS.uid))
    .where(
        _KEYS.picture == bindparam("picture"),
        _KEYS.attribute == bindparam("attribute"),
        _KEYS.folded == bindparam("folded"),
    )
    .order_by(_OBJECTS.uid)
    .limit(bindparam("limit"))
)


_PAGE = Prepared(
    select(_OBJECTS.uid, _OBJECTS.document)
    .where(_OBJECTS.picture == bindparam("picture"), _OBJECTS.uid > bindparam("after"))
    .order_by(_OBJECTS.uid)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)

_COUNT = Prepared(select(func.count()).select_from(MIRROR_OBJECTS).where(_OBJECTS.picture == bindparam("picture")))


_Quick = tuple[Prepared, dict[str, Any]]
"""
A statement that was made beforehand, with its parameters.
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """
    A page of a search: after which uid, how many are skipped, and whether it goes on with one that has begun.
    """

    node: Filter
    wanted: frozenset[str]
    limit: int
    after: str | None = None
    offset: int = 0
    goes_on: bool = False
    keys: tuple[SortKey, ...] = ()
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """
    What the picture brings.
    """

    objects: list[ConnectorObject]
    total: int | None
    more: bool


@dataclass(frozen=True, slots=True)
class Look:
    """
    A look at the picture.
    """

    is_filled: bool
    """Whether there is a picture at all."""

    page: Page | None = None
    """
    None when the picture cannot be shown, or not before it is known how `doubtful` objects are.
    """
    doubtful: list[str] = field(default_factory=list)
    as_of: datetime | None = None
    """
    Of when the picture is that the page comes from.
    """


class Reader:
    """
    Reads the picture of one object class.
    """

    def __init__(self, database: Database, layout: Layout, shelf: Shelf, stale_after: timedelta) -> None:
        self._database, self._layout, self._shelf, self._stale_after = database, layout, shelf, stale_after
        self._counted: tuple[int | None, int | None, int] = (None, None, 0)

    async def held(
        self, uid: str, wanted: frozenset[str], now: datetime
    ) -> tuple[datetime | None, ConnectorObject | None]:
        """
        Return of when the picture is, None when it cannot be shown; and the object if it is in it and nobody doubts it.
        Raises StoreFailed.
        """
        return await self._database.glance(lambda link: self._held(link, uid, wanted, now))

    async def look(self, ask: Ask, now: datetime) -> Look:
        """
        Return a page, or why there is none. Raises StoreFailed.
        """
        quick = self._quick(ask)
        if quick is None or ask.limit > _AT_ONCE:
            return await self._database.read(lambda link: self._look(link, ask, now, quick, None))
        version = self._database.version() if ask.counted and quick[0] is _PAGE else None
        return await self._database.glance(lambda link: self._look(link, ask, now, quick, version))

    async def attributes(self) -> frozenset[str]:
        """
        Return the attributes that the picture holds; none before there is one. Raises StoreFailed.
        """
        held = (await self._database.glance(lambda link: standing_of(link, self._shelf))).held
        return frozenset() if held is None else holding_in(held).attributes

    def _held(
        self, link: Connection, uid: str, wanted: frozenset[str], now: datetime
    ) -> tuple[datetime | None, ConnectorObject | None]:
        found = glimpse(link, self._shelf, uid)
        if found is None or found.shown is None or found.held is None or found.as_of is None:
            return None, None
        if now >= found.as_of + self._stale_after or not self._layout.serves(found.held, wanted):
            return None, None
        others = self._others(link, wanted & self._layout.inverse.keys(), now)
        if others is None or found.document is None or (found.doubted is not None and found.doubted <= now):
            return None if others is None else found.as_of, None
        more = self._links(link, found.shown, others, wanted, [uid]).get(uid, {})
        return found.as_of, self._layout.object(uid, found.document, more)

    def _look(self, link: Connection, ask: Ask, now: datetime, quick: _Quick | None, version: int | None) -> Look:
        view = view_of(link, self._shelf)
        if view.shown is None or view.held is None or view.as_of is None:
            return Look(is_filled=False)
        if not ask.goes_on and now >= view.as_of + self._stale_after:
            return Look(is_filled=True)
        inverse = self._layout.inverse.keys()
        others = self._others(link, (ask.wanted | attributes_of(ask.node)) & inverse, now) if inverse else {}
        if others is None or not self._layout.serves(view.held, ask.wanted):
            return Look(is_filled=True)
        # Who goes on with a stream has what was known when it began, as from the target itself.
        if not ask.goes_on and view.doubted is not None and view.doubted <= now:
            return Look(is_filled=True, doubtful=doubtful(link, self._shelf, now, FEW + 1))
        return Look(is_filled=True, page=self._page(link, view.shown, others, ask, quick, version), as_of=view.as_of)

    def _others(self, link: Connection, inverse: frozenset[str] | set[str], now: datetime) -> dict[str, int] | None:
        """
        Return the pictures that these attributes are seen in; None when one of them cannot be shown.
        """
        pictures: dict[str, int] = {}
        for name in {self._layout.inverse[each].object_class for each in inverse}:
            standing = standing_of(link, Shelf(self._shelf.system, name))
            if standing.shown is None or not standing.is_fresh(now, self._stale_after):
                return None
            pictures[name] = standing.shown
        return pictures

    def _page(
        self,
        link: Connection,
        picture: int,
        others: Mapping[str, int],
        ask: Ask,
        quick: _Quick | None,
        version: int | None,
    ) -> Page:
        if quick is not None:
            statement, asked = quick
            found = statement.rows(link, {"picture": picture, "limit": ask.limit + 1, **asked})
            is_all = not ask.offset and ask.after is None and len(found) <= ask.limit
            if statement is _PAGE and ask.counted and not is_all:
                return self._made(link, picture, others, ask, found, self._count(link, picture, version))
            if is_all or not ask.counted:
                return self._made(link, picture, others, ask, found, len(found) if ask.counted else None)
        condition = Conditions(self._layout, picture, others).of(ask.node)
        matching = and_(_OBJECTS.picture == picture, condition)
        chosen = select(_OBJECTS.uid, _OBJECTS.document).where(matching)
        if ask.after is not None:
            chosen = chosen.where(_OBJECTS.uid > ask.after)
        chosen = self._sorted(chosen, picture, ask.keys).order_by(_OBJECTS.uid).limit(ask.limit + 1)
        rows = link.execute(chosen.offset(ask.offset) if ask.offset else chosen).all()
        total: int | None = None
        if ask.counted:
            is_all = ask.after is None and not ask.offset and len(rows) <= ask.limit
            counting = select(func.count()).select_from(MIRROR_OBJECTS).where(matching)
            total = len(rows) if is_all else link.scalar(counting)
        return self._made(link, picture, others, ask, rows, total)

    def _count(self, link: Connection, picture: int, version: int | None) -> int:
        """
        Return how many objects a picture has. It is counted again once anybody has written since; `version` is the
        database's from before this transaction.
        """
        is_seen = version is not None and version == self._database.version()
        if is_seen and self._counted[:2] == (picture, version):
            return self._counted[2]
        ((count,),) = _COUNT.rows(link, {"picture": picture})
        if is_seen:
            # Nobody has written between the two looks, so this is what the transaction sees.
            self._counted = (picture, version, count)
        return int(count)

    def _quick(self, ask: Ask) -> _Quick | None:
        """
        Return a statement that was made beforehand, with its parameters, for the searches that clients do most.
        """
        parts = ask.node.parts if isinstance(ask.node, And) else (ask.node,)
        if ask.keys:
            return None
        if parts == (EVERYTHING,) or not parts:
            return _PAGE, {"after": ask.after or "", "offset": ask.offset}
        if len(parts) != 1 or ask.after is not None or ask.offset:
            return None
        part = parts[0]
        if not isinstance(part, Compare) or part.operator is not Operator.EQUALS:
            return None
        if part.attribute == names.UID:
            return _BY_UID, {"uid": key_of(part.value)}
        if part.attribute not in self._layout.keyed:
            return None
        folded = self._layout.folded(part.attribute, part.value)
        return _BY_KEY, {"attribute": part.attribute, "folded": folded}

    def _made(
        self,
        link: Connection,
        picture: int,
        others: Mapping[str, int],
        ask: Ask,
        rows: Sequence[Row],
        total: int | None,
    ) -> Page:
        page = rows[: ask.limit]
        more = self._links(link, picture, others, ask.wanted, [uid for uid, _ in page])
        objects = [self._layout.object(uid, document, more.get(uid, {})) for uid, document in page]
        return Page(objects, total, len(rows) > ask.limit)

    def _sorted(self, chosen: Select[Any], picture: int, keys: Sequence[SortKey]) -> Select[Any]:
        for key in keys:
            if key.attribute not in self._layout.keyed:
                # The uid has no rows of its own.
                chosen = chosen.order_by(_OBJECTS.uid if key.ascending else _OBJECTS.uid.desc())
                continue
            first = MIRROR_KEYS.alias()
            same = and_(first.c.picture == picture, first.c.uid == _OBJECTS.uid)
            chosen = chosen.outerjoin(first, and_(same, first.c.attribute == key.attribute, first.c.position == 0))
            value = first.c.folded
            chosen = chosen.order_by(value.is_(None), value if key.ascending else value.desc())
        return chosen

    def _links(
        self,
        link: Connection,
        picture: int,
        others: Mapping[str, int],
        wanted: frozenset[str],
        uids: Sequence[str],
    ) -> dict[str, dict[str, Values]]:
        found: dict[str, dict[str, list[Value]]] = {}
        if not uids:
            return {}
        for attribute in self._layout.links & wanted:
            for uid, packed in links_from(link, picture, attribute, uids):
                found.setdefault(uid, {}).setdefault(attribute, []).append(value_in(packed))
        for attribute in self._layout.inverse.keys() & wanted:
            seen = self._layout.inverse[attribute]
            for target, uid in links_to(link, others[seen.object_class], seen.attribute, uids):
                found.setdefault(target, {}).setdefault(attribute, []).append(uid)
        return {uid: {name: tuple(values) for name, values in each.items()} for uid, each in found.items()}
