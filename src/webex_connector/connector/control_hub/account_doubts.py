"""
Changes of people of which nobody could tell whether they happened, looked at once more when all others are done: what
kept us from looking may have passed.

Deletions are looked at in batches. Who was made is found by the address, and what a change left only by reading the
whole person: each of these is a request.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from webex_connector.connector.a_few_at_a_time import for_each
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.addresses import holder_of
from webex_connector.connector.control_hub.existence import known_among
from webex_connector.connector.control_hub.making import is_ours
from webex_connector.connector.control_hub.person import not_applied, same
from webex_connector.connector.faults import reading
from webex_connector.icf.attributes import after
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import CanGet, Change, ChangeOutcome, ChangeRequest, Fate, Handler
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.client import WebexClient


class Reader(Handler, CanGet, Protocol):
    """
    What reads one person.
    """


class AccountDoubts:
    """
    Looks at what was left in doubt; `began` is when the first of the changes may have left.
    """

    def __init__(self, client: WebexClient, reader: Reader, began: datetime, options: OperationOptions) -> None:
        self._client, self._reader, self._began, self._options = client, reader, began, options
        self._call = call_of(options)

    async def resolved(self, doubts: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        """
        Return the outcomes of those changes that are now seen to be in place, by the keys they came with.

        What is not in place stays in doubt: it may still arrive.
        """
        found: dict[int, ChangeOutcome] = {}
        deletions = {place: change.uid or "" for place, change in doubts.items() if change.change is Change.DELETE}
        known = await known_among(self._client, list(deletions.values()), self._call)
        if known is not None:
            gone = {place: uid for place, uid in deletions.items() if uid not in known}
            found.update({place: ChangeOutcome(Fate.DONE, WriteResult(uid)) for place, uid in gone.items()})

        async def look(place: int) -> None:
            result = await self._seen(doubts[place])
            if result is not None:
                found[place] = ChangeOutcome(Fate.DONE, result)

        await for_each([place for place in doubts if place not in deletions], look)
        return found

    async def _seen(self, change: ChangeRequest) -> WriteResult | None:
        try:
            return await (self._made(change) if change.change is Change.CREATE else self._changed(change))
        except ConnectorError:
            return None

    async def _made(self, change: ChangeRequest) -> WriteResult | None:
        asked = change.attributes or {}
        with reading():
            holder = await holder_of(self._client, str(asked["emails"][0]), self._call)
        if holder is None or not is_ours(holder, asked, self._began):
            return None
        account = await self._read(holder["id"])
        return WriteResult(account.uid, account, not_applied=not_applied(asked, account))

    async def _changed(self, change: ChangeRequest) -> WriteResult | None:
        account = await self._read(change.uid or "")
        current = [(delta, account.values(delta.name)) for delta in change.deltas]
        in_place = all(same(delta.name, after(delta, values), values) for delta, values in current)
        return WriteResult(account.uid, account) if in_place else None

    async def _read(self, uid: str) -> ConnectorObject:
        return await self._reader.get(uid, self._reader.info.defaults_when_read, self._options)


def in_doubt(changes: Mapping[int, ChangeRequest], outcomes: Mapping[int, ChangeOutcome]) -> dict[int, ChangeRequest]:
    """
    Return the changes of which nobody can tell, by their places.
    """
    return {place: changes[place] for place, outcome in outcomes.items() if outcome.fate is Fate.AMBIGUOUS}
