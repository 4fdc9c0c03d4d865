"""
What a caller says about a request, apart from the request itself, and who carries it out.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from webex_connector.webex.wire import Answer, Request


class Lane(Enum):
    """
    Who waits for the answer; the pacer serves the two differently.
    """

    INTERACTIVE = "interactive"
    """A person or a platform waits for this one answer."""

    BULK = "bulk"
    """A run works through many; it may wait, but never for ever."""


class Course(Protocol):
    """
    How far an operation of several requests has come; all of them share it.
    """

    has_begun: bool
    """Whether a request that changes something has left, and may have had its effect."""


@dataclass(frozen=True, slots=True)
class Call:
    """
    How a request is to be carried out.
    """

    lane: Lane = Lane.INTERACTIVE
    dry_run: bool = False
    """Nothing that could change Webex leaves the process; the attempt raises `Withheld`."""

    deadline: float | None = None
    """The moment, in the clock's monotonic seconds, at which we stop. `None` is no limit."""

    course: Course | None = None
    """With it, the deadline is about beginning: what has begun to change Webex is brought to its end."""

    @property
    def limit(self) -> float | None:
        """
        The deadline as long as it counts.
        """
        return None if self.course is not None and self.course.has_begun else self.deadline


class Sender(Protocol):
    """
    Carries requests out: the transport, or what stands for it in a test.
    """

    async def send(self, request: Request, call: Call) -> Answer:
        """
        Return the answer of a success. Raise the WebexError that fits anything else.
        """
        ...
