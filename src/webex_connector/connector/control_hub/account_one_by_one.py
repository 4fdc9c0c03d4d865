"""
Changes of people, apart from their groups, each by itself and a few at a time.
"""

from collections.abc import Mapping
from typing import Protocol

from webex_connector.base.clock import Clock
from webex_connector.connector.a_few_at_a_time import for_each
from webex_connector.connector.control_hub.account_doubts import AccountDoubts, Reader, in_doubt
from webex_connector.icf.errors import Ambiguous, ConnectorError, Verdict
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import (
    CanCreate,
    CanDelete,
    CanUpdate,
    Change,
    ChangeOutcome,
    ChangeRequest,
    Fate,
)
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.client import WebexClient


class Singly(Reader, CanCreate, CanUpdate, CanDelete, Protocol):
    """
    What reads, makes, changes and deletes one person.
    """


class OneByOne:
    """
    Makes changes until something says that the run must stop.
    """

    def __init__(self, client: WebexClient, singly: Singly, clock: Clock, options: OperationOptions) -> None:
        self._client, self._singly, self._options = client, singly, options
        self._began = clock.now()
        self.stopped: ConnectorError | None = None
        """
        Why nothing more is sent.
        """

    async def run(self, changes: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        """
        Make the changes; one outcome for each, under the same key. They begin in order, and changes of one person wait
        for each other.

        After an error that ends the run, what has not begun is refused with the same error.
        """
        outcomes: dict[int, ChangeOutcome] = {}

        async def work(place: int) -> None:
            outcomes[place] = await self._one(changes[place])

        await for_each(changes, work, self._client.connections)
        doubts = in_doubt(changes, outcomes)
        if doubts and self.stopped is None:
            looking = AccountDoubts(self._client, self._singly, self._began, self._options)
            outcomes.update(await looking.resolved(doubts))
        return outcomes

    async def _one(self, change: ChangeRequest) -> ChangeOutcome:
        if self.stopped is not None:
            return ChangeOutcome(Fate.REFUSED, error=self.stopped)
        try:
            return ChangeOutcome(Fate.DONE, await self._written(change))
        except Ambiguous as error:
            return ChangeOutcome(Fate.AMBIGUOUS, error=error)
        except ConnectorError as error:
            if error.verdict is Verdict.STOP_RUN:
                self.stopped = error
            return ChangeOutcome(Fate.REFUSED, error=error)

    async def _written(self, change: ChangeRequest) -> WriteResult:
        match change.change:
            case Change.CREATE:
                return await self._singly.create(change.attributes or {}, self._options)
            case Change.UPDATE:
                return await self._singly.update(change.uid or "", change.deltas, self._options)
            case Change.DELETE:
                return await self._singly.delete(change.uid or "", self._options)
