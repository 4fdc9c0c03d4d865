"""
Decisions about records: kept, replaced, taken back.
"""

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.store.decisions import Choice, Decision, DecisionTable
from webex_connector.store.opening import Store


@pytest.fixture
def decisions(store: Store, clock: VirtualClock) -> DecisionTable:
    """
    The table of decisions.
    """
    return DecisionTable(store.database, clock)


async def kept(decisions: DecisionTable, mapping: str = "people") -> list[tuple[str, str, str | None]]:
    """
    Return what was decided, by key.
    """
    found = [each async for some in decisions.all(mapping) for each in some]
    return [(each.source_key, each.choice.value, each.target_uid) for each in found]


async def test_one_decision_is_kept_for_each_record(decisions: DecisionTable) -> None:
    """
    A later one takes the place of the earlier one; those of other mappings and link qualifiers are others.
    """
    await decisions.decide("people", Decision("b", Choice.CREATE, None, "default", "anna"))
    await decisions.decide("people", Decision("a", Choice.IGNORE, None, "default", "anna"))
    await decisions.decide("people", Decision("a", Choice.BELONGS, "u1", "default", "bob"))
    await decisions.decide("people", Decision("a", Choice.BELONGS, "u2", "admin", "bob"))
    await decisions.decide("groups", Decision("a", Choice.CREATE, None, "default", "bob"))
    assert await kept(decisions) == [("a", "belongs", "u2"), ("a", "belongs", "u1"), ("b", "create", None)]
    assert await kept(decisions, "groups") == [("a", "create", None)]


async def test_a_decision_says_who_made_it_and_when(decisions: DecisionTable, clock: VirtualClock) -> None:
    """
    Whoever asks later why two were made one finds the answer.
    """
    await decisions.decide("people", Decision("a", Choice.CREATE, None, "default", "anna"))
    (found,) = [each async for some in decisions.all("people") for each in some]
    assert (found.maker, found.made) == ("anna", clock.now())


async def test_a_decision_can_be_taken_back(decisions: DecisionTable) -> None:
    """
    It says whether there was one.
    """
    await decisions.decide("people", Decision("a", Choice.CREATE, None, "default", "anna"))
    assert [await decisions.take_back("people", "a", "default") for _ in range(2)] == [True, False]
    assert await kept(decisions) == []
