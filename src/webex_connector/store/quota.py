"""
The destructive writes of each client over all processes: what counts, who was stopped, and what was allowed besides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.clients import By
from webex_connector.store.engine import Database
from webex_connector.store.journal import Opening, write_whole_entry
from webex_connector.store.prepared import Prepared, filling
from webex_connector.store.tables import ALLOWANCES, DESTRUCTIONS, STOPS

_AHEAD = timedelta(seconds=10)
_OBJECT_CLASS = "guard"

_DONE, _STOPPED, _ALLOWED = DESTRUCTIONS.c, STOPS.c, ALLOWANCES.c
_OF_CLIENT = _DONE.client == bindparam("of")
_MOMENTS = Prepared(select(_DONE.moment).where(_OF_CLIENT, _DONE.moment > bindparam("since")))
_FORGET = Prepared(delete(DESTRUCTIONS).where(_OF_CLIENT, _DONE.moment <= bindparam("since")))
_COUNT = Prepared(filling(DESTRUCTIONS, "client", "moment"))
_STOP = Prepared(
    select(_STOPPED.since, _STOPPED.system, _STOPPED.door, _STOPPED.told).where(_STOPPED.client == bindparam("of"))
)
_ALLOWANCE = Prepared(
    select(_ALLOWED.left, _ALLOWED.ends).where(
        _ALLOWED.client == bindparam("of"), _ALLOWED.left > 0, _ALLOWED.ends > bindparam("now")
    )
)


class Ruling(Enum):
    """
    What is decided about a destructive write.
    """

    COUNTED = "counted"
    """It may happen, and counts."""
    DRAWN = "drawn"
    """It may happen, and is one less of what an administrator allowed."""
    STOPPED = "stopped"
    """It may not happen, and neither may the client's next ones."""
    REFUSED = "refused"
    """It may not happen; nothing else changes."""


@dataclass(frozen=True, slots=True)
class Stop:
    """
    A client that waits for an administrator's yes: since when, and where it went too far.
    """

    since: datetime
    system: str
    door: str
    told: bool
    """
    Whether somebody was alerted.
    """


@dataclass(frozen=True, slots=True)
class Allowance:
    """
    What an administrator allowed beyond the quota.
    """

    left: int
    ends: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """
    What is known of a client.
    """

    moments: tuple[float, ...] = ()
    """
    When its writes of the window were, in seconds from now, hence below zero. One up to ten seconds ahead is now: that
    far the clocks of two machines may differ.
    """
    stop: Stop | None = None
    allowance: Allowance | None = None
    """
    One that is not used up and not over.
    """


class Destructions:
    """
    Counts destructive writes. Nothing is counted between the look and the decision by anybody else.
    """

    def __init__(self, database: Database, clock: Clock, window: timedelta) -> None:
        self._database, self._clock, self._window = database, clock, window

    async def admit(self, client: str, system: str, door: str, decide: Callable[[Account], Ruling]) -> Ruling:
        """
        Show `decide` the client's account, do what it says, and return that.

        Raises StoreFailed, and what `decide` raises; then nothing is changed.
        """

        def admitted(link: Connection) -> Ruling:
            now = self._clock.now()
            ruling = decide(self._account(link, client, now))
            if ruling is Ruling.COUNTED:
                _FORGET.run(link, {"of": client, "since": now - self._window})
                _COUNT.run(link, {"client": client, "moment": now})
            elif ruling is Ruling.DRAWN:
                own = ALLOWANCES.c.client == client
                link.execute(update(ALLOWANCES).where(own).values(left=ALLOWANCES.c.left - 1))
            elif ruling is Ruling.STOPPED:
                link.execute(insert(STOPS).values(client=client, since=now, system=system, door=door, told=False))
            return ruling

        return await self._database.jot(admitted)

    async def note_told(self, client: str) -> None:
        """
        Remember that somebody was alerted of a client's stop. Raises StoreFailed.
        """
        told = update(STOPS).where(STOPS.c.client == client).values(told=True)
        await self._database.write(lambda link: link.execute(told))

    async def allow(self, client: str, allowance: Allowance | None, by: By) -> bool:
        """
        Let a client go on: with so much beyond its quota, or without an allowance with a whole new quota. The journal
        has who said so. False, and nothing is changed, for a client that is not stopped and is given no allowance.
        Raises StoreFailed.
        """

        def allowed(link: Connection) -> bool:
            was_stopped = link.execute(delete(STOPS).where(STOPS.c.client == client)).rowcount > 0
            if allowance is None and not was_stopped:
                return False
            if allowance is None:
                link.execute(delete(DESTRUCTIONS).where(DESTRUCTIONS.c.client == client))
            else:
                link.execute(delete(ALLOWANCES).where(ALLOWANCES.c.client == client))
                link.execute(insert(ALLOWANCES).values(client=client, left=allowance.left, ends=allowance.ends))
            given = [] if allowance is None else [f"{allowance.left} until {allowance.ends:%Y-%m-%dT%H:%M:%SZ}"]
            intent = msgspec.json.encode({"deltas": [{"name": "allowed", "replace": given or ["a new quota"]}]})
            opening = Opening("", _OBJECT_CLASS, "update", by.actor, by.door, client, intent.decode())
            write_whole_entry(link, self._clock.now(), opening)
            return True

        return await self._database.write(allowed)

    async def all(self) -> dict[str, Account]:
        """
        Return the account of each client that has one, by name. Raises StoreFailed.
        """

        def found(link: Connection) -> dict[str, Account]:
            now = self._clock.now()
            names = {
                name for table in (DESTRUCTIONS, STOPS, ALLOWANCES) for name in link.scalars(select(table.c.client))
            }
            accounts = {name: self._account(link, name, now) for name in sorted(names)}
            return {name: account for name, account in accounts.items() if account != Account()}

        return await self._database.read(found)

    def _account(self, link: Connection, client: str, now: datetime) -> Account:
        moments = _MOMENTS.rows(link, {"of": client, "since": now - self._window})
        stop = _STOP.first(link, {"of": client})
        allowance = _ALLOWANCE.first(link, {"of": client, "now": now})
        return Account(
            tuple((_seen(each, now) - now).total_seconds() for (each,) in moments),
            None if stop is None else Stop(*stop),
            None if allowance is None else Allowance(*allowance),
        )


def _seen(moment: datetime, now: datetime) -> datetime:
    return min(moment, now) if moment <= now + _AHEAD else moment
