"""
Plans that are applied by runs, against a simulated organisation: who goes on with them, who has to say yes, and what
two of them do not do at once.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakes.recon_house import SYNC_FILE, ReconHouse, recon_house
from fakes.virtual_time import VirtualClock
from webex_connector.app.plan_runs import STOPPED
from webex_connector.jobs.errors import NotAwaited, RunInTheWay
from webex_connector.sandbox.changes import Change, PersonChanged
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.store.engine import Database
from webex_connector.store.errors import StoreFailed
from webex_connector.store.journal import Choice, JournalTable, Outcome
from webex_connector.store.plans import KeptPlan, PlanState
from webex_connector.store.run_values import KeptRun, RunState
from webex_connector.sync.apply import applying
from webex_connector.webex.ids import uuid_of

MANY = [f"{number},new{number}@acme.example,New,Number{number},Sales" for number in range(10, 50)]
EMAILS = {f"new{number}@acme.example" for number in range(10, 50)}
NIGHTLY = {"mapping": "people", "wait": True}


@pytest.fixture
async def house(clock: VirtualClock, tmp_path: Path) -> AsyncIterator[ReconHouse]:
    """
    The house with forty records that are in the organisation, and somebody who works.
    """
    async with recon_house(clock, tmp_path) as made:
        made.hire(*MANY)
        await made.reconciled("recon&mapping=people")
        yield made


async def _planned(house: ReconHouse) -> KeptPlan:
    """
    Make a plan by hand, and say yes to it.
    """
    async with house.syncing.opened("people") as ends:
        made = await house.syncing.engine.plan(ends, "anna")
    await house.syncing.engine.approve(made.id, made.fingerprint or "", "anna")
    return made


async def _until(house: ReconHouse, run: KeptRun, *states: RunState) -> KeptRun:
    async with asyncio.timeout(3600):
        while (found := await house.jobs.run(run.id)).state not in states:
            await house.clock.sleep(1)
    return found


def _of(plan: KeptPlan) -> dict[str, Any]:
    return {"mapping": "people", "plan": plan.id}


@pytest.mark.parametrize("after", [1, 2, 3])
async def test_the_next_process_goes_on_with_a_plan(clock: VirtualClock, tmp_path: Path, after: int) -> None:
    """
    Everybody is made once, whenever the first process was stopped, and the run says that it is done.
    """
    async with recon_house(clock, tmp_path, works=False) as house:
        house.hire(*MANY)
        made: list[str] = []
        house.sandbox.world.watchers.append(lambda change: _note(made, change))
        begun = await house.jobs.submit("apply", _of(await _planned(house)), "anna")
        await house.stop_after(after)
        async with house.working():
            ended = await _until(house, begun, RunState.DONE, RunState.FAILED)
    assert (RunState.DONE, None) == (ended.state, ended.error)
    assert sorted(EMAILS) == sorted(made)


async def test_a_run_that_died_at_its_very_end_has_nothing_left_to_do(house: ReconHouse) -> None:
    """
    The plan is applied, and nobody has kept that the run is done: going on with it is no failure.
    """
    plan = await _planned(house)
    begun = await house.jobs.submit("apply", _of(plan), "anna")
    await _until(house, begun, RunState.DONE)
    again = await house.jobs.submit("apply", _of(plan), "anna")
    assert "only an approved one is applied" in str((await _until(house, again, RunState.FAILED)).error)

    plan = await _planned(house)
    await house.syncing.tables.plans.change(plan.id, PlanState.APPLIED, only_from=frozenset({PlanState.APPROVED}))
    left = await house.jobs.submit("apply", {**_of(plan), "again": [1]}, "anna")
    assert RunState.DONE is (await _until(house, left, RunState.DONE, RunState.FAILED)).state


async def test_two_runs_of_one_mapping_are_refused(clock: VirtualClock, tmp_path: Path) -> None:
    """
    A plan is not applied beside a reconciliation, whoever asked for which; asking for the same again is no second run.
    """
    async with recon_house(clock, tmp_path, works=False) as house:
        house.hire(*MANY)
        first, second = await _planned(house), await _planned(house)
        begun = await house.jobs.submit("apply", _of(first), "anna")
        for kind, arguments in (
            ("recon", {"mapping": "people"}),
            ("apply", _of(second)),
            ("live", {"mapping": "people"}),
        ):
            with pytest.raises(RunInTheWay, match=begun.id):
                await house.jobs.joined(kind, arguments, "bo")
        assert begun.id == (await house.jobs.joined("apply", _of(first), "bo")).id


async def test_a_run_of_a_plan_waits_for_webex(house: ReconHouse) -> None:
    """
    A plan is not given up while Webex is away; when it is back, everybody is made.
    """
    house.hire(*MANY, "1,anna@acme.example,Anna,Lee,Sales")
    plan = await _planned(house)
    house.sandbox.faults.add(Fault(Fail(503), to="* *", times=12))
    begun = await house.jobs.submit("apply", _of(plan), "anna")
    assert RunState.DONE is (await _until(house, begun, RunState.DONE, RunState.FAILED)).state
    assert "anna@acme.example" in house.emails()


async def _full(*_: object) -> None:
    raise StoreFailed("The store did not answer: database or disk is full")


@pytest.mark.parametrize("trouble", ["token", "disk"])
async def test_trouble_in_the_middle_of_a_run(house: ReconHouse, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    """
    The token withdrawn, or the disk full, once the first of twenty is made: when that is mended everybody is there
    once, and the journal has a beginning for each of them, and no end of what did not happen.
    """
    monkeypatch.setattr(applying, "BATCH", 3)
    house.hire(*MANY, *(f"m{n},more{n}@acme.example,More,Number{n},Sales" for n in range(20)))
    plan, made = await _planned(house), list[str]()
    begun = await house.jobs.submit("apply", _of(plan), "anna")
    with monkeypatch.context() as broken:

        def watch(change: Change) -> None:
            _note(made, change)
            if len(made) == 1 and trouble == "disk":
                broken.setattr(Database, "write", _full)
            elif len(made) == 1:
                for way in ("POST /people", "POST /Bulk", "POST /Users"):
                    house.sandbox.faults.add(Fault(Fail(401), to=way, times=1000, must_fire=0))

        house.sandbox.world.watchers.append(watch)
        async with asyncio.timeout(600):
            while not made:
                await house.clock.sleep(0.1)
        await house.clock.sleep(20)
    assert 0 < len(made) < 20
    house.sandbox.faults.clear()
    if trouble == "token":
        assert "AccessRefused" == (await _until(house, begun, RunState.FAILED, RunState.DONE)).failure
        begun = await house.jobs.submit("apply", _of(plan), "anna")
    assert RunState.DONE is (await _until(house, begun, RunState.DONE, RunState.FAILED)).state
    people = {each.email: each for _, each in house.sandbox.world.people(0) if each.email.startswith("more")}
    assert 20 == len(people) == len(made) == len(set(made))

    journal = JournalTable(house.syncing.systems.memory.store.database, house.clock)
    entries = [each for each in await journal.entries(Choice()) if each.opening.change == "create"]
    begun_for = {each for entry in entries for each in people if f'"{each}"' in (entry.opening.intent or "")}
    assert people.keys() == begun_for
    ended_well = [each.ending.uid for each in entries if each.ending.outcome is Outcome.DONE]
    assert {uuid_of(each or "") for each in ended_well} <= {each.uuid for _, each in house.sandbox.world.people(0)}
    assert len(ended_well) == len(set(ended_well))


async def test_a_stopped_plan_waits_for_a_yes_to_just_that(house: ReconHouse) -> None:
    """
    Nobody is deleted before; people hear of it once, with the words that let it go on; a yes to another number is
    refused, the right one is kept with the plan, and then exactly those are deleted.
    """
    before = house.emails()
    house.hire(*MANY[4:])
    begun = await house.jobs.submit("recon", NIGHTLY, "schedule nightly")
    waiting = await _until(house, begun, RunState.WAITING_FOR_APPROVAL, RunState.FAILED)
    (plan, *_) = await house.syncing.tables.plans.plans("people")
    awaited = f"{plan.id}/{plan.fingerprint}/delete=4"
    assert (before, awaited) == (house.emails(), waiting.awaits)
    (alert,) = house.heard.alerts
    assert (STOPPED, begun.id) == (alert.event, alert.facts["run"])
    assert f"webex-connector runs approve {begun.id} {awaited}" in alert.text

    with pytest.raises(NotAwaited):
        await house.jobs.approve(begun.id, awaited.replace("delete=4", "delete=5"), "bo")
    await house.jobs.approve(begun.id, awaited, "bo")
    ended = await _until(house, begun, RunState.DONE, RunState.FAILED)
    assert (RunState.DONE, None) == (ended.state, ended.error)
    assert {f"new{number}@acme.example" for number in range(10, 14)} == before - house.emails()
    applied = await house.syncing.tables.plans.plan(plan.id)
    assert applied is not None
    assert '"by":"bo"' in (applied.approval or "")
    assert 1 == len(house.heard.alerts)


async def test_nobody_says_yes_in_time(clock: VirtualClock, tmp_path: Path) -> None:
    """
    When the plan is too old nobody knows any more what the yes would be about: the run fails, nobody was touched, and
    the next one may begin.
    """
    async with recon_house(clock, tmp_path, file=SYNC_FILE + "[apply]\nplan_hours = 0.1\n") as house:
        house.hire(*MANY)
        await house.reconciled("recon&mapping=people")
        before = house.emails()
        house.hire(*MANY[4:])
        begun = await house.jobs.submit("recon", NIGHTLY, "schedule nightly")
        await _until(house, begun, RunState.WAITING_FOR_APPROVAL)
        ended = await _until(house, begun, RunState.FAILED)
        assert ("PlanOutdated", before) == (ended.failure, house.emails())
        await house.jobs.submit("recon", NIGHTLY, "schedule nightly")


async def test_no_run_waits_for_a_yes_that_would_not_help(clock: VirtualClock, tmp_path: Path) -> None:
    """
    Where a gate lets nothing through, whatever is said, the run fails at once.
    """
    async with recon_house(clock, tmp_path, file=SYNC_FILE + "[safety]\nnever_delete = true\n") as house:
        house.hire(*MANY)
        await house.reconciled("recon&mapping=people")
        house.hire(*MANY[1:])
        begun = await house.jobs.submit("recon", NIGHTLY, "schedule nightly")
        assert "PlanStopped" == (await _until(house, begun, RunState.FAILED)).failure


def _note(made: list[str], change: Change) -> None:
    if isinstance(change, PersonChanged) and change.before is None and change.after is not None:
        made.append(change.after.email)
