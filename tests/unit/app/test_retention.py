"""
Plans and dead links are taken away when they are old enough.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from fakes.sync_house import SyncHouse, record
from fakes.virtual_time import VirtualClock
from webex_connector.app.retention import purged_daily
from webex_connector.store.engine import Database
from webex_connector.store.errors import StoreFailed
from webex_connector.store.links import LinkChange
from webex_connector.store.opening import Store
from webex_connector.store.plans import PlanState
from webex_connector.store.purging import Purge

_DAY = 86_400


class _Failing(Purge):
    """
    Fails once.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.has_failed = False

    async def plans(self, before: datetime) -> int:
        """
        Do it the second time.
        """
        if not self.has_failed:
            self.has_failed = True
            raise StoreFailed("The store did not answer")
        return await super().plans(before)


async def _purged(database: Database, days: int, clock: VirtualClock) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(60):
            await purged_daily(Purge(database), days, clock)


async def test_what_is_old_goes(store: Store, tmp_path: Path, clock: VirtualClock) -> None:
    """
    But for the last plan that was applied, and those that somebody goes on with.
    """
    house = SyncHouse(store.database, tmp_path, clock)
    house.source.records = [record("1", "Anna")]
    first = await house.synchronize()
    await clock.sleep(1)
    house.source.records = [record("1", "Anna"), record("2", "Bo")]
    last = await house.synchronize()
    approved = await house.plan()
    await house.engine.approve(approved.id, approved.fingerprint or "", "anna")
    forgotten = await house.plan()
    await house.tables.links.change([LinkChange("people", "2", "default", None, dies=True)])
    await clock.sleep(40 * _DAY)
    fresh = await house.plan()
    await _purged(store.database, 0, clock)
    assert 5 == len(await house.tables.plans.plans())
    await _purged(store.database, 30, clock)
    left = {each.id: each.state for each in await house.tables.plans.plans()}
    assert {last.id: PlanState.APPLIED, approved.id: PlanState.APPROVED, fresh.id: PlanState.MADE} == left
    for gone in (first, forgotten):
        assert {} == await house.tables.plans.counts(gone.id)
    dead = [each async for some in house.tables.links.all("people", dead=True) for each in some]
    assert ([], {"1"}) == (dead, set(await house.links()))


async def test_a_store_that_does_not_answer_is_tried_tomorrow(
    store: Store, tmp_path: Path, clock: VirtualClock
) -> None:
    """
    Nothing ends the server for it.
    """
    house = SyncHouse(store.database, tmp_path, clock)
    house.source.records = [record("1", "Anna")]
    plan = await house.plan()
    await house.tables.plans.change(plan.id, PlanState.CANCELLED, only_from=frozenset({PlanState.MADE}))
    purge = _Failing(store.database)
    await clock.sleep(40 * _DAY)
    with suppress(TimeoutError):
        async with asyncio.timeout(1.5 * _DAY):
            await purged_daily(purge, 30, clock)
    assert [] == await house.tables.plans.plans()
