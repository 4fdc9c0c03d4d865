"""
What policies give, what somebody lacks of it, whether there is enough, and what happens when they no longer qualify.
"""

import pytest

from webex_connector.policy.entitlements import (
    EXTENSION,
    LOCATION,
    Conflict,
    Difference,
    Grant,
    difference,
    entitled,
    short_of,
    wanted_units,
)
from webex_connector.policy.provisioning import Otherwise, Policy, Step, Verdict, What, ended, step_of

STAFF = Policy("staff", licenses=("Meetings", "Messaging"), groups=("Staff",), location="Berlin")
SALES = Policy("sales", licenses=("Meetings", "Calling"), roles=("Support",), teams=("Deals",), location="Paris")
YES, NO = Verdict(holds=True), Verdict(holds=False)
UNKNOWN = Verdict(holds=False, problem="TypeError: no")


def test_everything_that_holds_is_given() -> None:
    """
    Each thing once, with the policies that give it.
    """
    found = entitled([STAFF, SALES], [YES, YES])

    assert (
        Grant(What.LICENSE, "Meetings", ("staff", "sales")),
        Grant(What.LICENSE, "Messaging", ("staff",)),
        Grant(What.GROUP, "Staff", ("staff",)),
        Grant(What.LICENSE, "Calling", ("sales",)),
        Grant(What.ROLE, "Support", ("sales",)),
        Grant(What.TEAM, "Deals", ("sales",)),
    ) == found.grants


def test_policies_that_disagree_give_nothing_and_say_so() -> None:
    """
    Somebody has one location; nobody guesses which.
    """
    found = entitled([STAFF, SALES], [YES, YES])

    assert (Conflict(LOCATION, {"staff": "Berlin", "sales": "Paris"}),) == found.conflicts
    assert "policies disagree: staff says Berlin, sales says Paris" == str(found.conflicts[0])
    assert {} == found.values


def test_what_one_policy_says_or_several_agree_on_is_given() -> None:
    """
    The values come with the policies that say them.
    """
    verdicts = [Verdict(holds=True, extension="7"), Verdict(holds=False, extension="8")]

    found = entitled([STAFF, SALES], verdicts)

    assert {LOCATION: "Berlin", EXTENSION: "7"} == found.values
    assert {LOCATION: ("staff",), EXTENSION: ("staff",)} == found.sources


def test_a_policy_that_cannot_be_judged_gives_nothing() -> None:
    """
    It is named, with the reason.
    """
    found = entitled([STAFF, SALES], [UNKNOWN, YES])

    assert {"staff": "TypeError: no"} == found.problems
    assert {"sales"} == {policy for grant in found.grants for policy in grant.policies}


@pytest.mark.parametrize(
    ("held", "due", "governed", "templates", "expected"),
    [
        ({"a"}, ["a", "b"], {"a", "b"}, set(), Difference(("b",))),
        ({"a", "x"}, ["b"], {"a", "b"}, set(), Difference(("b",), ("a",))),
        ({"a", "t"}, ["u"], {"a", "t", "u"}, {"t", "u"}, Difference((), ("a",))),
        (set(), ["b", "b"], {"b"}, set(), Difference(("b",))),
        ({"x"}, [], {"a"}, set(), Difference()),
    ],
)
def test_only_what_policies_speak_of_moves(
    held: set[str], due: list[str], governed: set[str], templates: set[str], expected: Difference
) -> None:
    """
    What other people gave stays, and what Control Hub gives by itself is neither given nor taken.
    """
    assert expected == difference(held, due, governed, templates)


def test_units_are_counted_before() -> None:
    """
    Losses give back; what is without limit is never short; a licence that is not there has no unit.
    """
    moved = [Difference(("calling",)), Difference(("calling", "free")), Difference(("calling",), ("meetings",))]
    wanted = wanted_units([*moved, Difference((), ("calling",)), Difference(("gone",))])

    assert {"calling": 2, "free": 1, "gone": 1} == wanted
    assert {"calling": 1, "gone": 1} == short_of({"calling": 1, "free": None}, wanted)
    assert {"calling": 2} == short_of({"calling": -3}, {"calling": 2})


def test_a_policy_ends_when_it_held_and_holds_no_more() -> None:
    """
    One of which it cannot be told has not ended: a mistake in a rule takes nothing from anybody.
    """
    assert (STAFF,) == ended([STAFF, SALES], [YES, NO], [NO, YES])
    assert () == ended([STAFF, SALES], [YES, YES], [UNKNOWN, YES])


@pytest.mark.parametrize(
    ("otherwise", "days", "elsewhere", "expected"),
    [
        (Otherwise.KEEP, 99, False, Step.NOTHING),
        (Otherwise.REPORT, 99, False, Step.REPORT),
        (Otherwise.REMOVE, 0, False, Step.TAKE_BACK),
        (Otherwise.DISABLE, 99, False, Step.DISABLE),
        (Otherwise.DISABLE, 0, True, Step.TAKE_BACK),
        (Otherwise.DISABLE_THEN_DELETE, 6, False, Step.DISABLE),
        (Otherwise.DISABLE_THEN_DELETE, 7, False, Step.DELETE),
        (Otherwise.DISABLE_THEN_DELETE, 99, True, Step.TAKE_BACK),
    ],
)
def test_what_happens_to_who_no_longer_qualifies(
    otherwise: Otherwise, days: int, *, elsewhere: bool, expected: Step
) -> None:
    """
    Nobody is disabled or deleted for whom another policy holds.
    """
    policy = Policy("p", otherwise=otherwise, delete_after=7)

    assert expected == step_of(policy, days, qualifies_elsewhere=elsewhere)
