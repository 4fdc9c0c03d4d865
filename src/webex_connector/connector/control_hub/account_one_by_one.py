"""
Changes of people, apart from their groups, each by itself and a few at a time.
"""

from collections.abc import Mapping
from typing import Protocol

from webex_connector.base.clock import Clock
from webex_connector.connector.a_few_at_a_time import for_each
from webex_connector.connector.control_hub.account_doubts import AccountDoubts, Reader, in_doubt
from webex_connector.connector.until_stopped import Singly, UntilStopped
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.client import WebexClient


class Person(Reader, Singly, Protocol):
    """
    What reads, makes, changes and deletes one person.
    """


class OneByOne:
    """
    Makes changes until something says that the run must stop.
    """

    def __init__(self, client: WebexClient, singly: Person, clock: Clock, options: OperationOptions) -> None:
        self._client, self._singly, self._options = client, singly, options
        self._began = clock.now()
        self._each = UntilStopped(singly, options)

    @property
    def stopped(self) -> ConnectorError | None:
        """
        Why nothing more is sent.
        """
        return self._each.reason

    async def run(self, changes: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        """
        Make the changes; one outcome for each, under the same key. They begin in order, and changes of one person wait
        for each other.

        After an error that ends the run, what has not begun is refused with the same error.
        """
        outcomes: dict[int, ChangeOutcome] = {}

        async def work(place: int) -> None:
            outcomes[place] = await self._each.made(changes[place])

        await for_each(changes, work, self._client.connections)
        doubts = in_doubt(changes, outcomes)
        if doubts and self.stopped is None:
            looking = AccountDoubts(self._client, self._singly, self._began, self._options)
            outcomes.update(await looking.resolved(doubts))
        return outcomes
