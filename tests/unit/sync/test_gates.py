"""
What stands in a plan's way, from the numbers of the plan to the yes.
"""

import pytest

from fakes.sync_house import SyncHouse, people, record
from webex_connector.icf import names
from webex_connector.policy.safety import Harm, Limits, Threshold
from webex_connector.store.plans import KeptPlan, PlanState
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.errors import RunRefused

DELETING = people(
    SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE), SituationPolicy(Situation.UNASSIGNED, Action.DELETE)
)


async def staffed(house: SyncHouse, count: int = 40) -> None:
    """
    Have so many people there and linked.
    """
    house.source.records = [record(f"{number:03}", f"P{number}") for number in range(count)]
    await house.synchronize()
    house.mapping = DELETING


async def refused(house: SyncHouse, plan: KeptPlan, **allowed: int) -> str:
    """
    Return why a plan is not applied, and see that nothing has happened.
    """
    before = dict(house.people)
    with pytest.raises(RunRefused) as found:
        await house.apply(plan, None, **allowed)
    assert house.people == before
    return str(found.value)


async def test_half_a_file_is_stopped_twice(house: SyncHouse) -> None:
    """
    A source with half its records is a broken export; nobody is deleted for it, even if the deletions are allowed.
    """
    await staffed(house)
    house.limit(Limits())
    del house.source.records[20:]
    plan = await house.plan()
    assert plan.state is PlanState.STOPPED
    words = await refused(house, plan, delete=20)
    assert "20 records and had 40 the last time" in words
    assert "would be deleted" not in words


async def test_a_yes_to_the_exact_numbers_lets_it_through(house: SyncHouse) -> None:
    """
    One more or one less, and it is no yes.
    """
    await staffed(house)
    house.limit(Limits({Harm.DELETE: Threshold(count=2)}, shrinking=None))
    del house.source.records[36:]
    plan = await house.plan()
    assert "4 would be deleted, and 2 may be" in await refused(house, plan, delete=5)
    assert await house.apply(plan, delete=4) is PlanState.APPLIED
    assert len(house.people) == 36


async def test_strangers_are_not_deleted(house: SyncHouse) -> None:
    """
    Whoever this mapping neither made nor linked stays, unless somebody takes exactly these over.
    """
    await staffed(house)
    house.people["u-other"] = {"displayName": "Other", "emails": ["other@example.com"], "licenses": ["L9"]}
    plan = await house.plan()
    assert "1 would be disabled or deleted whom this mapping neither made nor linked" in await refused(house, plan)
    assert await house.apply(plan, strangers=1) is PlanState.APPLIED
    assert "u-other" not in house.people


async def test_the_protected_are_not_touched(house: SyncHouse) -> None:
    """
    No yes on the command line opens this gate.
    """
    await staffed(house)
    house.limit(Limits(shrinking=None, protected=frozenset({"p7@example.com"})))
    house.source.records[7] = record("007", "P7", title="Chief")
    assert "1 would be touched who are protected" in await refused(house, await house.plan(), protected=1)


async def test_the_last_administrator_stays(house: SyncHouse) -> None:
    """
    Of two full administrators one may go, not both.
    """
    (full,) = [uid for uid, row in house.connector.world["ROLES"].items() if row["name"] == "Full Administrator"]
    await staffed(house)
    house.limit(Limits(shrinking=None))
    links = await house.links()
    for key in ("001", "002"):
        house.people[links[key]]["roles"] = [full]
    gone = house.source.records.pop(1)
    assert (await house.plan()).state is PlanState.MADE
    house.source.records.pop(1)
    assert "all 2 full administrators would be gone" in await refused(house, await house.plan())
    house.source.records.append(gone)
    assert (await house.plan()).state is PlanState.MADE


async def test_without_roles_nobody_is_taken_away(house: SyncHouse) -> None:
    """
    Who cannot tell whether an administrator would be left deletes nobody.
    """
    await staffed(house)
    house.limit(Limits(shrinking=None))
    del house.source.records[39]
    house.connector.world["ROLES"].clear()
    assert "cannot be told" in await refused(house, await house.plan())


LATER = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE, after_days=14))
DAY = 86_400.0


async def acts(house: SyncHouse) -> list[tuple[str | None, Action]]:
    """
    Plan and apply; return what was done or said.
    """
    plan = await house.synchronize()
    return [(item.source_key, item.action) for item in await house.items(plan)]


async def test_a_leaver_is_disabled_now_and_deleted_in_time(house: SyncHouse) -> None:
    """
    Disabled once, told until the day has come, deleted then, and forgotten.
    """
    await staffed(house, 3)
    house.mapping = LATER
    gone = (await house.links())["002"]
    del house.source.records[2]
    assert await acts(house) == [("002", Action.DISABLE)]
    assert house.people[gone][names.ENABLE] is False
    await house.clock.sleep(13 * DAY)
    plan = await house.plan()
    (told,) = await house.items(plan)
    assert (told.action, "will be deleted on 2026-11-16" in told.reason) == (Action.REPORT, True)
    await house.clock.sleep(DAY)
    assert await acts(house) == [("002", Action.DELETE)]
    assert gone not in house.people
    assert await acts(house) == []


async def test_whoever_comes_back_in_time_is_pardoned(house: SyncHouse) -> None:
    """
    They may log in again, and the days are counted anew should they leave once more.
    """
    await staffed(house, 3)
    house.mapping = LATER
    person = (await house.links())["002"]
    back = house.source.records.pop()
    await house.synchronize()
    await house.clock.sleep(10 * DAY)
    house.source.records.append(back)
    assert await acts(house) == [("002", Action.UPDATE)]
    assert house.people[person][names.ENABLE] is True
    assert await acts(house) == []
    house.source.records.pop()
    await house.clock.sleep(10 * DAY)
    assert await acts(house) == [("002", Action.DISABLE)]
    assert person in house.people
