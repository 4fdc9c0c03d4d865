"""
A read that may fail: what it brought, or why it brought nothing, and what that means to whoever tests.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from webex_connector.connector.control_hub.diagnosis import remedies
from webex_connector.connector.control_hub.diagnosis.subjects import Subject
from webex_connector.connector.faults import said
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.webex.errors import (
    Forbidden,
    NotFound,
    NotReached,
    Refused,
    Throttled,
    WebexError,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tried(Generic[T]):
    """
    What came of a read: a value or an error, never both.
    """

    value: T | None = None
    error: WebexError | None = None

    def finding(self, subject: Subject, told: Callable[[T], str], *, needed: bool = True) -> Finding:
        """
        Return that the thing can be read, and what is told of it; or that it cannot, and what to do.
        """
        if self.value is not None:
            return Finding(subject.value, detail=told(self.value), needed=needed)
        return failure(subject, self.error or WebexError(), needed=needed)


async def tried(read: Awaitable[T]) -> Tried[T]:
    """
    Wait for a read; whatever WebexError it raises is its outcome.
    """
    try:
        return Tried(await read)
    except WebexError as error:
        return Tried(error=error)


def failure(subject: Subject, error: WebexError, *, needed: bool = True) -> Finding:
    """
    Return what an error says about a subject.

    It is NO where Webex said no, UNKNOWN where something else kept it from answering.
    """
    match error:
        # Who is no administrator may list nobody without a condition, and is answered 400 for asking.
        case Forbidden() | Refused():
            verdict, remedy = Verdict.NO, remedies.unreadable(subject)
        case NotFound():
            verdict, remedy = Verdict.NO, remedies.NOT_WEBEX
        case NotReached():
            verdict, remedy = Verdict.UNKNOWN, remedies.way(error.obstacle, error.request)
        case Throttled():
            verdict, remedy = Verdict.UNKNOWN, remedies.SLOWER
        case _:
            verdict, remedy = Verdict.UNKNOWN, remedies.NOT_NOW
    return Finding(subject.value, verdict, said(error), error.tracking_id, remedy, needed)
