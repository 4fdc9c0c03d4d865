"""
What a caller says about a request, apart from the request itself.
"""

from dataclasses import dataclass
from enum import Enum


class Lane(Enum):
    """
    Who waits for the answer; the pacer serves the two differently.
    """

    INTERACTIVE = "interactive"
    """A person or a platform waits for this one answer."""

    BULK = "bulk"
    """A run works through many; it may wait, but never for ever."""


@dataclass(frozen=True, slots=True)
class Call:
    """
    How a request is to be carried out.
    """

    lane: Lane = Lane.INTERACTIVE
    dry_run: bool = False
    """Nothing that could change Webex leaves the process; the attempt raises `Withheld`."""

    deadline: float | None = None
    """The moment, in the clock's monotonic seconds, after which no further try is begun. `None` is no limit."""
