"""
Changes of accounts, each made by itself, until one error says that the run must stop.
"""

from typing import Protocol

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


class Singly(CanCreate, CanUpdate, CanDelete, Protocol):
    """
    What makes, changes and deletes one account.
    """


class UntilStopped:
    """
    Makes changes until something says that the run must stop; then refuses what has not begun with the same error.
    """

    def __init__(self, singly: Singly, options: OperationOptions) -> None:
        self._singly, self._options = singly, options
        self.reason: ConnectorError | None = None
        """
        Why nothing more is sent.
        """

    async def made(self, change: ChangeRequest) -> ChangeOutcome:
        """
        Make one change. Nothing is raised: the outcome tells.
        """
        if self.reason is not None:
            return ChangeOutcome(Fate.REFUSED, error=self.reason)
        try:
            return ChangeOutcome(Fate.DONE, await self._written(change))
        except Ambiguous as error:
            return ChangeOutcome(Fate.AMBIGUOUS, error=error)
        except ConnectorError as error:
            if error.verdict is Verdict.STOP_RUN:
                self.reason = error
            return ChangeOutcome(Fate.REFUSED, error=error)

    async def _written(self, change: ChangeRequest) -> WriteResult:
        match change.change:
            case Change.CREATE:
                return await self._singly.create(change.attributes or {}, self._options)
            case Change.UPDATE:
                return await self._singly.update(change.uid or "", change.deltas, self._options)
            case Change.DELETE:
                return await self._singly.delete(change.uid or "", self._options)
