"""
The words of pacing: which kinds of requests there are, how a rate is written, what a pacer and a budget promise.

Cisco publishes no number for the limits of these APIs; they depend on endpoint, token, organisation and load, and may
change (developer.webex.com, "Rate Limiting and the Webex API", 2025-04-14). What is certain is the refusal: status 429
with `Retry-After`. The pacer that lives with that stands in `pacer.py`, what it learns in `learner.py`.
"""

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, Self

from webex_connector.webex.call import Lane

_SECONDS_PER = {"s": 1.0, "sec": 1.0, "second": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0}
_WRITTEN = re.compile(r"(?P<count>[^/]*)(?:/(?P<unit>.*))?", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?", re.IGNORECASE | re.ASCII)
_ACCEPTED = "write a number of requests per second (2.5), or a number with its unit (30/sec, 100/min)"


class Kind(Enum):
    """
    What a request does, as far as its pace is concerned. The two can be limited separately.
    """

    READ = "read"
    """Changes nothing in Webex."""

    WRITE = "write"
    """May change something in Webex."""


@dataclass(frozen=True, slots=True)
class Rate:
    """
    How many requests fit into a second; always finite and above zero.
    """

    per_second: float

    def __post_init__(self) -> None:
        """
        Raise ValueError for a rate that would mean "never", "without end" or nothing at all.
        """
        if not (math.isfinite(self.per_second) and self.per_second > 0):
            raise ValueError(f"a rate must be a finite number above zero, not {self.per_second}; {_ACCEPTED}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read `2.5` (a second), `30/sec` or `100/min`. Raise ValueError, naming the accepted forms, for anything else.
        """
        written = _WRITTEN.fullmatch(text.strip().lower())
        if written is None or not written["count"].strip():
            raise ValueError(f"a rate is missing a number: {text!r}; {_ACCEPTED}")
        count, unit = written["count"].strip(), written["unit"]
        if not _NUMBER.fullmatch(count):
            raise ValueError(f"a rate's number cannot be read: {count!r} in {text!r}; {_ACCEPTED}")
        if unit is not None and unit.strip() not in _SECONDS_PER:
            raise ValueError(f"a rate's unit is unknown: {unit.strip()!r} in {text!r}; {_ACCEPTED}")
        return cls(float(count) / (1.0 if unit is None else _SECONDS_PER[unit.strip()]))

    def __str__(self) -> str:
        return f"{self.per_second:g}/sec"


class TurnTooLate(TimeoutError):
    """
    A turn would come after the deadline. `wait` is the seconds after which one that is asked for now would come.
    """

    def __init__(self, wait: float) -> None:
        super().__init__("the turn would come after the deadline")
        self.wait = wait


class Pacer(Protocol):
    """
    Decides when the next request may leave, and learns from what became of the earlier ones.

    Every try of a request, a repeated one too, takes a turn of its own before it leaves, and ends with at most one of
    `answered` and `throttled`, told by the task that took the turn. A try that never got an answer ends with neither.
    """

    async def turn(self, kind: Kind, lane: Lane, deadline: float | None = None) -> None:
        """
        Wait until one request may leave.

        `deadline` is a moment in the clock's monotonic seconds. Raises TurnTooLate at once, without waiting, when it
        is plain that the turn would come after it. A waiter that is cancelled gives its place back.
        """
        ...

    def wait(self, kind: Kind, lane: Lane) -> float:
        """
        Return the seconds after which a turn that is asked for now would come, as far as can be told from here.
        """
        ...

    def answered(self, kind: Kind) -> None:
        """
        Note that Webex let a request through, whatever it then said about it: any answer but a 429.
        """
        ...

    def throttled(self, kind: Kind, retry_after: float | None) -> None:
        """
        Note a 429. `retry_after` is the wait Webex asked for in seconds, or None when it did not say.
        """
        ...


class Budget(Protocol):
    """
    The one row of places in which all requests of an organisation line up, wherever they come from.

    Times are seconds from now, so that a budget may be kept where the clock is another one.
    """

    @property
    def lease(self) -> float:
        """
        How many seconds' worth of places to take at once. Zero where taking one costs nothing.
        """
        ...

    async def reserve(self, places: int, interval: float) -> float:
        """
        Take the next places, `interval` seconds apart, and return the seconds until the first.

        Zero or less means that it may be used at once; a little less than zero, that the row is behind its time.
        """
        ...

    async def hold(self, seconds: float) -> None:
        """
        Let no place that is still to be taken come before so many seconds are over.
        """
        ...
