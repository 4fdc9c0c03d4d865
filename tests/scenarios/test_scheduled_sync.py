"""
Rounds of live sync and inventories as runs, against a simulated organisation.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes.recon_house import ReconHouse, recon_house
from fakes.virtual_time import VirtualClock
from webex_connector.app.plan_runs import STOPPED
from webex_connector.icf import names
from webex_connector.jobs.errors import ArgumentMissing, RunInTheWay
from webex_connector.jobs.schedules import Schedule, Scheduler
from webex_connector.jobs.timing import Every
from webex_connector.sandbox.faults import Delay, Fail, Fault
from webex_connector.store.plans import KeptPlan
from webex_connector.store.run_values import KeptRun, RunState
from webex_connector.store.schedules import ScheduleTable
from webex_connector.store.snapshots import SnapshotTable
from webex_connector.sync.live import MAKER

MANY = [f"{number},new{number}@acme.example,New,Number{number},Sales" for number in range(10, 50)]
ANNA = "1,anna@acme.example,Anna,Lee,Sales"
BO = "2,bo@acme.example,Bo,Ek,Sales"
LIVE = {"mapping": "people"}


@pytest.fixture
async def house(clock: VirtualClock, tmp_path: Path) -> AsyncIterator[ReconHouse]:
    """
    The house with forty records that are in the organisation, and somebody who works.
    """
    async with recon_house(clock, tmp_path) as made:
        made.hire(*MANY)
        await made.reconciled("recon&mapping=people")
        yield made


async def _ended(house: ReconHouse, kind: str, arguments: dict[str, Any]) -> KeptRun:
    begun = await house.jobs.submit(kind, arguments, "anna")
    async for _ in house.jobs.follow(begun.id):
        pass
    return await house.jobs.run(begun.id)


async def _events(house: ReconHouse, run: KeptRun, kind: str) -> list[str]:
    return [each.content for each in await house.jobs.events(run.id) if each.kind == kind]


async def _rounds(house: ReconHouse) -> list[KeptPlan]:
    return [each for each in await house.syncing.tables.plans.plans("people") if each.maker == MAKER]


def _looks(house: ReconHouse, object_class: str) -> SnapshotTable:
    return SnapshotTable(house.syncing.systems.memory.store.database, house.clock, "webex", object_class)


async def test_rounds_make_changes_so(house: ReconHouse) -> None:
    """
    The first one only begins to follow; the next one makes who came since, and tells its plan.
    """
    before = house.emails()
    house.hire(*MANY, ANNA)
    first = await _ended(house, "live", LIVE)
    assert (RunState.DONE, before) == (first.state, house.emails())
    assert ["{}"] == await _events(house, first, "begins")

    house.hire(*MANY, ANNA, BO)
    second = await _ended(house, "live", LIVE)
    assert RunState.DONE is second.state
    assert {"bo@acme.example"} == house.emails() - before
    (plan,) = await _rounds(house)
    assert [f'{{"changes":1,"plan":"{plan.id}"}}'] == await _events(house, second, "round")


async def test_a_gate_fails_the_round_and_is_told(house: ReconHouse) -> None:
    """
    Nobody is deleted, the run says how to go on, and so does the alert; the next round is stopped by the same plan.
    """
    await _ended(house, "live", LIVE)
    before = house.emails()
    house.hire(*MANY[4:])
    runs = [await _ended(house, "live", LIVE) for _ in range(2)]
    assert before == house.emails()
    (plan,) = await _rounds(house)
    for run, alert in zip(runs, house.heard.alerts, strict=True):
        assert RunState.FAILED is run.state
        assert (run.error or "").startswith(f"PlanStopped: The plan {plan.id} is stopped: ")
        assert f"webex-connector sync show {plan.id}" in (run.error or "")
        assert (STOPPED, "people", run.id) == (alert.event, alert.facts["mapping"], alert.facts["run"])
        assert f"The live sync {run.id} of people was stopped: The plan {plan.id}" in alert.text


async def test_a_source_that_cannot_be_read_fails_the_round(house: ReconHouse) -> None:
    """
    Nobody counts as gone; the next round takes up what has changed.
    """
    await _ended(house, "live", LIVE)
    before = house.emails()
    (house.folder / "hr.csv").unlink()
    failed = await _ended(house, "live", LIVE)
    assert (RunState.FAILED, before) == (failed.state, house.emails())
    assert "hr" in (failed.error or "")

    house.hire(*MANY, BO)
    assert RunState.DONE is (await _ended(house, "live", LIVE)).state
    assert {"bo@acme.example"} == house.emails() - before


@pytest.mark.parametrize("after", [1, 3, 5])
async def test_the_next_process_goes_on_with_a_round(clock: VirtualClock, tmp_path: Path, after: int) -> None:
    """
    Everybody who came is there, and one run has done it, whenever the first process was stopped.
    """
    async with recon_house(clock, tmp_path, works=False) as house:
        async with house.working():
            house.hire(*MANY)
            await house.reconciled("recon&mapping=people")
            await _ended(house, "live", LIVE)
        before = house.emails()
        house.hire(*MANY, *(f"{number},more{number}@acme.example,More,Number{number},Sales" for number in range(3)))
        begun = await house.jobs.submit("live", LIVE, "anna")
        await house.stop_after(after)
        async with house.working():
            async for _ in house.jobs.follow(begun.id):
                pass
        assert RunState.DONE is (await house.jobs.run(begun.id)).state
        assert {f"more{number}@acme.example" for number in range(3)} == house.emails() - before


async def ended(house: ReconHouse) -> None:
    """
    Wait until no run waits or goes on: one that overlaps the next is skipped.
    """
    async with asyncio.timeout(3600):
        while await house.jobs.runs({RunState.WAITING, RunState.RUNNING}):
            await house.clock.sleep(1)


async def test_a_schedule_follows_a_source(house: ReconHouse) -> None:
    """
    Who comes between two times is made at the next one, in the name of the schedule.
    """
    before = house.emails()
    schedule = Schedule("often", "live", LIVE, Every(timedelta(seconds=60)))
    table = ScheduleTable(house.syncing.systems.memory.store.database, house.clock)
    scheduler = Scheduler({"often": schedule}, table, house.runs.kinds, house.runs.worker, house.clock)
    await scheduler.look()
    for _ in range(2):
        await house.clock.sleep(61)
        await scheduler.look()
        await ended(house)
    await house.clock.sleep(30)
    house.hire(*MANY, BO)
    await house.clock.sleep(31)
    await scheduler.look()
    await ended(house)
    runs = [each for each in await house.jobs.runs() if each.kind == "live"]
    assert [("schedule often", RunState.DONE)] * 3 == [(each.actor, each.state) for each in runs]
    assert {"bo@acme.example"} == house.emails() - before


async def test_one_run_at_a_time(clock: VirtualClock, tmp_path: Path) -> None:
    """
    A round waits for no reconciliation of its mapping, it is refused; so is a second inventory of a class, whatever its
    case, and a run that does not say what it is about.
    """
    async with recon_house(clock, tmp_path, works=False) as house:
        await house.jobs.submit("recon", LIVE, "anna")
        await house.jobs.submit("inventory", {"system": "webex"}, "anna")
        await house.jobs.submit("inventory", {"system": "webex", "object_class": names.GROUP}, "anna")
        for kind, arguments in (("live", LIVE), ("inventory", {"system": "webex", "object_class": "__account__"})):
            with pytest.raises(RunInTheWay):
                await house.jobs.submit(kind, arguments, "anna")
        for kind, missing in (("live", "mapping"), ("inventory", "system")):
            with pytest.raises(ArgumentMissing, match=missing):
                await house.jobs.submit(kind, {}, "anna")


@pytest.mark.parametrize(
    ("kind", "arguments", "word"),
    [
        ("live", {"mapping": "people", "analyze": True}, "analyze"),
        ("live", {"mapping": "nobody"}, "There is no mapping nobody"),
        ("inventory", {"system": "elsewhere"}, "The system elsewhere is not open; there are: webex"),
        ("inventory", {"system": "webex", "object_class": "account"}, "__ACCOUNT__"),
        ("inventory", {"system": "webex", "class": "__GROUP__"}, "class"),
    ],
)
async def test_what_is_not_there_is_named(house: ReconHouse, kind: str, arguments: dict[str, Any], word: str) -> None:
    """
    A word that is not understood is never passed over: the run fails, and nothing is asked of Webex.
    """
    seen = len(house.sandbox.trace.requests())
    run = await _ended(house, kind, arguments)
    assert RunState.FAILED is run.state
    assert word in (run.error or "")
    assert seen == len(house.sandbox.trace.requests())


async def test_an_inventory_is_a_run(house: ReconHouse) -> None:
    """
    It sees everybody, and tells how many; of groups where it is asked to.
    """
    run = await _ended(house, "inventory", {"system": "webex"})
    assert RunState.DONE is run.state, run.error
    (look,) = await _looks(house, names.ACCOUNT).latest()
    assert len(house.emails()) == look.objects
    assert f'{{"done":{look.objects},"total":{look.objects}}}' == (await _events(house, run, "progress"))[-1]

    await _ended(house, "inventory", {"system": "webex", "object_class": "__group__"})
    assert 1 == len(await _looks(house, names.GROUP).latest())


@pytest.mark.parametrize(("kind", "arguments"), [("inventory", {"system": "webex"}), ("live", LIVE)])
async def test_a_run_waits_for_webex(house: ReconHouse, kind: str, arguments: dict[str, Any]) -> None:
    """
    While Webex does not answer the run waits and says why; then it goes on by itself.
    """
    await _ended(house, "live", LIVE)
    before = house.emails()
    house.hire(*MANY, BO)
    house.sandbox.faults.add(Fault(Fail(503), to="GET /people", times=12))
    run = await _ended(house, kind, arguments)
    assert RunState.DONE is run.state
    told = await _events(house, run, "state")
    assert any('"waiting"' in each and "reason" in each for each in told), told
    assert (kind == "live") is bool(house.emails() - before)


async def test_an_inventory_is_cancelled_on_the_way(clock: VirtualClock, tmp_path: Path) -> None:
    """
    It ends after the page it looks at, and is no inventory: nobody counts as gone.
    """
    async with recon_house(clock, tmp_path, 2500) as house:
        house.sandbox.faults.add(Fault(Delay(5), to="GET /people", times=5))
        begun = await house.jobs.submit("inventory", {"system": "webex"}, "anna")
        seen = len(house.sandbox.trace.requests())
        while len(house.sandbox.trace.requests()) == seen:
            await clock.sleep(1)
        await house.jobs.cancel(begun.id, "bo")
        async for _ in house.jobs.follow(begun.id):
            pass
        assert RunState.CANCELLED is (await house.jobs.run(begun.id)).state
        assert not await _looks(house, names.ACCOUNT).latest()
