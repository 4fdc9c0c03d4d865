"""
People for whom no policy holds any more: a door notes it, a plan disables them and deletes them in time; against a
simulated organisation.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from fakes.policies import holding
from fakes.recon_house import SYNC_FILE, ReconHouse, recon_house
from fakes.virtual_time import VirtualClock
from webex_connector.policy.provisioning import Otherwise, Policy
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.store.plans import PlanState
from webex_connector.sync.decide.plan import PlanItem
from webex_connector.sync.decide.situation import Action
from webex_connector.sync.item_text import item_of

DAY = 86_400.0
FILE = SYNC_FILE.replace('lastName = "last"\n', 'lastName = "last"\ndepartment = "job"\n')
SALES = Policy(
    "sales",
    holding('source["department"] == "Sales"'),
    licenses=("Advanced Messaging",),
    follow=True,
    otherwise=Otherwise.DISABLE_THEN_DELETE,
    delete_after=14,
)
ONE = "1,anna@acme.example,Anna,Lee,"
MANY = [f"{number},new{number}@acme.example,New,Number{number},Sales" for number in range(10, 20)]


class Desk:
    """
    Somebody who plans and applies, and looks.
    """

    def __init__(self, house: ReconHouse) -> None:
        self.house = house

    async def planned(self, department: str | None) -> tuple[str, list[PlanItem]]:
        """
        Make a plan with Anna in a department; return it, and its items that say anything of her.
        """
        self.house.hire(*MANY, *([] if department is None else [f"{ONE}{department}"]))
        async with self.house.syncing.opened("people") as ends:
            plan = await self.house.syncing.engine.plan(ends, "anna")
        items = [
            item_of(each.content) async for some in self.house.syncing.tables.plans.items(plan.id) for each in some
        ]
        return plan.id, [each for each in items if each.source_key == "1"]

    async def applied(self, department: str | None, state: PlanState = PlanState.APPLIED) -> list[Action]:
        """
        Plan and apply; return what was done about Anna.
        """
        plan, items = await self.planned(department)
        await self.apply(plan)
        kept = await self.house.syncing.tables.plans.plan(plan)
        assert kept is not None
        assert state is kept.state
        return [each.action for each in items]

    async def apply(self, plan: str) -> None:
        """
        Say yes to a plan, and have it applied.
        """
        kept = await self.house.syncing.tables.plans.plan(plan)
        assert kept is not None
        await self.house.syncing.engine.approve(plan, kept.fingerprint or "", "anna")
        run = await self.house.jobs.submit("apply", {"mapping": "people", "plan": plan}, "anna")
        async for _ in self.house.jobs.follow(run.id):
            pass

    @property
    def anna(self) -> Any:
        """
        Anna, as she is in the organisation.
        """
        return self.house.sandbox.world.person_at("anna@acme.example")

    async def lands(self, days: float) -> None:
        """
        Let days pass while nobody works.
        """
        await self.house.clock.sleep(days * DAY)


@pytest.fixture
async def desk(clock: VirtualClock, tmp_path: Path) -> AsyncIterator[Desk]:
    """
    Anna and ten others, in Sales.
    """
    async with recon_house(clock, tmp_path, works=False, file=FILE, policies=(SALES,)) as house:
        made = Desk(house)
        async with house.working():
            assert [Action.CREATE] == await made.applied("Sales")
        yield made


async def test_who_qualifies_no_more_is_disabled_and_deleted_in_time(desk: Desk) -> None:
    """
    The plan that changes the department notes it; the next one disables, with the day of the deletion, and changes
    nobody else; then it is told, and when the day has come she is deleted.
    """
    async with desk.house.working():
        assert [Action.UPDATE] == await desk.applied("Legal")
        assert desk.anna.active
        plan, (item,) = await desk.planned("Legal")
        day = (desk.house.clock.now().date()).isoformat()
        assert (Action.DISABLE, True) == (item.action, f"policy sales holds no more since {day}" in item.reason)
        assert "disabled now, to be deleted on" in item.reason
        await desk.apply(plan)
        assert not desk.anna.active
    await desk.lands(13)
    _, (item,) = await desk.planned("Legal")
    assert (Action.REPORT, True) == (item.action, "disabled, will be deleted on" in item.reason)
    await desk.lands(1)
    async with desk.house.working():
        assert [Action.DELETE] == await desk.applied("Legal")
        assert desk.anna is None


async def test_whoever_qualifies_again_may_log_in_again(desk: Desk) -> None:
    """
    Within the days, whoever changes the department; and nothing is left to do afterwards.
    """
    async with desk.house.working():
        await desk.applied("Legal")
        await desk.applied("Legal")
        assert not desk.anna.active
        assert [Action.UPDATE] == await desk.applied("Sales")
        if not desk.anna.active:
            assert [Action.UPDATE] == await desk.applied("Sales")
        assert desk.anna.active
        assert [] == await desk.applied("Sales")


async def test_it_is_taken_back(desk: Desk) -> None:
    """
    Undoing the disabling lets her in again, and the days are counted anew should a plan disable her once more.
    """
    async with desk.house.working():
        await desk.applied("Legal")
        plan, _ = await desk.planned("Legal")
        await desk.apply(plan)
        async with desk.house.syncing.opened("people") as ends:
            back = await desk.house.syncing.engine.undo(plan, ends, "anna")
        await desk.apply(back.id)
        assert desk.anna.active
    await desk.lands(20)
    _, (item,) = await desk.planned("Legal")
    assert Action.DISABLE is item.action


async def test_a_write_that_fails_disables_nobody(desk: Desk) -> None:
    """
    What was noted before it is not true of her: the plan looks at how she is.
    """
    async with desk.house.working():
        plan, _ = await desk.planned("Legal")
        for method in ("PUT", "PATCH"):
            desk.house.sandbox.faults.add(Fault(Fail(400), to=f"{method} *", times=50, must_fire=0))
        await desk.apply(plan)
        desk.house.sandbox.faults.clear()
        assert "Sales" == desk.anna.department
        assert [] == await desk.applied("Sales")
        assert desk.anna.active
