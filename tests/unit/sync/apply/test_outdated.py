"""
Plans that speak of a world that has moved on; objects that did.
"""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from fakes.sync_house import SyncHouse, Watched, record
from fakes.virtual_time import VirtualClock
from webex_connector.store.plans import ItemState, PlanState
from webex_connector.sync.apply.applying import Applier
from webex_connector.sync.errors import PlanOutdated, RunRefused


async def test_an_old_plan_is_refused(house: SyncHouse, clock: VirtualClock) -> None:
    """
    After a day nobody knows what the yes was about; nothing is asked of the target, and the plan stays refused.
    """
    house.source.records = [record("1", "Ana")]
    plan = await house.plan()
    await clock.sleep(timedelta(hours=25).total_seconds())
    with pytest.raises(PlanOutdated, match="older than 24 hours; make a new one"):
        await house.apply(plan)
    with pytest.raises(RunRefused, match="outdated"):
        await house.apply(replace(plan, state=PlanState.APPROVED))
    assert house.people == {}


async def test_a_plan_that_was_overtaken_is_refused(house: SyncHouse) -> None:
    """
    Another plan of the mapping was applied since it was made; the one that is up to date is not kept from anything.
    """
    house.source.records = [record("1", "Ana")]
    first, second = await house.plan(), await house.plan()
    await house.clock.sleep(1)
    await house.apply(second)
    with pytest.raises(PlanOutdated, match=f"{second.id} was applied since"):
        await house.apply(first)
    house.source.records = [record("1", "Ana", title="Boss")]
    await house.synchronize()
    assert [row["title"] for row in house.people.values()] == ["Boss"]


async def test_what_somebody_changed_since_the_plan_is_told(house: SyncHouse) -> None:
    """
    The source is right all the same; but the outcome names the attribute.
    """
    house.source.records = [record("1", "Ana", title="Boss")]
    await house.synchronize()
    uid = (await house.links())["1"]
    house.source.records = [record("1", "Ana", title="Chief")]
    plan = await house.plan()
    house.people[uid]["title"] = "President"
    await house.apply(plan)
    ((kept,),) = [some async for some in house.tables.plans.items(plan.id)]
    assert (house.people[uid]["title"], kept.state) == ("Chief", ItemState.DONE)
    assert msgspec.json.decode(kept.outcome or "")["changed_since"] == ["title"]


async def test_two_processes_do_not_apply_one_plan(house: SyncHouse) -> None:
    """
    The second is refused as long as the first lives, and asks nothing of the target.
    """
    house.source.records = [record("1", "Ana")]
    plan = await house.plan()
    await house.engine.approve(plan.id, plan.fingerprint or "", "anna")
    second = Applier(house.mapping, house.facade, house.tables, house.permits, house.clock)
    async with house.tables.plans.alone(plan.id):
        with pytest.raises(RunRefused, match="Another process"):
            await second.apply(plan.id, plan.fingerprint or "", Watched())
    assert house.people == {}
    assert await second.apply(plan.id, plan.fingerprint or "", Watched()) is PlanState.APPLIED


async def test_people_who_manage_each_other_are_made_and_joined(house: SyncHouse) -> None:
    """
    In a circle somebody is made first, and is given the manager in the end; nothing is left to tell.
    """
    house.source.records = [record("1", "Ana", boss="3"), record("2", "Bo", boss="1"), record("3", "Cem", boss="2")]
    plan = await house.synchronize()
    uids = await house.links()
    assert [house.people[uids[key]]["managerId"] for key in "123"] == [uids["3"], uids["1"], uids["2"]]
    assert await house.tables.plans.counts(plan.id) == {ItemState.DONE: 3}
    assert await house.items(await house.plan()) == []


async def test_a_manager_who_cannot_be_made_is_told(house: SyncHouse) -> None:
    """
    The report is made without one, and the outcome says so.
    """
    house.source.records = [record("1", "Ana", boss="9")]
    plan = await house.synchronize()
    ((kept,),) = [some async for some in house.tables.plans.items(plan.id)]
    assert kept.state is ItemState.PARTIAL
    assert msgspec.json.decode(kept.outcome or "")["not_applied"] == [
        {"attribute": "managerId", "reason": "what it refers to is not there"}
    ]


async def test_whoever_gets_another_manager_keeps_the_old_one_until_the_new_one_is_there(house: SyncHouse) -> None:
    """
    The new manager is made in the same plan. Whose is refused is never left without any, and is told.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo", boss="1"), record("3", "Cem", boss="1")]
    await house.synchronize()
    ana = (await house.links())["1"]
    new = [record("4", "Dora"), record("5", "Eve")]
    house.source.records = [record("1", "Ana"), record("2", "Bo", boss="4"), record("3", "Cem", boss="5"), *new]
    plan = await house.plan()
    house.people["u9"] = {"displayName": "Eve", "emails": ["eve@example.com"]}
    await house.apply(plan)
    uids = await house.links()
    assert [house.people[uids[key]]["managerId"] for key in "23"] == [uids["4"], ana]
    asked = [
        delta.replace
        for one in house.journal.entries
        for delta in getattr(one.intent, "deltas", ())
        if delta.name == "managerId"
    ]
    assert asked
    assert () not in asked
    assert (await house.tables.plans.counts(plan.id))[ItemState.PARTIAL] == 1
