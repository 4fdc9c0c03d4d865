"""
The thirteen situations, and what is done in them.
"""

import itertools

import pytest

from webex_connector.sync.decide.situation import (
    DEFAULTS,
    Action,
    GoneSide,
    Profile,
    Situation,
    SourceSide,
    TargetSide,
    of_gone,
    of_source,
    of_target,
)

QUALIFIES, LINKED, THERE, VALID = True, True, True, True
NOT = False

SOURCES = [
    (SourceSide(QUALIFIES, LINKED, THERE), Situation.CONFIRMED),
    (SourceSide(QUALIFIES, LINKED, NOT), Situation.MISSING),
    (SourceSide(QUALIFIES, NOT), Situation.ABSENT),
    (SourceSide(QUALIFIES, NOT, corresponding=1), Situation.FOUND),
    (SourceSide(QUALIFIES, NOT, corresponding=1, is_taken=True), Situation.FOUND_ALREADY_LINKED),
    (SourceSide(QUALIFIES, NOT, corresponding=2), Situation.AMBIGUOUS),
    (SourceSide(NOT, LINKED, THERE), Situation.UNQUALIFIED),
    (SourceSide(NOT, LINKED, NOT), Situation.UNQUALIFIED),
    (SourceSide(NOT, NOT, corresponding=3), Situation.UNQUALIFIED),
    (SourceSide(NOT, NOT), Situation.SOURCE_IGNORED),
]

GONE = [
    (GoneSide(LINKED, THERE), Situation.SOURCE_MISSING),
    (GoneSide(LINKED, THERE, target_is_valid=False), Situation.TARGET_IGNORED),
    (GoneSide(LINKED, NOT), Situation.LINK_ONLY),
    (GoneSide(NOT), Situation.ALL_GONE),
    (GoneSide(NOT, corresponding=0), Situation.ALL_GONE),
    (GoneSide(NOT, corresponding=1), Situation.UNASSIGNED),
    (GoneSide(NOT, corresponding=1, was_valid=False), Situation.TARGET_IGNORED),
    (GoneSide(NOT, corresponding=2), Situation.AMBIGUOUS),
    (GoneSide(NOT, corresponding=2, was_valid=False), Situation.UNQUALIFIED),
]

TARGETS = [
    (TargetSide(NOT, LINKED), Situation.TARGET_IGNORED),
    (TargetSide(VALID, NOT), Situation.UNASSIGNED),
    (TargetSide(VALID, LINKED), Situation.SOURCE_MISSING),
    (TargetSide(VALID, LINKED, THERE, NOT), Situation.UNQUALIFIED),
    (TargetSide(VALID, LINKED, THERE, QUALIFIES), Situation.CONFIRMED),
]

DESTRUCTIVE = {Action.DELETE, Action.DISABLE, Action.CREATE}


@pytest.mark.parametrize(("side", "situation"), SOURCES)
def test_a_source_has_its_situation(side: SourceSide, situation: Situation) -> None:
    """
    Link before correlation, and qualification before both.
    """
    assert of_source(side) is situation


@pytest.mark.parametrize(("side", "situation"), GONE)
def test_a_gone_source_has_its_situation(side: GoneSide, situation: Situation) -> None:
    """
    A link decides; without one, what corresponds to the source as it was.
    """
    assert of_gone(side) is situation


@pytest.mark.parametrize(("side", "situation"), TARGETS)
def test_a_target_without_source_has_its_situation(side: TargetSide, situation: Situation) -> None:
    """
    A target that does not count is ignored, linked or not.
    """
    assert of_target(side) is situation


def test_every_situation_comes_about() -> None:
    """
    Each of the thirteen is reached by some row of the tables above.
    """
    assert {found for _, found in itertools.chain(SOURCES, GONE, TARGETS)} == set(Situation)


def test_every_profile_names_an_action_for_each_situation() -> None:
    """
    No situation is left without an action.
    """
    assert {profile: set(actions) for profile, actions in DEFAULTS.items()} == {
        profile: set(Situation) for profile in Profile
    }


def test_the_safe_profile_takes_nothing_from_anybody() -> None:
    """
    Without anybody's word the safe profile deletes and disables nothing; it makes what is absent.
    """
    done = {situation for situation, action in DEFAULTS[Profile.SAFE].items() if action in DESTRUCTIVE}
    assert done == {Situation.ABSENT}
