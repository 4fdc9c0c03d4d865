"""
What people decide about: shown, decided, done by the next plan.
"""

import pytest

from fakes.sync_house import SyncHouse, record
from webex_connector.store.decisions import Choice, Decision
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.worklist import Worklist


def twins(house: SyncHouse) -> Worklist:
    """
    Let two objects have the address of one record, and return the worklist.
    """
    for uid, emails in (("u1", ["ana@example.com"]), ("u2", ["lee@example.com", "ana@example.com"])):
        house.people[uid] = {"displayName": "Ana", "emails": emails, "licenses": ["L1"]}
    house.source.records = [record("1", "Ana"), record("2", "Bo")]
    return Worklist("people", house.tables)


def belongs(key: str, uid: str) -> Decision:
    """
    Return the decision that a record belongs to an object.
    """
    return Decision(key, Choice.BELONGS, uid, "default", "anna")


async def test_what_is_ambiguous_is_decided_once(house: SyncHouse) -> None:
    """
    The record is on the list, is decided about, is linked by the next plan, and is never asked about again.
    """
    worklist = twins(house)
    await house.synchronize()
    (waiting,) = await worklist.undecided()
    assert (waiting.key, waiting.candidates) == ("1", ("u1", "u2"))
    await worklist.decide(belongs("1", "u1"))
    assert await worklist.undecided() == []
    await house.synchronize()
    assert (await house.links())["1"] == "u1"
    assert await worklist.undecided() == []


async def test_two_records_for_one_new_object_are_decided_about(house: SyncHouse) -> None:
    """
    One of them is set aside; the other one is made.
    """
    house.source.records = [record("1", "Ana"), record("2", "Ana")]
    worklist = Worklist("people", house.tables)
    await house.synchronize()
    assert [(each.key, each.candidates) for each in await worklist.undecided()] == [("1", ()), ("2", ())]
    await worklist.decide(Decision("2", Choice.IGNORE, None, "default", "anna"))
    await house.synchronize()
    assert list(await house.links()) == ["1"]


async def test_a_plan_that_goes_by_a_decision_says_so(house: SyncHouse) -> None:
    """
    Whoever approves it sees that somebody decided.
    """
    worklist = twins(house)
    await house.plan()
    await worklist.decide(Decision("1", Choice.CREATE, None, "default", "anna"))
    (ana, *_) = [each for each in await house.items(await house.plan()) if each.source_key == "1"]
    assert (ana.situation, ana.action) == (Situation.ABSENT, Action.CREATE)
    assert "somebody decided" in ana.reason


async def test_only_what_is_asked_is_decided(house: SyncHouse) -> None:
    """
    A record without a question, an object that was not found, a mapping without a plan: refused, and nothing is kept.
    """
    worklist = twins(house)
    with pytest.raises(RunRefused, match="There is no plan of people yet"):
        await worklist.decide(belongs("1", "u1"))
    await house.plan()
    with pytest.raises(RunRefused, match=r"About 2 \(default\) nothing is to be decided"):
        await worklist.decide(belongs("2", "u1"))
    with pytest.raises(RunRefused, match="u9 is none of the objects of 1: u1, u2"):
        await worklist.decide(belongs("1", "u9"))
    assert await worklist.decided() == []
