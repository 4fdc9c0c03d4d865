"""
When schedules are due, and what became of them the last time: the same for every process that uses the database.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.run_values import NewRun
from webex_connector.store.runs import insert_run
from webex_connector.store.tables import SCHEDULES


@dataclass(frozen=True, slots=True)
class KeptSchedule:
    """
    How far a schedule is.
    """

    name: str
    timing: str
    """What `next` was reckoned by."""
    next: datetime
    last: datetime | None = None
    """When it was last due."""
    last_run: str | None = None
    """The last run that it began."""
    skipped: bool = False
    """Whether no run began when it was last due."""


class ScheduleTable:
    """
    The schedules of every process that uses this database. Every method raises StoreFailed.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def all(self) -> dict[str, KeptSchedule]:
        """
        Return every schedule there ever was, by its name.
        """
        query = select(SCHEDULES).order_by(SCHEDULES.c.name)
        return await self._database.glance(
            lambda link: {row["name"]: KeptSchedule(**row) for row in link.execute(query).mappings()}
        )

    async def plan(self, name: str, timing: str, due: datetime) -> None:
        """
        Keep when a schedule is due, unless it is due earlier by the same timing.
        """

        def planned(link: Connection) -> None:
            known = link.execute(select(SCHEDULES.c.timing, SCHEDULES.c.next).where(SCHEDULES.c.name == name)).first()
            if known is None:
                link.execute(insert(SCHEDULES).values(name=name, timing=timing, next=due, skipped=False))
            elif known.timing != timing or known.next > due:
                link.execute(update(SCHEDULES).where(SCHEDULES.c.name == name).values(timing=timing, next=due))

        await self._database.write(planned)

    async def fire(self, was: KeptSchedule, then: datetime, run: NewRun | None) -> bool:
        """
        Take a schedule that is due to its next time, and keep the run that it begins, if any. Return whether that run
        is kept: not when another process was faster, nor when a run of the same key has not ended.
        """
        this = and_(SCHEDULES.c.name == was.name, SCHEDULES.c.timing == was.timing, SCHEDULES.c.next == was.next)

        def fired(link: Connection) -> bool:
            if link.execute(update(SCHEDULES).where(this).values(next=then, last=was.next)).rowcount == 0:
                return False
            began = run is not None and insert_run(link, run, self._clock.now()) is None
            values = {"skipped": not began} | ({"last_run": run.id} if began and run is not None else {})
            link.execute(update(SCHEDULES).where(SCHEDULES.c.name == was.name).values(values))
            return began

        return await self._database.write(fired)
