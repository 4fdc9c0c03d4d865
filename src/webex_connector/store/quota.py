"""
The destructive writes of each client, over all processes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import DESTRUCTIONS

_AHEAD = timedelta(seconds=10)


class Destructions:
    """
    Counts destructive writes. Nothing is counted between the look and the decision by anybody else.
    """

    def __init__(self, database: Database, clock: Clock, window: timedelta) -> None:
        self._database, self._clock, self._window = database, clock, window

    async def admit(self, client: str, decide: Callable[[Sequence[float]], bool]) -> bool:
        """
        Show `decide` the moments of the client's writes within the window, in seconds from now, hence below zero; count
        one more when it says True. Returns what it said.

        A moment up to ten seconds ahead is now: that far the clocks of two machines may differ. Raises StoreFailed, and
        what `decide` raises; then nothing is counted.
        """

        def admitted(link: Connection) -> bool:
            now = self._clock.now()
            own = DESTRUCTIONS.c.client == client
            link.execute(delete(DESTRUCTIONS).where(own, DESTRUCTIONS.c.moment <= now - self._window))
            found = link.scalars(select(DESTRUCTIONS.c.moment).where(own)).all()
            if not decide([(_seen(each, now) - now).total_seconds() for each in found]):
                return False
            link.execute(insert(DESTRUCTIONS).values(client=client, moment=now))
            return True

        return await self._database.write(admitted)


def _seen(moment: datetime, now: datetime) -> datetime:
    return min(moment, now) if moment <= now + _AHEAD else moment
