"""
Which requests make a person, and in which order those of many people are made.
"""

from fractions import Fraction

import pytest

from webex_connector.connector.control_hub.account import ATTRIBUTES
from webex_connector.connector.control_hub.account_plan import carried, cheapest, plan_by
from webex_connector.connector.control_hub.account_rounds import rounds
from webex_connector.connector.control_hub.account_ways import ALONE, Way, changed_by, given_after, read_by
from webex_connector.connector.control_hub.scim_user import ONLY_HERE
from webex_connector.connector.properties import Road
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.operations import Change, ChangeRequest
from webex_connector.webex.ids import encode

NAMED = ("emails", "displayName", "firstName")
WHO = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"

PLANS: list[tuple[tuple[str, ...], tuple[Way, ...], tuple[Way, ...], tuple[Way, ...]]] = [
    # what is asked beside the names; by itself; among many; where the people API may not write
    ((), (Way.MAKE,), (Way.MAKE_USER,), (Way.MAKE_USER,)),
    (("licenses",), (Way.MAKE,), (Way.MAKE,), (Way.MAKE_USER, Way.LICENSE)),
    (("externalId",), (Way.MAKE_USER,), (Way.MAKE_USER,), (Way.MAKE_USER,)),
    (("externalId", "locale", "division"), (Way.MAKE_USER,), (Way.MAKE_USER,), (Way.MAKE_USER,)),
    (
        ("externalId", "licenses"),
        (Way.MAKE, Way.PATCH_USER),
        (Way.MAKE_USER, Way.LICENSE),
        (Way.MAKE_USER, Way.LICENSE),
    ),
    (("avatar",), (Way.MAKE,), (Way.MAKE,), (Way.MAKE_USER, Way.READ, Way.REPLACE)),
    (
        ("externalId", "avatar", "manager"),
        (Way.MAKE, Way.PATCH_USER),
        (Way.MAKE, Way.PATCH_USER),
        (Way.MAKE_USER, Way.READ, Way.REPLACE),
    ),
    (("phoneNumbers",), (Way.MAKE_USER,), (Way.MAKE_USER,), (Way.MAKE_USER,)),
    (("phoneNumbers", "licenses"), (Way.MAKE,), (Way.MAKE,), (Way.MAKE_USER, Way.LICENSE)),
    ((names.ENABLE,), (Way.MAKE_USER,), (Way.MAKE_USER,), (Way.MAKE_USER,)),
    (("groups",), (Way.MAKE, Way.MEMBER), (Way.MAKE_USER, Way.MEMBER), (Way.MAKE_USER, Way.MEMBER)),
    (
        ("groups", "licenses"),
        (Way.MAKE, Way.MEMBER),
        (Way.MAKE, Way.MEMBER),
        (Way.MAKE_USER, Way.MEMBER, Way.LICENSE),
    ),
]


@pytest.mark.parametrize(("more", "single", "many", "without_people"), PLANS, ids=lambda each: " ".join(map(str, each)))
def test_the_fewest_requests_are_planned(
    more: tuple[str, ...], single: tuple[Way, ...], many: tuple[Way, ...], without_people: tuple[Way, ...]
) -> None:
    """
    By the people API while it carries all, by SCIM when it has more to carry, when there are many, or when it is alone.
    """
    plans = [
        cheapest(NAMED + more, people=True, bulk=False),
        cheapest(NAMED + more, people=True, bulk=True),
        cheapest(NAMED + more, people=False, bulk=False),
    ]

    assert [single, many, without_people] == [(plan.first, *plan.then) for plan in plans]


def test_what_many_cost() -> None:
    """
    A hundred creations by SCIM are one request; memberships cost the same on both roads and are left out.
    """
    plan = plan_by(Way.MAKE_USER, (*NAMED, "licenses", "groups"))

    assert (Fraction(2), Fraction(101, 100)) == (plan.cost(bulk=False), plan.cost(bulk=True))


def test_nobody_is_asked_to_be_enabled() -> None:
    """
    Somebody new is; to be disabled has to be asked for.
    """
    assert {"title": ("x",)} == carried({"title": ("x",), names.ENABLE: (True,)})
    assert {names.ENABLE: (False,)} == carried({names.ENABLE: (False,)})


@pytest.mark.parametrize("fact", [*ATTRIBUTES, *ONLY_HERE], ids=lambda fact: fact.name)
def test_every_attribute_has_its_ways(fact: object) -> None:
    """
    What can be written is written by some request on the SCIM road; what only SCIM has by none on the people road.
    """
    name, updateable = getattr(fact, "name", ""), getattr(fact, "updateable", None)
    if updateable:
        assert changed_by(name, Road.SCIM)
        assert bool(changed_by(name, Road.PEOPLE)) == (name not in ALONE)
    assert (read_by(name) is Way.READ_USER) == (name in ALONE)
    assert Way.REPLACE not in given_after(name, Way.MAKE, ())


def _change(uid: str) -> ChangeRequest:
    return ChangeRequest(Change.UPDATE, uid, deltas=(replaced("title", "x"),))


def test_changes_of_one_person_come_one_after_the_other() -> None:
    """
    In whichever spelling of the uid, and creations at one address too; everybody else is in the first round.
    """
    spelled = encode("PEOPLE", WHO)
    create = ChangeRequest(Change.CREATE, attributes={"emails": ("a@acme.example",)})
    again = ChangeRequest(Change.CREATE, attributes={"emails": ("A@acme.example",)})
    changes = [_change(spelled), create, _change(WHO), ChangeRequest(Change.DELETE, WHO), again, _change("other")]

    found = rounds(dict(enumerate(changes)))

    assert [[0, 1, 5], [2, 4], [3]] == [list(each) for each in found]
    assert all(each[key] is changes[key] for each in found for key in each)


def test_nothing_takes_no_round() -> None:
    """
    Without changes there is none.
    """
    assert [] == rounds({})
