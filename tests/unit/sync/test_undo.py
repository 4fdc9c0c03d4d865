"""
Taking an applied plan back.
"""

from copy import deepcopy

import pytest

from fakes.sync_house import PlainRules, SyncHouse, people, record
from webex_connector.icf import names
from webex_connector.policy.safety import Harm
from webex_connector.store.plans import KeptPlan, PlanState
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.inverse import irreversible
from webex_connector.sync.decide.plan import AttributeChange, PlanItem
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.ends import Ends
from webex_connector.sync.errors import RunRefused


async def undo(house: SyncHouse, plan: KeptPlan) -> KeptPlan:
    """
    Make the plan that takes another one back.
    """
    return await house.engine.undo(plan.id, Ends(house.mapping, house.source, house.facade, PlainRules()), "anna")


async def begun(house: SyncHouse) -> None:
    """
    Have two people there and linked, and one there and not linked.
    """
    house.source.records = [record("1", "Ana", title="Chief"), record("2", "Bo")]
    await house.synchronize()
    house.people["u3"] = {"displayName": "Old Cem", "emails": ["cem@example.com"], "licenses": ["L9"]}


async def test_the_world_is_as_it_was(house: SyncHouse) -> None:
    """
    A joiner, a mover, one who was found and one who was disabled: people and links are as before.
    """
    await begun(house)
    before, links = deepcopy(house.people), await house.links()
    house.mapping = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DISABLE))
    house.source.records = [record("1", "Anna", title="Boss"), record("3", "Cem"), record("4", "Dora", boss="1")]
    done = await house.synchronize()
    assert len(house.people) == 4
    back = await undo(house, done)
    assert await house.apply(back) is PlanState.APPLIED
    after = deepcopy(house.people)
    # Enabled is how people are who were never disabled.
    assert {bool(row.pop(names.ENABLE, True)) for row in after.values()} == {True}
    assert (after, await house.links()) == (before, links)


async def test_what_somebody_else_changed_since_is_theirs(house: SyncHouse) -> None:
    """
    An attribute that is not as the plan left it stays as it is, and the plan says so; the others are taken back.
    """
    await begun(house)
    house.source.records = [record("1", "Anna", title="Boss"), record("2", "Bo")]
    done = await house.synchronize()
    ana = (await house.links())["1"]
    house.people[ana]["title"] = "President"
    back = await undo(house, done)
    (item,) = [each for each in await house.items(back) if each.problem is not None]
    assert (item.source_key, item.problem) == ("1", "somebody has changed title since")
    await house.apply(back)
    assert (house.people[ana]["title"], house.people[ana]["displayName"]) == ("President", "Ana")


async def test_a_manager_who_was_made_by_the_same_plan_is_taken_back(house: SyncHouse) -> None:
    """
    Whom an item refers to was not there when it was planned: that this is somebody else's change nobody may claim.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo", boss="1")]
    await house.synchronize()
    before = deepcopy(house.people)
    house.source.records = [record("1", "Ana", boss="3"), record("2", "Bo", boss="3"), record("3", "Cem")]
    back = await undo(house, await house.synchronize())
    assert [each.problem for each in await house.items(back)] == [None] * 3
    await house.apply(back)
    assert house.people == before


async def test_a_deletion_is_told_and_not_pretended_away(house: SyncHouse) -> None:
    """
    Nobody is made anew in place of somebody who was deleted.
    """
    await begun(house)
    house.mapping = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE))
    house.source.records = [record("1", "Ana", title="Chief")]
    done = await house.synchronize()
    count = len(house.people)
    back = await undo(house, done)
    assert [(each.action, "cannot be brought back" in str(each.problem)) for each in await house.items(back)] == [
        (Action.EXCEPTION, True)
    ]
    await house.apply(back)
    assert len(house.people) == count


async def test_a_plan_that_was_not_applied_is_not_taken_back(house: SyncHouse) -> None:
    """
    There is nothing to take back of what was only planned.
    """
    house.source.records = [record("1", "Ana")]
    plan = await house.plan()
    with pytest.raises(RunRefused, match="nothing has been applied"):
        await undo(house, plan)


CHANGE = (AttributeChange("title", ("a",), ("b",)),)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (PlanItem("m", Situation.ABSENT, Action.CREATE, "", changes=CHANGE), "invitation"),
        (PlanItem("m", Situation.SOURCE_MISSING, Action.DELETE, ""), "cannot be brought back"),
        (PlanItem("m", Situation.SOURCE_MISSING, Action.DISABLE, "", changes=CHANGE), "30 days"),
        (
            PlanItem(
                "m", Situation.CONFIRMED, Action.UPDATE, "", changes=CHANGE, harms=frozenset({Harm.LICENSE_REMOVAL})
            ),
            "somebody else",
        ),
    ],
)
def test_a_plan_names_beforehand_what_no_undo_takes_back(item: PlanItem, words: str) -> None:
    """
    Whoever approves is told what stays done.
    """
    assert words in str(irreversible(item))


def test_a_plain_change_can_be_taken_back() -> None:
    """
    Another title, a new link: nothing of it stays.
    """
    assert irreversible(PlanItem("m", Situation.CONFIRMED, Action.UPDATE, "", changes=CHANGE)) is None
    assert irreversible(PlanItem("m", Situation.FOUND, Action.LINK, "")) is None
