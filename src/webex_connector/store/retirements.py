"""
For whom which policy has ended, and since when.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.tables import RETIREMENTS


@dataclass(frozen=True, slots=True)
class KeptRetirement:
    """
    That a policy has ended for somebody.
    """

    uid: str
    policy: str
    since: datetime


class RetirementTable:
    """
    Those of one system, by whichever process they were noticed. Every method raises StoreFailed.
    """

    def __init__(self, database: Database, clock: Clock, system: str) -> None:
        self._database, self._clock, self._system = database, clock, system

    async def all(self) -> Sequence[KeptRetirement]:
        """
        Return all of them, by uid and policy.
        """
        mine = RETIREMENTS.c.system == self._system
        query = select(RETIREMENTS.c.uid, RETIREMENTS.c.policy, RETIREMENTS.c.since).where(mine)
        query = query.order_by(RETIREMENTS.c.uid, RETIREMENTS.c.policy)
        return await self._database.read(lambda link: [KeptRetirement(**row) for row in link.execute(query).mappings()])

    async def keep(self, uid: str, policies: Collection[str]) -> None:
        """
        Note that policies have ended for somebody; for those that had, the moment stays.
        """
        this = and_(RETIREMENTS.c.system == self._system, RETIREMENTS.c.uid == uid)

        def kept(link: Connection) -> None:
            known = set(link.scalars(select(RETIREMENTS.c.policy).where(this)))
            rows = [
                {"system": self._system, "uid": uid, "policy": each, "since": self._clock.now()}
                for each in sorted(set(policies) - known)
            ]
            if rows:
                link.execute(insert(RETIREMENTS), rows)

        await self._database.write(kept)

    async def forget(self, uid: str) -> None:
        """
        Forget somebody: a policy holds for them again, or they are gone.
        """
        this = and_(RETIREMENTS.c.system == self._system, RETIREMENTS.c.uid == uid)
        await self._database.write(lambda link: link.execute(delete(RETIREMENTS).where(this)).rowcount)
