"""
The inventory of the change feed, in the store.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager

from webex_connector.base.clock import Clock
from webex_connector.connector.inventory import RUN, TOLD, Note, Standing
from webex_connector.icf.errors import ConnectionBroken, ConnectionFailed
from webex_connector.store.engine import Database
from webex_connector.store.errors import StoreError
from webex_connector.store.inventory import InventoryTable, Told


class StoredInventory:
    """
    What change streams remember, over restarts and for every process. Each method raises ConnectionFailed when the
    store does not answer.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._table = InventoryTable(database, clock, RUN, TOLD)

    async def begin(self, stream: str, number: int) -> None:
        """
        Start an empty stream.
        """
        with _answering():
            await self._table.begin(stream, number)

    async def settle(self, stream: str, number: int) -> Standing | None:
        """
        Make real what was told up to the number, and take back the rest.
        """
        with _answering():
            found = await self._table.settle(stream, number)
        if found is None:
            return None
        return Standing(found.acknowledged, found.base, found.count, found.surplus, found.complete)

    async def marks(self, stream: str, keys: Sequence[str]) -> Mapping[str, str]:
        """
        Return the marks of the known ones.
        """
        with _answering():
            return await self._table.marks(stream, keys)

    async def note(self, stream: str, notes: Sequence[Note]) -> None:
        """
        Remember changes. Raises ConnectionBroken when a later run has begun.
        """
        with _answering():
            is_noted = await self._table.note(stream, [Told(each.number, each.key, each.mark) for each in notes])
        if not is_noted:
            raise ConnectionBroken("Another call began to follow the changes from this sync token; try again")

    async def see(self, stream: str, walk: str, keys: Sequence[str]) -> None:
        """
        Remember whom a walk met.
        """
        with _answering():
            await self._table.see(stream, walk, keys)

    async def unseen(self, stream: str, walk: str) -> AsyncIterator[Sequence[str]]:
        """
        Yield whom the walk has not met.
        """
        with _answering():
            async for some in self._table.unseen(stream, walk):
                yield some

    async def complete(self, stream: str, surplus: int) -> None:
        """
        Remember that everything has been seen.
        """
        with _answering():
            await self._table.complete(stream, surplus)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except StoreError as problem:
        raise ConnectionFailed(f"What is known of changes cannot be read or kept: {problem}") from problem
