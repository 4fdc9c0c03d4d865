"""
Who goes next when more requests wait than may leave.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from webex_connector.webex.call import Lane
from webex_connector.webex.pace import Kind, TurnTooLate

INTERACTIVE_IN_A_ROW = 4
"""
While both lanes wait, four places go to interactive requests and the fifth to a bulk one: interactive has four fifths
of the budget for certain, bulk one fifth, and neither starves.
"""

WRITES_IN_A_ROW = 4
"""
While both kinds wait in a lane, four places go to writes and the fifth to a read. A write is
what somebody wants to have done, and the less time lies between it and what was read for it, the better.
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """
    The permission to send one request.
    """

    at: float
    """When it was given, in the clock's monotonic seconds."""

    waited: bool
    """Whether the pace was what held the request back; if not, there was room for more."""


@dataclass(frozen=True, slots=True, eq=False)
class Waiter:
    """
    One request that waits for its turn.
    """

    lane: Lane
    deadline: float | None
    """In the clock's monotonic seconds."""

    kind: Kind = Kind.READ
    turn: asyncio.Future[Turn] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Done when the turn has come; holds TurnTooLate when it would come after the deadline."""


class _Line:
    """
    Who waits in one lane: writes and reads, each in the order they came.
    """

    def __init__(self) -> None:
        self.kinds: dict[Kind, deque[Waiter]] = {kind: deque() for kind in Kind}
        self._in_a_row = 0

    def __len__(self) -> int:
        return sum(map(self.waiting, Kind))

    def waiting(self, kind: Kind) -> int:
        # A waiter whose task was cancelled a moment ago still stands in line until its task has run.
        return sum(not waiter.turn.done() for waiter in self.kinds[kind])

    def ahead(self, kind: Kind) -> int:
        reads, writes = self.waiting(Kind.READ), self.waiting(Kind.WRITE)
        if kind is Kind.WRITE:
            return writes + min(reads, (self._in_a_row + writes) // WRITES_IN_A_ROW)
        return reads + min(writes, WRITES_IN_A_ROW * (reads + 1) - self._in_a_row)

    def pop(self) -> Waiter:
        reads, writes = self.kinds[Kind.READ], self.kinds[Kind.WRITE]
        read_is_due = not writes or self._in_a_row >= WRITES_IN_A_ROW
        line = reads if reads and read_is_due else writes
        waiter = line.popleft()
        self._in_a_row = self._in_a_row + 1 if reads and line is writes else 0
        return waiter


class Lanes:
    """
    Two lanes of waiters, in each of which writes go before reads. A place belongs to nobody until its time has come, so
    that a person who arrives late still overtakes a run that has waited long.
    """

    def __init__(self) -> None:
        self._lines: dict[Lane, _Line] = {lane: _Line() for lane in Lane}
        self._in_a_row = 0

    def __len__(self) -> int:
        return sum(map(self.waiting, Lane))

    def waiting(self, lane: Lane) -> int:
        """
        How many wait in that lane.
        """
        return len(self._lines[lane])

    def ahead(self, lane: Lane, kind: Kind) -> int:
        """
        How many would go before one that came now, if nobody else came or left.
        """
        own = self._lines[lane].ahead(kind)
        if lane is Lane.INTERACTIVE:
            return own + min(self.waiting(Lane.BULK), (self._in_a_row + own) // INTERACTIVE_IN_A_ROW)
        return own + min(self.waiting(Lane.INTERACTIVE), INTERACTIVE_IN_A_ROW * (own + 1) - self._in_a_row)

    def join(self, waiter: Waiter) -> None:
        """
        Take the last place of the waiter's lane and kind.
        """
        self._lines[waiter.lane].kinds[waiter.kind].append(waiter)

    def leave(self, waiter: Waiter) -> None:
        """
        Give the place up, wherever in the line it is. Nothing happens when the waiter has left already.
        """
        line = self._lines[waiter.lane].kinds[waiter.kind]
        if waiter in line:
            line.remove(waiter)

    def admit(self, turn: Turn) -> None:
        """
        Give the turn to who is next. Raises IndexError when nobody waits.
        """
        self._forget_the_gone()
        interactive, bulk = self._lines[Lane.INTERACTIVE], self._lines[Lane.BULK]
        bulk_is_due = not interactive or self._in_a_row >= INTERACTIVE_IN_A_ROW
        line = bulk if bulk and bulk_is_due else interactive
        waiter = line.pop()
        self._in_a_row = self._in_a_row + 1 if bulk and line is interactive else 0
        waiter.turn.set_result(turn)

    def expire(self, moment: float, wait: float) -> None:
        """
        Tell those whose deadline is before `moment`, the earliest that anybody can go, that their turn will not come;
        `wait` is the seconds until that moment.
        """
        self._forget_the_gone()
        for line in self._queues():
            for waiter in [each for each in line if each.deadline is not None and each.deadline < moment]:
                line.remove(waiter)
                waiter.turn.set_exception(TurnTooLate(wait))

    def fail(self, error: Exception) -> None:
        """
        Send everybody away with an error.
        """
        self._forget_the_gone()
        for line in self._queues():
            while line:
                line.popleft().turn.set_exception(error)

    def _forget_the_gone(self) -> None:
        for line in self._queues():
            for waiter in [each for each in line if each.turn.done()]:
                line.remove(waiter)

    def _queues(self) -> Iterator[deque[Waiter]]:
        for line in self._lines.values():
            yield from line.kinds.values()
