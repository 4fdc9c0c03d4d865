"""
Remembering in the store for whom policies have ended.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from webex_connector.icf.errors import ConnectionFailed
from webex_connector.store.errors import StoreError
from webex_connector.store.retirements import RetirementTable


class StoredRetirements:
    """
    Serves the port of the room `policy`.
    """

    def __init__(self, table: RetirementTable) -> None:
        self._table = table

    async def ended(self, uid: str, policies: Collection[str]) -> None:
        """
        Note that these have ended for somebody. Raises ConnectionFailed.
        """
        with _reached():
            await self._table.keep(uid, policies)

    async def over(self, uid: str) -> None:
        """
        Note that a policy holds for somebody again. Raises ConnectionFailed.
        """
        with _reached():
            await self._table.forget(uid)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except StoreError as problem:
        raise ConnectionFailed(str(problem)) from problem
