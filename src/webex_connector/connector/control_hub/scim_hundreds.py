"""
Operations sent a hundred in a request (https://developer.webex.com/docs/api/v1/scim-2-bulk).
"""

from collections.abc import Iterable, Mapping

from webex_connector.connector.faults import meaning
from webex_connector.icf.errors import Ambiguous, ConnectorError, Verdict
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.operations import ChangeOutcome, Fate
from webex_connector.webex.call import Call
from webex_connector.webex.client import Scim
from webex_connector.webex.errors import Refused, WebexError, Withheld
from webex_connector.webex.resources.scim_bulk import MOST_OPERATIONS, BulkOperation, Outcome, Spelling


class Understood:
    """
    Remembers which spelling of bulk requests Webex understood: after one that was refused as a whole the other is next.
    """

    def __init__(self) -> None:
        self.spelling = Spelling.CAPITAL


class Hundreds:
    """
    Sends operations until something says that the run must stop.
    """

    def __init__(self, scim: Scim, understood: Understood, call: Call) -> None:
        self._scim, self._understood, self._call = scim, understood, call
        self.stopped: ConnectorError | None = None
        """
        Why nothing more is sent.
        """

    async def send(self, operations: Mapping[int, BulkOperation]) -> dict[int, Outcome]:
        """
        Return the outcome of each operation that was sent, under its key. When a request failed as a whole, each of its
        operations has the failure and no status.
        """
        outcomes: dict[int, Outcome] = {}
        keys = list(operations)
        for first in range(0, len(keys), MOST_OPERATIONS):
            if self.stopped is None:
                outcomes |= await self._sent({key: operations[key] for key in keys[first : first + MOST_OPERATIONS]})
        return outcomes

    async def _sent(self, part: Mapping[int, BulkOperation]) -> dict[int, Outcome]:
        try:
            told = await self._scim.bulk.run(list(part.values()), self._call, spelling=self._understood.spelling)
        except WebexError as error:
            if isinstance(error, Refused):
                self._understood.spelling = self._understood.spelling.other
            if not isinstance(error, Withheld) and meaning(error).verdict is Verdict.STOP_RUN:
                self.stopped = meaning(error)
            told = [Outcome(operation, None, operation.id, error) for operation in part.values()]
        return dict(zip(part, told, strict=True))


def ended(error: ConnectorError) -> ChangeOutcome:
    """
    Return the outcome of a change that ended with an error.
    """
    return ChangeOutcome(Fate.AMBIGUOUS if isinstance(error, Ambiguous) else Fate.REFUSED, error=error)


def withheld(uid: str | None, line: Withheld) -> ChangeOutcome:
    """
    Return the outcome of a change that a dry run did not send.
    """
    return ChangeOutcome(Fate.DONE, WriteResult(uid, withheld=(f"{line.method} {line.path}",), changed=False))


def all_refused(keys: Iterable[int], error: ConnectorError) -> dict[int, ChangeOutcome]:
    """
    Return the outcomes of changes that were not begun.
    """
    return dict.fromkeys(keys, ChangeOutcome(Fate.REFUSED, error=error))
