"""
The rows of one object in a picture: its document, what it is looked up by, its links.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from webex_connector.store.tables import MIRROR_KEYS, MIRROR_LINKS, MIRROR_OBJECTS

AT_ONCE = 500
"""
How many values a condition names at most.
"""


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
    uids = [each.uid for each in entries]
    for some in parts(uids):
        link.execute(delete(MIRROR_OBJECTS).where(_objects(picture, some)))
        link.execute(delete(MIRROR_KEYS).where(MIRROR_KEYS.c.picture == picture, MIRROR_KEYS.c.uid.in_(some)))
    rows = [{"picture": picture, "uid": each.uid, "document": each.document, "learned": learned} for each in entries]
    link.execute(insert(MIRROR_OBJECTS), rows)
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
    if keys:
        link.execute(insert(MIRROR_KEYS), keys)
    for each in entries:
        _relink(link, picture, each, first)


def _relink(link: Connection, picture: int, entry: Entry, first: int) -> None:
    for attribute, links in entry.links.items():
        here = of_links(picture, entry.uid, attribute)
        known = {row.target: row.value for row in link.execute(select(MIRROR_LINKS).where(here))}
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
    for some in parts(targets):
        link.execute(delete(MIRROR_LINKS).where(of_links(picture, uid, attribute), MIRROR_LINKS.c.target.in_(some)))


def tie(link: Connection, picture: int, uid: str, attribute: str, links: Sequence[Link], first: int) -> None:
    """
    Add links that are not there, from this place on.
    """
    new = {each.target: each for each in links}
    if new:
        same = {"picture": picture, "uid": uid, "attribute": attribute}
        link.execute(
            insert(MIRROR_LINKS),
            [
                {**same, "target": each.target, "position": place, "value": each.value}
                for place, each in enumerate(new.values(), start=first)
            ],
        )


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


def parts(values: Sequence[str]) -> list[list[str]]:
    """
    Return the values in parts that a condition may name.
    """
    rest = iter(values)
    return list(iter(lambda: list(islice(rest, AT_ONCE)), []))


def of_links(picture: int, uid: str, attribute: str) -> ColumnElement[bool]:
    """
    Return the condition of an object's links of one attribute.
    """
    return and_(MIRROR_LINKS.c.picture == picture, MIRROR_LINKS.c.uid == uid, MIRROR_LINKS.c.attribute == attribute)


def _objects(picture: int, uids: Sequence[str]) -> ColumnElement[bool]:
    return and_(MIRROR_OBJECTS.c.picture == picture, MIRROR_OBJECTS.c.uid.in_(uids))
