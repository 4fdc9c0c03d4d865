"""
The writes of one operation: what a dry run withheld, what Webex did not take, whether anything was done at all.
"""

from collections.abc import Awaitable
from typing import TypeVar

from webex_connector.connector.faults import said
from webex_connector.icf.attributes import Values
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.icf.objects import ConnectorObject, NotApplied, WriteResult
from webex_connector.webex.errors import WebexError, Withheld

T = TypeVar("T")


class Steps:
    """
    Keeps the account of one operation.
    """

    def __init__(self) -> None:
        self.done = False
        self.withheld: list[str] = []
        self.not_applied: list[NotApplied] = []

    async def take(self, write: Awaitable[T]) -> T | None:
        """
        Make a write and return its answer; None when a dry run withheld it. Raises the WebexError otherwise.
        """
        try:
            answer = await write
        except Withheld as withheld:
            self.withheld.append(f"{withheld.method} {withheld.path}")
            return None
        self.done = True
        return answer

    def missed(self, attribute: str, values: Values, error: WebexError) -> None:
        """
        Note a part that Webex refused while the rest goes on.
        """
        self.not_applied.append(NotApplied(attribute, values, said(error), error.tracking_id))

    def result(
        self,
        uid: str | None,
        *,
        before: ConnectorObject | None = None,
        after: ConnectorObject | None = None,
    ) -> WriteResult:
        """
        Return the result of the operation.

        Raises InvalidAttributeValue when all that was asked for was refused: nothing was changed then.
        """
        if self.not_applied and not self.done and not self.withheld:
            first = self.not_applied[0]
            raise InvalidAttributeValue(first.reason, attribute=first.attribute, tracking_id=first.tracking_id)
        return WriteResult(uid, after, before, tuple(self.not_applied), tuple(self.withheld), changed=self.done)
