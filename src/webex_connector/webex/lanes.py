"""
Who goes next when more requests wait than may leave.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from webex_connector.webex.call import Lane

INTERACTIVE_IN_A_ROW = 4
"""
While both lanes wait, four places go to interactive requests and the fifth to a bulk one: interactive has four fifths
of the budget for certain, bulk one fifth, and neither starves.
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

    turn: asyncio.Future[Turn] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """Done when the turn has come; holds TimeoutError when it would come after the deadline."""


class Lanes:
    """
    Two lines of waiters. A place belongs to nobody until its time has come, so that a person who arrives late still
    overtakes a run that has waited long.
    """

    def __init__(self) -> None:
        self._lines: dict[Lane, deque[Waiter]] = {lane: deque() for lane in Lane}
        self._in_a_row = 0

    def __len__(self) -> int:
        return sum(map(self.waiting, Lane))

    def waiting(self, lane: Lane) -> int:
        """
        How many wait in that lane.
        """
        # A waiter whose task was cancelled a moment ago still stands in line until its task has run.
        return sum(not waiter.turn.done() for waiter in self._lines[lane])

    def join(self, waiter: Waiter) -> None:
        """
        Take the last place of the waiter's lane.
        """
        self._lines[waiter.lane].append(waiter)

    def leave(self, waiter: Waiter) -> None:
        """
        Give the place up, wherever in the line it is. Nothing happens when the waiter has left already.
        """
        if waiter in self._lines[waiter.lane]:
            self._lines[waiter.lane].remove(waiter)

    def admit(self, turn: Turn) -> None:
        """
        Give the turn to who is next. Raises IndexError when nobody waits.
        """
        self._forget_the_gone()
        interactive, bulk = self._lines[Lane.INTERACTIVE], self._lines[Lane.BULK]
        bulk_is_due = not interactive or self._in_a_row >= INTERACTIVE_IN_A_ROW
        line = bulk if bulk and bulk_is_due else interactive
        waiter = line.popleft()
        self._in_a_row = self._in_a_row + 1 if bulk and line is interactive else 0
        waiter.turn.set_result(turn)

    def expire(self, moment: float) -> None:
        """
        Tell those whose deadline is before `moment`, the earliest that anybody can go, that their turn will not come.
        """
        self._forget_the_gone()
        for line in self._lines.values():
            for waiter in [each for each in line if each.deadline is not None and each.deadline < moment]:
                line.remove(waiter)
                waiter.turn.set_exception(TimeoutError("the turn would come after the deadline"))

    def fail(self, error: Exception) -> None:
        """
        Send everybody away with an error.
        """
        self._forget_the_gone()
        for line in self._lines.values():
            while line:
                line.popleft().turn.set_exception(error)

    def _forget_the_gone(self) -> None:
        for line in self._lines.values():
            for waiter in [each for each in line if each.turn.done()]:
                line.remove(waiter)
