"""
Runs that fail are told of, whoever did them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fakes.recon_house import Heard
from fakes.shop import Shop
from fakes.virtual_time import VirtualClock
from webex_connector.app.alerting.failed_runs import told_of_failures
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Arguments
from webex_connector.store.opening import Store
from webex_connector.store.run_values import RunState


class PlanStopped(Exception):
    """
    What is told already.
    """


async def _fails(_: RunHandle, arguments: Arguments) -> None:
    raise PlanStopped("by a gate") if arguments.get("stopped") else ValueError("the file is gone")


@asynccontextmanager
async def _watching(shop: Shop, heard: Heard, clock: VirtualClock) -> AsyncIterator[None]:
    task = asyncio.create_task(told_of_failures(shop.jobs, heard, clock))
    try:
        yield
        await clock.sleep(30)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_failed_run_is_told_once(store: Store, clock: VirtualClock) -> None:
    """
    With what failed, why, and about what; one that a gate stopped was told by its maker.
    """
    shop, heard = Shop(store, clock), Heard()
    shop.kinds.register("sync", _fails)
    async with shop.working(), _watching(shop, heard, clock):
        for arguments in ({"mapping": "people"}, {"mapping": "people", "stopped": True}):
            await shop.ended(await shop.jobs.submit("sync", arguments, "anna"), RunState.FAILED)
    (alert,) = heard.alerts
    assert ("runs.failed", "sync", "people") == (alert.event, alert.facts["kind"], alert.facts["mapping"])
    assert "ValueError: the file is gone" in alert.text


async def test_what_failed_while_nobody_looked_is_told(store: Store, clock: VirtualClock) -> None:
    """
    Of the last hour; what is older somebody has seen.
    """
    shop, heard = Shop(store, clock), Heard()
    shop.kinds.register("sync", _fails)
    async with shop.working():
        for pause in (3600, 60):
            await shop.ended(await shop.jobs.submit("sync", {}, "anna"), RunState.FAILED)
            await clock.sleep(pause)
    async with _watching(shop, heard, clock):
        pass
    assert 1 == len(heard.alerts)
