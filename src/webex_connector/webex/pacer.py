"""
The pacer: as fast as Webex lets us, evenly, interactive requests first.

Requests leave one by one, at the interval the learner thinks right, on places taken from a budget. A refusal stops
everything for as long as Webex asks; the learner then draws its conclusion. All refusals of requests that had left
before the stop are one refusal, for they say the same thing.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from weakref import WeakKeyDictionary

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.webex.budget import MemoryBudget
from webex_connector.webex.call import Lane
from webex_connector.webex.lanes import Lanes, Turn, Waiter
from webex_connector.webex.learner import Learner
from webex_connector.webex.pace import Budget, Kind, Rate, TurnTooLate

UNSAID_PAUSE = 5.0
"""Seconds to wait after a 429 without `Retry-After`."""

SHORTEST_PAUSE = 1.0
"""Seconds to wait at least: `Retry-After` counts whole ones, and its date may be past (RFC 9110, section 10.2.3)."""

LONGEST_PAUSE = 900.0
"""Seconds to wait at most before asking again, whatever the answer said."""

LONGEST_DOUBLED_PAUSE = 60.0
"""Seconds up to which we lengthen a pause that Webex gave too short. No published `Retry-After` is longer."""

_STALE = 1.0
"""Seconds after which a place that nobody used is void: old places, used together, would be a burst."""

_log = logger("webex")


class AdaptivePacer:
    """
    The pacer of one Webex organisation.

    A configured rate is a bound for its kind of requests. Without any, reads and writes share one learnt budget, since
    Webex may count them together; with one or both, each kind has a budget of its own.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        read: Rate | None = None,
        write: Rate | None = None,
        budget: Callable[[str], Budget] | None = None,
    ) -> None:
        budget = budget or (lambda _name: MemoryBudget(clock))
        if read is None and write is None:
            shared = _Stream("all", clock, budget("all"), Learner())
            self._streams = dict.fromkeys(Kind, shared)
        else:
            bounds = {Kind.READ: read, Kind.WRITE: write}
            self._streams = {
                kind: _Stream(kind.value, clock, budget(kind.value), Learner(bound)) for kind, bound in bounds.items()
            }

    def rate(self, kind: Kind) -> Rate:
        """
        Return the pace that requests of this kind keep now.
        """
        return Rate(self._streams[kind].learner.rate)

    async def turn(self, kind: Kind, lane: Lane, deadline: float | None = None) -> None:
        """
        Wait until one request may leave; see `Pacer.turn`. Raises what the budget raises when that fails.
        """
        await self._streams[kind].turn(kind, lane, deadline)

    def wait(self, kind: Kind, lane: Lane) -> float:
        """
        Return the seconds after which a turn that is asked for now would come.
        """
        return self._streams[kind].wait(kind, lane)

    def answered(self, kind: Kind) -> None:
        """
        Note any answer but a 429.
        """
        self._streams[kind].answered()

    def throttled(self, kind: Kind, retry_after: float | None) -> None:
        """
        Note a 429 and the seconds it asked for, if it did.
        """
        self._streams[kind].throttled(retry_after)


class _Stream:
    """
    What shares one budget: the waiters, what was learnt, and one task that serves the waiters while there are any.
    """

    def __init__(self, name: str, clock: Clock, budget: Budget, learner: Learner) -> None:
        self.learner = learner
        self._log = _log.bind(budget=name)
        self._clock = clock
        self._budget = budget
        self._lanes = Lanes()
        self._places: deque[float] = deque()
        self._server: asyncio.Task[None] | None = None
        self._turns: WeakKeyDictionary[asyncio.Task[object], Turn] = WeakKeyDictionary()
        self._asked: float | None = None
        self._paused_until = -math.inf
        self._resumed_at = -math.inf
        self._fruitless_pause = 0.0
        self._sat_out = False

    def wait(self, kind: Kind, lane: Lane) -> float:
        now = self._clock.monotonic()
        first = max(now, self._paused_until, self._places[0] if self._places else -math.inf)
        return first - now + self._lanes.ahead(lane, kind) * self.learner.interval

    async def turn(self, kind: Kind, lane: Lane, deadline: float | None) -> None:
        wait = self.wait(kind, lane)
        if deadline is not None and deadline < self._clock.monotonic() + wait:
            raise TurnTooLate(wait)
        waiter = Waiter(lane, deadline, kind)
        self._lanes.join(waiter)
        self._ensure_service()
        try:
            turn = await waiter.turn
        except asyncio.CancelledError:
            self._withdraw(waiter)
            raise
        self._turns[_this_task()] = turn

    def answered(self) -> None:
        turn = self._turns.pop(_this_task(), None)
        if turn is None or turn.at < self._resumed_at:
            return
        self._fruitless_pause = 0.0
        if turn.waited:
            self.learner.let_through()

    def throttled(self, retry_after: float | None) -> None:
        now = self._clock.monotonic()
        turn = self._turns.pop(_this_task(), None)
        pause = UNSAID_PAUSE if retry_after is None else min(max(retry_after, SHORTEST_PAUSE), LONGEST_PAUSE)
        if self._asked is None and (turn is None or turn.at >= self._resumed_at):
            # Refused again before anything was let through: the last pause was too short, whoever chose it.
            pause = max(pause, min(2 * self._fruitless_pause, LONGEST_DOUBLED_PAUSE))
            self._asked = self._fruitless_pause = pause
        self._paused_until = max(self._paused_until, now + pause)

    def _ensure_service(self) -> None:
        if self._server is None:
            self._server = asyncio.create_task(self._serve())

    def _withdraw(self, waiter: Waiter) -> None:
        self._lanes.leave(waiter)
        given_back = waiter.turn.done() and not waiter.turn.cancelled() and waiter.turn.exception() is None
        if given_back:
            self._places.appendleft(self._clock.monotonic())
        if self._server is not None and (given_back or not len(self._lanes)):
            # It sleeps until a later place, or for nobody.
            self._server.cancel()
            self._server = None
        if len(self._lanes):
            self._ensure_service()

    async def _serve(self) -> None:
        try:
            while len(self._lanes):
                if self._asked is not None or self._clock.monotonic() < self._paused_until:
                    await self._rest()
                elif not self._places:
                    await self._reserve()
                else:
                    await self._admit()
        except Exception as error:  # noqa: BLE001 - whatever made the budget fail belongs to those who wait for it
            self._lanes.fail(error)
        finally:
            if self._server is asyncio.current_task():
                self._server = None

    async def _rest(self) -> None:
        self._places.clear()
        left = self._paused_until - self._clock.monotonic()
        if left > 0:
            await self._budget.hold(left)
            self._lanes.expire(self._paused_until, left)
            if len(self._lanes):
                await self._clock.sleep(left)
                self._sat_out = True
        elif self._asked is not None:
            asked, refused = self._asked, self.learner.rate
            self.learner.refused(asked)
            self._asked, self._resumed_at = None, self._clock.monotonic()
            self._log.info("webex.pace", refused=refused, pause=asked, settled=self.learner.rate)

    async def _reserve(self) -> None:
        interval = self.learner.interval
        places = max(1, min(len(self._lanes), int(self._budget.lease / interval)))
        wait = await self._budget.reserve(places, interval)
        first = self._clock.monotonic() + wait
        self._places.extend(first + number * interval for number in range(places))

    async def _admit(self) -> None:
        due, now = self._places[0], self._clock.monotonic()
        if due < now - _STALE:
            self._places.popleft()
            return
        self._lanes.expire(max(due, now), max(due - now, 0.0))
        if due > now and len(self._lanes):
            await self._clock.sleep(due - now)
        if not len(self._lanes) or self._asked is not None or self._clock.monotonic() < self._paused_until:
            return
        self._places.popleft()
        waited, self._sat_out = due > now or self._sat_out, False
        if waited:
            self.learner.spent()
        self._lanes.admit(Turn(self._clock.monotonic(), waited))


def _this_task() -> asyncio.Task[object]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("a pacer is used from within a task")
    return task
