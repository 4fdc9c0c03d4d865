"""
Runs that begin by themselves: each time one, however many processes look.
"""

import asyncio
from datetime import datetime, timedelta

import pytest
import structlog

from fakes.shop import Counting, Shop
from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.base.clock import Clock
from webex_connector.jobs.errors import UnknownKind
from webex_connector.jobs.schedules import Missed, Schedule, Scheduler
from webex_connector.jobs.timing import Cron, Every
from webex_connector.jobs.worker import Rhythm
from webex_connector.store.opening import Store
from webex_connector.store.run_values import KeptRun, RunState
from webex_connector.store.schedules import ScheduleTable

HOURLY = Schedule("hourly", "count", {"name": "x"}, Every(timedelta(hours=1)))


@pytest.fixture
def shop(store: Store, clock: VirtualClock) -> Shop:
    """
    A shop in which nobody hurries, as hours pass.
    """
    return Shop(store, clock, rhythm=Rhythm(look_every=60, beat_every=60, dead_after=300))


def _scheduler(shop: Shop, *schedules: Schedule, clock: Clock | None = None) -> Scheduler:
    clock = clock or shop.clock
    table = ScheduleTable(shop.store.database, clock)
    return Scheduler({each.name: each for each in schedules}, table, shop.kinds, shop.worker(), clock)


async def _runs(shop: Shop) -> list[KeptRun]:
    return sorted(await shop.jobs.runs(most=1000), key=lambda run: run.made)


async def _hours(shop: Shop, scheduler: Scheduler, hours: int) -> list[KeptRun]:
    """
    Let hours pass, with a worker there, and return the runs.
    """
    async with shop.working():
        for _ in range(hours * 6):
            await scheduler.look()
            await shop.clock.sleep(600)
    return await _runs(shop)


async def test_each_time_begins_one_run(shop: Shop, work: Counting) -> None:
    """
    In the name of the schedule, at its times.
    """
    runs = await _hours(shop, _scheduler(shop, HOURLY), 4)
    assert [EPOCH + timedelta(hours=hour) for hour in (1, 2, 3)] == [run.made for run in runs]
    assert {("schedule hourly", RunState.DONE)} == {(run.actor, run.state) for run in runs}
    assert 9 == len(work.done)


async def test_two_servers_begin_one(shop: Shop, work: Counting) -> None:
    """
    Both look at the same time, and one of them is faster.
    """
    first, second = _scheduler(shop, HOURLY), _scheduler(shop, HOURLY)
    async with shop.working("a"), shop.working("b"):
        for _ in range(15):
            await asyncio.gather(first.look(), second.look())
            await shop.clock.sleep(600)
    assert (2, 6) == (len(await _runs(shop)), len(work.done))


async def test_a_time_at_which_the_run_before_has_not_ended_is_skipped(shop: Shop, work: Counting) -> None:
    """
    Never two at once; the log says so, and the schedule.
    """

    async def slow(_: str) -> None:
        await shop.clock.sleep(30 * 60)

    work.before = slow
    scheduler = _scheduler(shop, HOURLY)
    with structlog.testing.capture_logs() as log:
        runs = await _hours(shop, scheduler, 4)
    assert [EPOCH + timedelta(hours=hour) for hour in (1, 3)] == [run.made for run in runs]
    assert ["hourly"] == [line["schedule"] for line in log if line["event"] == "jobs.schedule_skipped"]
    kept = (await scheduler._table.all())["hourly"]
    assert (False, runs[-1].id, EPOCH + timedelta(hours=4)) == (kept.skipped, kept.last_run, kept.next)


async def test_a_run_that_somebody_began_by_hand_stands_in_its_way_too(shop: Shop, work: Counting) -> None:
    """
    What counts is the key, not who asked.
    """
    by_hand = await shop.jobs.submit("count", {"name": "x"}, "anna")
    scheduler = _scheduler(shop, HOURLY)
    await scheduler.look()
    await shop.clock.sleep(3601)
    await scheduler.look()
    assert ([by_hand.id], True) == (
        [run.id for run in await _runs(shop)],
        (await scheduler._table.all())["hourly"].skipped,
    )


@pytest.mark.parametrize(("missed", "begun"), [(Missed.ONCE, 1), (Missed.SKIP, 0)])
async def test_times_at_which_nobody_was_there(shop: Shop, work: Counting, missed: Missed, begun: int) -> None:
    """
    One run makes up for all of them, or none; from then on it goes by its times again.
    """
    nightly = Schedule("nightly", "count", {"name": "x"}, Cron("0 2 * * *", "Europe/Oslo"), missed)
    await _scheduler(shop, nightly).look()
    await shop.clock.sleep(3 * 86400)
    scheduler = _scheduler(shop, nightly)
    async with shop.working():
        await scheduler.look()
        await shop.clock.sleep(10)
        await scheduler.look()
    assert begun == len(await _runs(shop))
    assert datetime.fromisoformat("2026-11-06T01:00Z") == (await scheduler._table.all())["nightly"].next


async def test_a_change_of_its_times_holds_from_the_next_look(shop: Shop, work: Counting) -> None:
    """
    What was reckoned by the times before is forgotten, and nothing begins because of the change.
    """
    await _scheduler(shop, HOURLY).look()
    daily = Schedule("hourly", "count", {"name": "x"}, Cron("0 12 * * *"))
    scheduler = _scheduler(shop, daily)
    await scheduler.look()
    await shop.clock.sleep(2 * 3600)
    await scheduler.look()
    assert (EPOCH.replace(hour=12), []) == ((await scheduler._table.all())["hourly"].next, await _runs(shop))


async def test_a_clock_that_was_wrong_does_not_silence_it(shop: Shop, work: Counting) -> None:
    """
    A computer that began with the time of another year and was put right goes by the right time.
    """
    await _scheduler(shop, HOURLY, clock=_YearsAhead()).look()
    scheduler = _scheduler(shop, HOURLY)
    await scheduler.look()
    assert EPOCH + timedelta(hours=1) == (await scheduler._table.all())["hourly"].next


class _YearsAhead(VirtualClock):
    def now(self) -> datetime:
        """
        Return the time four years later.
        """
        return super().now() + timedelta(days=1461)


async def test_a_schedule_of_something_unknown_is_told(shop: Shop, work: Counting) -> None:
    """
    With what there is.
    """
    odd = Schedule("odd", "dance", {}, Every(timedelta(hours=1)))
    with pytest.raises(UnknownKind, match="dance; there are: count"):
        odd.run(shop.kinds)
