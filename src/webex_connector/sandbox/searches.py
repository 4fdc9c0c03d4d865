"""
What searches see: the people as they were a while ago, and their order.

Webex answers searches from an index that follows the accounts with some delay; reading somebody by identifier does not
wait for it.
"""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Mapping
from enum import Enum

from webex_connector.sandbox.records import Person


class Order(Enum):
    """
    What a search can be sorted by; the value is the name on the wire.
    """

    ID = "id"
    USER_NAME = "userName"
    LAST_MODIFIED = "meta.lastModified"


_KEYS: dict[Order, Callable[[Person], tuple[str | int, str]]] = {
    Order.ID: lambda person: ("", person.uuid),
    Order.USER_NAME: lambda person: (person.email.casefold(), person.uuid),
    Order.LAST_MODIFIED: lambda person: (person.last_modified, person.uuid),
}


def sort_key(order: Order) -> Callable[[Person], tuple[str | int, str]]:
    """
    Return what people are compared by; no two are equal.
    """
    return _KEYS[order]


class Searches:
    """
    The index that searches are answered from.

    An order is made when it is first asked for and kept from then on, so that a page costs what it holds. Only the
    people whose last change has not come through yet are kept twice.
    """

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._coming: deque[tuple[int, str, Person | None]] = deque()
        self._pending: Counter[str] = Counter()
        self._held: dict[str, Person | None] = {}
        self._orders: dict[Order, list[str]] = {}

    @property
    def used(self) -> bool:
        """
        Whether changes have to be noted: somebody was sorted, or is waited for.
        """
        return bool(self._orders or self._coming)

    def change(self, uuid: str, before: Person | None, after: Person | None, due: int) -> None:
        """
        Note what becomes of somebody, to be seen from `due` on (milliseconds); call it before the change is made.

        Changes come through in the order they were made.
        """
        self._held.setdefault(uuid, before)
        self._pending[uuid] += 1
        self._coming.append((due, uuid, after))

    def settle(self, now: int) -> None:
        """
        Let everything be seen that is due.
        """
        while self._coming and self._coming[0][0] <= now:
            _, uuid, after = self._coming.popleft()
            before = self._held[uuid]
            for order, line in self._orders.items():
                self._move(line, _KEYS[order], before, after)
            self._held[uuid] = after
            self._pending[uuid] -= 1
            if not self._pending[uuid]:
                del self._pending[uuid], self._held[uuid]

    def seen(self, uuid: str) -> Person | None:
        """
        Return somebody as searches see them.
        """
        return self._held[uuid] if uuid in self._held else self._people.get(uuid)

    def lagging(self) -> Mapping[str, Person | None]:
        """
        Return whose last change has not come through, and as what searches see them: None for not at all.
        """
        return self._held

    def line(self, order: Order) -> list[str]:
        """
        Return the UUIDs of everybody whom searches see, in that order; not to be changed.
        """
        if order not in self._orders:
            key = _KEYS[order]
            everybody = {**dict.fromkeys(self._people), **dict.fromkeys(self._held)}
            seen = [person for uuid in everybody if (person := self.seen(uuid))]
            self._orders[order] = [person.uuid for person in sorted(seen, key=key)]
        return self._orders[order]

    def _move(
        self,
        line: list[str],
        key: Callable[[Person], tuple[str | int, str]],
        before: Person | None,
        after: Person | None,
    ) -> None:
        if before and after and key(before) == key(after):
            return
        if before:
            del line[bisect_left(line, key(before), key=self._key_of(key))]
        if after:
            line.insert(bisect_left(line, key(after), key=self._key_of(key)), after.uuid)

    def _key_of(self, key: Callable[[Person], tuple[str | int, str]]) -> Callable[[str], tuple[str | int, str]]:
        def key_of(uuid: str) -> tuple[str | int, str]:
            person = self.seen(uuid)
            if person is None:
                raise KeyError(uuid)
            return key(person)

        return key_of
