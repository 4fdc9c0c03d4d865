"""
The writes of one operation: what a dry run withheld, what Webex did not take, whether anything was done at all.
"""

from collections.abc import Awaitable
from typing import TypeVar

from webex_connector.icf.attributes import Attributes, Values
from webex_connector.icf.errors import Ambiguous, ConnectorError, InvalidAttributeValue
from webex_connector.icf.objects import ConnectorObject, NotApplied, WriteResult
from webex_connector.webex.errors import Withheld

T = TypeVar("T")


class Steps:
    """
    Keeps the account of one operation.
    """

    def __init__(self) -> None:
        self.done = False
        self.answer: object = None
        """
        What the latest write was answered with; None when it had no answer.
        """
        self.withheld: list[str] = []
        self.not_applied: list[NotApplied] = []
        self._failures: list[ConnectorError] = []

    async def take(self, write: Awaitable[T]) -> T | None:
        """
        Make a write and return its answer; None when a dry run withheld it. Raises the WebexError otherwise.
        """
        self.answer = None
        try:
            answer = await write
        except Withheld as withheld:
            self.withheld.append(f"{withheld.method} {withheld.path}")
            return None
        self.done, self.answer = True, answer
        return answer

    def missed(self, attribute: str, values: Values, error: ConnectorError) -> None:
        """
        Note a part that failed while the rest goes on.
        """
        self.not_applied.append(NotApplied.by(attribute, values, error))
        self._failures.append(error)

    def result(
        self,
        uid: str | None,
        *,
        before: ConnectorObject | None = None,
        after: ConnectorObject | None = None,
        shown: Attributes | None = None,
    ) -> WriteResult:
        """
        Return the result of the operation.

        When nothing was done and something failed, that failure is raised; InvalidAttributeValue when Webex gave none.
        Ambiguous goes first: then nobody knows whether nothing was done.
        """
        if self.not_applied and not self.done and not self.withheld:
            if self._failures:
                raise next((each for each in self._failures if isinstance(each, Ambiguous)), self._failures[0])
            first = self.not_applied[0]
            raise InvalidAttributeValue(first.reason, attribute=first.attribute, tracking_id=first.tracking_id)
        missed, withheld = tuple(self.not_applied), tuple(self.withheld)
        return WriteResult(uid, after, before, missed, withheld, changed=self.done, shown=shown or {})
