"""
A row of places that every process takes from: the generic cell rate algorithm (ATM Forum, Traffic Management 4.0,
section 4.4.2), its one number in the database.
"""

from sqlalchemy import Connection, bindparam, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.prepared import Prepared, filling
from webex_connector.store.tables import BUDGETS

LEASE = 0.25
"""
Seconds' worth of places that are taken at once, so that the database is asked four times a second at most.
"""

FARTHEST = 3600.0
"""
Seconds ahead that a place can be; one beyond was taken before the clock was set back.
"""

_SLACK = 0.1

_THIS = BUDGETS.c.name == bindparam("budget")
_NEXT = Prepared(select(BUDGETS.c.next).where(_THIS))
_BEGIN = Prepared(filling(BUDGETS, "name", "next"))
_MOVE = Prepared(update(BUDGETS).where(_THIS).values(next=bindparam("moment")))


class SharedBudget:
    """
    One named row of places. Times that go in and out are seconds from now; wall-clock time stays inside.

    Machines whose clocks differ never go faster together than they may: one that is behind waits longer.
    """

    lease = LEASE

    def __init__(self, database: Database, name: str, clock: Clock) -> None:
        self._database, self._name, self._clock = database, name, clock

    async def reserve(self, places: int, interval: float) -> float:
        """
        Take the next places, `interval` seconds apart, and return the seconds until the first. Raises StoreFailed.
        """

        def taken(link: Connection) -> float:
            now = self._clock.now().timestamp()
            first = max(self._next(link, now), now - _SLACK)
            self._set(link, first + places * interval)
            return first - now

        return await self._database.jot(taken)

    async def hold(self, seconds: float) -> None:
        """
        Let no place that is still to be taken come before so many seconds are over. Raises StoreFailed.
        """

        def held(link: Connection) -> None:
            now = self._clock.now().timestamp()
            self._set(link, max(self._next(link, now), now + seconds))

        await self._database.jot(held)

    def _next(self, link: Connection, now: float) -> float:
        row = _NEXT.first(link, {"budget": self._name})
        if row is None:
            _BEGIN.run(link, {"name": self._name, "next": now})
        return now - _SLACK if row is None or row[0] > now + FARTHEST else float(row[0])

    def _set(self, link: Connection, moment: float) -> None:
        _MOVE.run(link, {"budget": self._name, "moment": moment})
