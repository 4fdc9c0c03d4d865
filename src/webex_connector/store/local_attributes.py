"""
Values that the target cannot hold, beside its objects: texts, one row each.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from webex_connector.store.engine import Database
from webex_connector.store.tables import LOCAL_VALUES

Kept = Mapping[str, tuple[str, ...]]
"""
The values of an object's local attributes, by attribute; without those that have none.
"""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Shelf:
    """
    Where the values of one object class of one system are.
    """

    system: str
    object_class: str


class LocalValues:
    """
    The local values of all systems.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, shelf: Shelf, uids: Collection[str]) -> dict[str, Kept]:
        """
        Return the values of those of the objects that have any. Raises StoreFailed.
        """

        def found(link: Connection) -> dict[str, Kept]:
            asked = iter(uids)
            values: dict[str, Kept] = {}
            while some := list(islice(asked, _AT_ONCE)):
                values |= _values(link, and_(_is(shelf), LOCAL_VALUES.c.uid.in_(some)))
            return values

        return await self._database.read(found)

    async def having(self, shelf: Shelf, attribute: str, folded: Collection[str], most: int) -> list[str]:
        """
        Return the objects, up to `most`, that have one of these values in the form in which values compare. Raises
        StoreFailed.
        """
        condition = and_(_is(shelf), LOCAL_VALUES.c.attribute == attribute, LOCAL_VALUES.c.folded.in_(folded))
        chosen = select(LOCAL_VALUES.c.uid).where(condition).distinct().order_by(LOCAL_VALUES.c.uid).limit(most)
        return await self._database.read(lambda link: list(link.scalars(chosen)))

    async def change(
        self,
        shelf: Shelf,
        uid: str,
        changed: Callable[[Kept], Kept],
        fold: Callable[[str, str], str],
    ) -> tuple[Kept, Kept]:
        """
        Keep what `changed` makes of an object's values, and return what was there and what is; nobody comes between.

        `fold` gives an attribute's value the form in which it compares. Raises StoreFailed; then nothing is changed.
        """
        this = and_(_is(shelf), LOCAL_VALUES.c.uid == uid)

        def kept(link: Connection) -> tuple[Kept, Kept]:
            before = _values(link, this).get(uid, {})
            after = {name: values for name, values in changed(before).items() if values}
            link.execute(delete(LOCAL_VALUES).where(this))
            rows = _rows(shelf, uid, after, fold)
            if rows:
                link.execute(insert(LOCAL_VALUES), rows)
            return before, after

        return await self._database.write(kept)

    async def forget(self, shelf: Shelf, uid: str) -> None:
        """
        Drop every value of an object that is gone. Raises StoreFailed.
        """
        this = and_(_is(shelf), LOCAL_VALUES.c.uid == uid)
        await self._database.write(lambda link: link.execute(delete(LOCAL_VALUES).where(this)))


def _is(shelf: Shelf) -> ColumnElement[bool]:
    return and_(LOCAL_VALUES.c.system == shelf.system, LOCAL_VALUES.c.object_class == shelf.object_class)


def _values(link: Connection, condition: ColumnElement[bool]) -> dict[str, Kept]:
    found: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    chosen = select(LOCAL_VALUES.c.uid, LOCAL_VALUES.c.attribute, LOCAL_VALUES.c.value).where(condition)
    for uid, attribute, value in link.execute(chosen.order_by(LOCAL_VALUES.c.position)):
        found[uid][attribute] = (*found[uid].get(attribute, ()), value)
    return dict(found)


def _rows(shelf: Shelf, uid: str, values: Kept, fold: Callable[[str, str], str]) -> Sequence[Mapping[str, object]]:
    return [
        {
            "system": shelf.system,
            "object_class": shelf.object_class,
            "uid": uid,
            "attribute": attribute,
            "position": position,
            "value": value,
            "folded": fold(attribute, value),
        }
        for attribute, each in values.items()
        for position, value in enumerate(each)
    ]
