"""
The rows of one object in a picture: its document, what it is looked up by, its links.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, select, update

from webex_connector.store.prepared import Prepared, filling
from webex_connector.store.tables import MIRROR_KEYS, MIRROR_LINKS, MIRROR_OBJECTS

AT_ONCE = 500
"""
How many values a condition names at most.
"""


_OBJECTS, _KEYS, _LINKS = MIRROR_OBJECTS.c, MIRROR_KEYS.c, MIRROR_LINKS.c
_ONE = and_(_OBJECTS.picture == bindparam("of"), _OBJECTS.uid == bindparam("id"))
_OF_ONE = and_(_LINKS.picture == bindparam("of"), _LINKS.uid == bindparam("id"), _LINKS.attribute == bindparam("by"))
_DOCUMENT = Prepared(select(_OBJECTS.document).where(_ONE))
_DROP = Prepared(delete(MIRROR_OBJECTS).where(_ONE))
_KEEP = Prepared(filling(MIRROR_OBJECTS, "picture", "uid", "document", "learned"))
_CHANGE = Prepared(
    update(MIRROR_OBJECTS).where(_ONE).values(document=bindparam("document"), learned=bindparam("learned"))
)
_OF_KEYS = and_(_KEYS.picture == bindparam("of"), _KEYS.uid == bindparam("id"))
_DROP_KEYS = Prepared(delete(MIRROR_KEYS).where(_OF_KEYS))
_KNOWN_KEYS = Prepared(select(_KEYS.attribute, _KEYS.position, _KEYS.folded).where(_OF_KEYS))
_DROP_KEY = Prepared(
    delete(MIRROR_KEYS).where(_OF_KEYS, _KEYS.attribute == bindparam("by"), _KEYS.position == bindparam("at"))
)
_KEEP_KEYS = Prepared(filling(MIRROR_KEYS, "picture", "uid", "attribute", "position", "folded"))
_KNOWN = Prepared(select(_LINKS.target, _LINKS.value).where(_OF_ONE))
_CUT = Prepared(delete(MIRROR_LINKS).where(_OF_ONE, _LINKS.target == bindparam("to")))
_TIE = Prepared(filling(MIRROR_LINKS, "picture", "uid", "attribute", "target", "position", "value"))


@dataclass(frozen=True, slots=True)
class Link:
    """
    One membership or the like: whom it leads to, and the value as it is shown.
    """

    target: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """
    One value that an object is looked up by, in the form in which values compare.
    """

    attribute: str
    position: int
    folded: str


@dataclass(frozen=True, slots=True)
class Entry:
    """
    An object as it is to be kept. Links of an attribute that is not named stay as they are.
    """

    uid: str
    document: bytes
    keys: tuple[Key, ...]
    links: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    """
    All links of an attribute.
    """
    joining: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    leaving: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def put(link: Connection, picture: int, entries: Sequence[Entry], learned: datetime | None, first: int = 0) -> None:
    """
    Keep these objects as they are now. `first` is the place of the first link that is new.
    """
    if not entries:
        return
    if len(entries) == 1:
        _renew(link, picture, entries[0], learned)
    else:
        _fill(link, picture, entries, learned)
    for each in entries:
        _relink(link, picture, each, first)


def _renew(link: Connection, picture: int, entry: Entry, learned: datetime | None) -> None:
    """
    Keep one object, of which most stays as it was, without its links.
    """
    of, row = {"of": picture, "id": entry.uid}, {"document": entry.document, "learned": learned}
    if not _CHANGE.run(link, {**of, **row}):
        _KEEP.run(link, {"picture": picture, "uid": entry.uid, **row})
    known = {(name, at, folded) for name, at, folded in _KNOWN_KEYS.rows(link, of)}
    wanted = {(key.attribute, key.position, key.folded) for key in entry.keys}
    _DROP_KEY.run_each(link, [{**of, "by": name, "at": at} for name, at, _ in known - wanted])
    new = [{"attribute": name, "position": at, "folded": folded} for name, at, folded in wanted - known]
    _KEEP_KEYS.run_each(link, [{"picture": picture, "uid": entry.uid, **each} for each in new])


def _fill(link: Connection, picture: int, entries: Sequence[Entry], learned: datetime | None) -> None:
    """
    Keep many objects, without their links.
    """
    old = [{"of": picture, "id": each.uid} for each in entries]
    _DROP.run_each(link, old)
    _DROP_KEYS.run_each(link, old)
    rows = [{"picture": picture, "uid": each.uid, "document": each.document, "learned": learned} for each in entries]
    _KEEP.run_each(link, rows)
    keys = [
        {
            "picture": picture,
            "uid": each.uid,
            "attribute": key.attribute,
            "position": key.position,
            "folded": key.folded,
        }
        for each in entries
        for key in each.keys
    ]
    _KEEP_KEYS.run_each(link, keys)


def _relink(link: Connection, picture: int, entry: Entry, first: int) -> None:
    for attribute, links in entry.links.items():
        asked = {"of": picture, "id": entry.uid, "by": attribute}
        known = {target: value for target, value in _KNOWN.rows(link, asked)}  # noqa: C416 - rows are no pairs
        wanted = {each.target: each.value for each in links}
        cut(link, picture, entry.uid, attribute, [each for each in known if known[each] != wanted.get(each)])
        tie(
            link, picture, entry.uid, attribute, [each for each in links if known.get(each.target) != each.value], first
        )
    for attribute, targets in entry.leaving.items():
        cut(link, picture, entry.uid, attribute, targets)
    for attribute, links in entry.joining.items():
        cut(link, picture, entry.uid, attribute, [each.target for each in links])
        tie(link, picture, entry.uid, attribute, links, first)


def cut(link: Connection, picture: int, uid: str, attribute: str, targets: Sequence[str]) -> None:
    """
    Take links away.
    """
    same = {"of": picture, "id": uid, "by": attribute}
    _CUT.run_each(link, [{**same, "to": each} for each in targets])


def tie(link: Connection, picture: int, uid: str, attribute: str, links: Sequence[Link], first: int) -> None:
    """
    Add links that are not there, from this place on.
    """
    new = {each.target: each for each in links}
    same = {"picture": picture, "uid": uid, "attribute": attribute}
    rows = [
        {**same, "target": each.target, "position": place, "value": each.value}
        for place, each in enumerate(new.values(), start=first)
    ]
    _TIE.run_each(link, rows)


def remove(link: Connection, picture: int, uids: Sequence[str]) -> None:
    """
    Take objects out of a picture, with everything that belongs to them.
    """
    for some in parts(uids):
        link.execute(delete(MIRROR_OBJECTS).where(_objects(picture, some)))
        for table in (MIRROR_KEYS, MIRROR_LINKS):
            link.execute(delete(table).where(table.c.picture == picture, table.c.uid.in_(some)))


def documents(link: Connection, picture: int, uids: Sequence[str]) -> dict[str, bytes]:
    """
    Return the documents of those objects that the picture has.
    """
    found: dict[str, bytes] = {}
    for some in parts(uids):
        chosen = select(MIRROR_OBJECTS.c.uid, MIRROR_OBJECTS.c.document).where(_objects(picture, some))
        found |= {uid: document for uid, document in link.execute(chosen)}  # noqa: C416 - rows are no pairs
    return found


def document(link: Connection, picture: int, uid: str) -> bytes | None:
    """
    Return the document of an object; None when the picture has not got it.
    """
    row = _DOCUMENT.first(link, {"of": picture, "id": uid})
    return None if row is None else bytes(row[0])


def parts(values: Sequence[str]) -> list[list[str]]:
    """
    Return the values in parts that a condition may name.
    """
    rest = iter(values)
    return list(iter(lambda: list(islice(rest, AT_ONCE)), []))


def _objects(picture: int, uids: Sequence[str]) -> ColumnElement[bool]:
    return and_(MIRROR_OBJECTS.c.picture == picture, MIRROR_OBJECTS.c.uid.in_(uids))
