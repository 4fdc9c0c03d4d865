"""
Taking away what is kept no longer.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from webex_connector.store.engine import Database
from webex_connector.store.plans import PlanState
from webex_connector.store.tables import LINKS, PLAN_ITEMS, PLANS, RUN_EVENTS, RUN_STEPS, RUNS, SNAPSHOTS, VERSIONS

_GOES_ON = (PlanState.APPROVED.value, PlanState.APPLYING.value)


class Purge:
    """
    Takes away runs, plans, dead links and what inventories saw. Every method raises StoreFailed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self, id_: str) -> None:
        """
        Take one run away, with what it told.
        """

        def purged(link: Connection) -> None:
            for table, column in ((RUN_EVENTS, RUN_EVENTS.c.run), (RUN_STEPS, RUN_STEPS.c.run), (RUNS, RUNS.c.id)):
                link.execute(delete(table).where(column == id_))

        await self._database.write(purged)

    async def plans(self, before: datetime) -> int:
        """
        Take away the plans that nothing has changed since a moment, but for those that are approved or being applied;
        return how many these were. Of each mapping the last one that was applied stays: gates compare with it.
        """
        applied = PLANS.c.state == PlanState.APPLIED.value

        def purged(link: Connection) -> int:
            rows = link.execute(select(PLANS.c.mapping, PLANS.c.id).where(applied).order_by(PLANS.c.made)).all()
            newest = {row[0]: row[1] for row in rows}
            old = PLANS.c.changed < before, PLANS.c.state.not_in(_GOES_ON), PLANS.c.id.not_in(list(newest.values()))
            link.execute(delete(PLAN_ITEMS).where(PLAN_ITEMS.c.plan.in_(select(PLANS.c.id).where(*old))))
            return link.execute(delete(PLANS).where(*old)).rowcount

        return await self._database.write(purged)

    async def links(self, before: datetime) -> int:
        """
        Take away the links whose objects were gone before a moment; return how many these were.
        """
        return await self._database.write(
            lambda link: link.execute(delete(LINKS).where(LINKS.c.dead < before)).rowcount
        )

    async def versions(self, before: datetime) -> int:
        """
        Take away how objects were before they were otherwise, or gone, in an inventory before a moment; return how many
        such versions these were. How each object is stays, however old that is.
        """
        old = select(SNAPSHOTS.c.id).where(SNAPSHOTS.c.began < before)
        return await self._database.write(
            lambda link: link.execute(delete(VERSIONS).where(VERSIONS.c.until.in_(old))).rowcount
        )
