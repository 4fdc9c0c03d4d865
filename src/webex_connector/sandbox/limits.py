"""
Rate limits of the simulated organisation, in three shapes that can change while requests are under way.

Webex publishes no numbers; all a client may rely on is 429 with `Retry-After` in seconds
(https://developer.webex.com/blog/rate-limiting-and-the-webex-api). The shapes are the usual ways to arrive there.
"""

import math
from typing import assert_never

import msgspec


class FixedWindow(msgspec.Struct, frozen=True, tag_field="shape", tag="window", forbid_unknown_fields=True):
    """
    So many requests in each window of so many seconds; windows stand side by side and start empty.
    """

    requests: int
    """How many requests one window admits; at least one."""

    seconds: float
    """How long a window is; above zero."""

    def __post_init__(self) -> None:
        _require_positive(requests=self.requests, seconds=self.seconds)


class TokenBucket(msgspec.Struct, frozen=True, tag_field="shape", tag="bucket", forbid_unknown_fields=True):
    """
    One bucket for the whole organisation: it starts full, each request takes one, and it refills steadily.
    """

    rate: float
    """Requests a second that flow back; above zero."""

    burst: float
    """How many requests the full bucket holds; at least one."""

    def __post_init__(self) -> None:
        _require_positive(rate=self.rate, burst=self.burst)


class PerUser(msgspec.Struct, frozen=True, tag_field="shape", tag="per_user", forbid_unknown_fields=True):
    """
    A bucket of its own for each person or machine account that a token belongs to.
    """

    rate: float
    """Requests a second that flow back to each; above zero."""

    burst: float
    """How many requests each full bucket holds; at least one."""

    def __post_init__(self) -> None:
        _require_positive(rate=self.rate, burst=self.burst)


Shape = FixedWindow | TokenBucket | PerUser
"""
How requests are limited.
"""


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    A limit, or none, as the control API speaks of it.
    """

    limit: Shape | None


_EVERYBODY = ""


class Limiter:
    """
    Decides about each request. Without a shape, every request is admitted.

    What was used stays used when the shape changes to another of the same kind, so that a change in mid-run hands out
    no fresh burst; a change to another kind starts afresh.
    """

    def __init__(self, shape: Shape | None = None) -> None:
        self._shape = shape
        self._window = (-1, 0)
        self._buckets: dict[str, tuple[float, float]] = {}
        self.admitted = 0
        """How many requests were let through."""
        self.refused = 0
        """How many requests were told to wait."""

    @property
    def shape(self) -> Shape | None:
        """
        The shape in force.
        """
        return self._shape

    def change(self, shape: Shape | None) -> None:
        """
        Put another shape in force from the next request on.
        """
        if type(shape) is not type(self._shape):
            self._window = (-1, 0)
            self._buckets.clear()
        elif isinstance(shape, FixedWindow) and isinstance(self._shape, FixedWindow):
            self._window = _rewound(self._window, self._shape, shape)
        self._shape = shape

    def restart(self, shape: Shape | None) -> None:
        """
        Put a shape in force as if nothing had ever been asked.
        """
        self._shape = shape
        self._window = (-1, 0)
        self._buckets.clear()
        self.admitted = self.refused = 0

    def admit(self, now: float, who: str = _EVERYBODY) -> float:
        """
        Count a request by `who` at `now` (monotonic seconds).

        Returns 0.0 when it is let through, else the seconds after which the same request would have been.
        """
        wait = self._wait(now, who)
        if wait > 0:
            self.refused += 1
        else:
            self.admitted += 1
        return wait

    def _wait(self, now: float, who: str) -> float:
        match self._shape:
            case None:
                return 0.0
            case FixedWindow() as window:
                return self._wait_for_window(window, now)
            case TokenBucket(rate=rate, burst=burst):
                return self._wait_for_bucket(_EVERYBODY, rate, burst, now)
            case PerUser(rate=rate, burst=burst):
                return self._wait_for_bucket(who, rate, burst, now)
            case _:
                assert_never(self._shape)

    def _wait_for_window(self, window: FixedWindow, now: float) -> float:
        index = math.floor(now / window.seconds)
        used = self._window[1] if self._window[0] == index else 0
        if used >= window.requests:
            # Never zero: at the very end of a window the difference may vanish in the float.
            return max((index + 1) * window.seconds - now, 1e-6)
        self._window = (index, used + 1)
        return 0.0

    def _wait_for_bucket(self, who: str, rate: float, burst: float, now: float) -> float:
        level, since = self._buckets.get(who, (burst, now))
        level = min(burst, level + (now - since) * rate)
        # A client that waits exactly as told must not be refused for a rounding error of the float.
        if level < 1 - 1e-9:
            self._buckets[who] = (level, now)
            return (1 - level) / rate
        self._buckets[who] = (level - 1, now)
        return 0.0


def retry_after(wait: float) -> int:
    """
    Return whole seconds to wait, rounded up: coming back a fraction early would earn a second refusal.
    """
    return max(1, math.ceil(wait - 1e-9))


def _rewound(used: tuple[int, int], before: FixedWindow, after: FixedWindow) -> tuple[int, int]:
    """
    Keep what the running window used when its length stays the same; another length starts a new count.
    """
    return used if before.seconds == after.seconds else (-1, 0)


def _require_positive(**numbers: float) -> None:
    for name, number in numbers.items():
        least = 1 if name in {"requests", "burst"} else 0
        if not math.isfinite(number) or number < least or number == 0:
            raise ValueError(f"{name} must be {'at least 1' if least else 'above 0'}, not {number}")
