"""
Applying a plan: what the target holds afterwards, and what is remembered.
"""

from dataclasses import replace

import pytest

from fakes.sync_house import SyncHouse, Watched, people, record
from webex_connector.store.plans import ItemState, PlanState
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.errors import PlanOutdated, RunRefused, SourceFailed


async def test_joiners_are_made_and_linked(house: SyncHouse) -> None:
    """
    Everybody of the source is there afterwards, and a second plan is empty.
    """
    house.source.records = [record("1", "Ana", title="Boss"), record("2", "Bo", boss="1")]
    await house.synchronize()
    ana, bo = (await house.links()).values()
    assert house.people[ana]["displayName"] == "Ana"
    assert (house.people[bo]["managerId"], house.people[bo]["licenses"]) == (ana, ["L1"])
    again = await house.plan()
    assert await house.items(again) == []


async def test_what_is_there_is_linked_and_mended(house: SyncHouse) -> None:
    """
    Whoever was there before is found by the address, changed where needed, and made no second time.
    """
    house.people["u1"] = {"displayName": "Old", "emails": ["ANA@example.com"], "licenses": ["L9"]}
    house.source.records = [record("1", "Ana")]
    await house.synchronize()
    assert house.people == {"u1": {"displayName": "Ana", "emails": ["ANA@example.com"], "licenses": ["L9"]}}
    assert await house.links() == {"1": "u1"}


async def test_only_differences_are_written(house: SyncHouse) -> None:
    """
    Of a hundred people one changed: one change is asked of the target, and one line is journalled.
    """
    house.source.records = [record(f"{number:03}", f"P{number}") for number in range(100)]
    await house.synchronize()
    house.journal.entries.clear()
    house.source.records[7] = record("007", "P7", title="Chief")
    plan = await house.synchronize()
    assert [(item.source_key, item.action) for item in await house.items(plan)] == [("007", Action.UPDATE)]
    assert len(house.journal.entries) == 1


async def test_leavers_are_told_and_not_touched(house: SyncHouse) -> None:
    """
    The safe profile reports them; nothing is asked of the target.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo"), record("3", "Cem")]
    await house.synchronize()
    before = {uid: dict(row) for uid, row in house.people.items()}
    house.journal.entries.clear()
    house.source.records = [record("1", "Ana"), record("2", "Bo", status="left")]
    plan = await house.synchronize()
    assert [(item.situation, item.action) for item in await house.items(plan)] == [
        (Situation.UNQUALIFIED, Action.REPORT),
        (Situation.SOURCE_MISSING, Action.REPORT),
    ]
    assert (house.people, house.journal.entries) == (before, [])


async def test_leavers_go_last_and_only_as_permitted(house: SyncHouse) -> None:
    """
    Deletions come after everything that gives, and the guard is asked for no more than the plan has.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo")]
    await house.synchronize()
    house.mapping = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE))
    house.source.records = [record("1", "Ana", title="Boss"), record("3", "Cem")]
    house.permits.asked.clear()
    house.journal.entries.clear()
    plan = await house.synchronize()
    assert sorted(str(row["displayName"]) for row in house.people.values()) == ["Ana", "Cem"]
    assert [entry.intent.change.value for entry in house.journal.entries] == ["create", "update", "delete"]
    assert house.permits.asked == [(f"plan {plan.id}", 1)]
    assert set(await house.links()) == {"1", "3"}


async def test_a_plan_nobody_approved_is_not_applied(house: SyncHouse) -> None:
    """
    Without a yes, or with the yes to another plan, nothing is asked of the target.
    """
    house.source.records = [record("1", "Ana")]
    plan = await house.plan()
    with pytest.raises(RunRefused, match="fingerprint"):
        await house.engine.approve(plan.id, "another", "anna")
    await house.engine.approve(plan.id, plan.fingerprint or "", "anna")
    with pytest.raises(PlanOutdated, match="not the one"):
        await house.apply(replace(plan, fingerprint="another", state=PlanState.APPROVED))
    assert house.people == {}


async def test_a_plan_is_applied_once(house: SyncHouse) -> None:
    """
    What has been applied is not applied again, and cannot be approved again.
    """
    house.source.records = [record("1", "Ana")]
    plan = await house.synchronize()
    with pytest.raises(RunRefused, match="applied"):
        await house.apply(replace(plan, state=PlanState.APPLIED))
    with pytest.raises(RunRefused, match="cannot be approved"):
        await house.engine.approve(plan.id, plan.fingerprint or "", "anna")
    assert len(house.people) == 1


async def test_a_cancelled_plan_is_gone_on_with(house: SyncHouse) -> None:
    """
    The two batches that were begun end, nothing is begun after the word, and the rest is done when somebody goes on.
    """
    house.source.records = [record(f"{number:03}", f"P{number}") for number in range(250)]
    plan = await house.plan()
    watched = Watched(cancel_after=1)
    assert await house.apply(plan, watched) is PlanState.APPLYING
    assert (len(house.people), watched.steps[-1].counts[ItemState.DONE]) == (200, 200)
    assert await house.apply(replace(plan, state=PlanState.APPLYING)) is PlanState.APPLIED
    assert len(house.people) == 250


async def test_one_refused_record_keeps_nobody_from_anything(house: SyncHouse) -> None:
    """
    The object that somebody else made in between is refused, with the reason; the others are done.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo"), record("3", "Cem")]
    plan = await house.plan()
    house.people["other"] = {"displayName": "Bo", "emails": ["bo@example.com"], "licenses": ["L9"]}
    await house.apply(plan)
    kept = {each.number: each async for some in house.tables.plans.items(plan.id) for each in some}
    assert [kept[number].state for number in (1, 2, 3)] == [ItemState.DONE, ItemState.REFUSED, ItemState.DONE]
    assert "AlreadyExists" in str(kept[2].outcome)
    assert set(await house.links()) == {"1", "3"}


async def test_a_source_that_breaks_off_leaves_no_plan(house: SyncHouse) -> None:
    """
    Half of the records are no plan, and nothing is kept of it.
    """
    house.source.records = [record("1", "Ana")]
    house.source.breaks = True
    with pytest.raises(SourceFailed, match="cut"):
        await house.plan()
    assert await house.tables.plans.plans() == []
