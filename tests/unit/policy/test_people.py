"""
People get what policies give, by whatever road, and whoever made them learns what they did not get.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_subjects import WITH_TEAMS
from fakes.policies import holding, with_policies
from webex_connector.base.clock import SystemClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Values, replaced
from webex_connector.icf.filters import equals
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.operations import Change, ChangeRequest
from webex_connector.policy.provisioning import Beside, Otherwise, Policy
from webex_connector.sandbox import catalogue
from webex_connector.sandbox.records import Person
from webex_connector.webex.ids import encode, uuid_of

pytestmark = pytest.mark.real_time

DRY = replace(OPTIONS, dry_run=True)
NEW: Attributes = {"emails": ("new@acme.example",), "displayName": ("New One",), "department": ("Sales",)}
SALES = Policy(
    "sales",
    holding('source["department"] == "Sales"'),
    licenses=("webex meetings suite",),
    roles=("Support Administrator",),
)
EVERYBODY = Policy("everybody", licenses=("Advanced Messaging",))


@asynccontextmanager
async def _hub(*policies: Policy, by_template: tuple[str, ...] = (), **properties: Any) -> AsyncIterator[Hub]:
    clock = SystemClock()
    async with (
        with_policies(policies, clock, by_template=by_template) as wrapped,
        running_hub(clock, wrapped=wrapped, **properties) as hub,
    ):
        hub.sandbox.trace.clear()
        yield hub


def _person(hub: Hub, result: WriteResult) -> Person:
    found = hub.sandbox.world.person(uuid_of(result.uid or ""))
    assert found is not None
    return found


def _reasons(missed: Sequence[NotApplied]) -> list[tuple[str, str]]:
    return [(each.attribute, each.reason) for each in missed]


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_somebody_new_gets_what_the_policies_give(road: str) -> None:
    """
    All that hold, together with what the caller gave; those that do not hold give nothing.
    """
    async with _hub(
        SALES, EVERYBODY, Policy("legal", holding('source["department"] == "Legal"'), ("x",)), road=road
    ) as hub:
        given = {**NEW, "licenses": (hub_license(hub, catalogue.UNIFIED_CM),)}
        result = await hub.facade.create(names.ACCOUNT, given, OPTIONS)

        person = _person(hub, result)
        assert {catalogue.UNIFIED_CM, catalogue.MEETINGS, catalogue.MESSAGING} <= set(person.licenses)
        assert {"atlas-portal.support"} <= set(person.roles)
        assert () == result.not_applied


def hub_license(hub: Hub, key: str) -> str:
    """
    Return the id of a licence as callers know it.
    """
    return encode("LICENSE", f"{hub.sandbox.world.organization.uuid}:{key}")


async def test_one_request_makes_the_person_and_names_are_read_once() -> None:
    """
    Licences and roles ride along; the second person costs one request.
    """
    async with _hub(SALES, EVERYBODY) as hub:
        await hub.facade.create(names.ACCOUNT, NEW, OPTIONS)
        first = asked(hub)
        hub.sandbox.trace.clear()
        await hub.facade.create(names.ACCOUNT, {**NEW, "emails": ("two@acme.example",)}, OPTIONS)

        assert ["GET /licenses", "GET /roles", "POST /people"] == sorted(first)
        assert ["POST /people"] == asked(hub)


async def test_a_licence_without_units_is_told() -> None:
    """
    The person is made; the result names the policy and the licence that could not be given.
    """
    async with _hub(Policy("all", licenses=("Real-Time Translations", "Advanced Messaging"))) as hub:
        result = await hub.facade.create(names.ACCOUNT, NEW, OPTIONS)

        assert catalogue.MESSAGING in _person(hub, result).licenses
        ((attribute, reason),) = _reasons(result.not_applied)
        assert "licenses" == attribute
        assert reason.startswith("policy all gives Real-Time Translations: Webex did not assign the licence")


async def test_what_is_not_there_is_told_and_the_rest_given() -> None:
    """
    Names that nothing has, classes that the system does not have, rules that fail for somebody.
    """
    policies = (
        Policy("a", licenses=("Webex Meeting Suite", "Advanced Messaging"), groups=("Nobody",), teams=("Deals",)),
        Policy("b", location="Berlin", extension=holding('"12"')),
        Policy("c", holding('source["title"].lower() == "boss"'), roles=("Full Administrator",)),
    )
    async with _hub(*policies) as hub:
        result = await hub.facade.create(names.ACCOUNT, NEW, OPTIONS)

        assert catalogue.MESSAGING in _person(hub, result).licenses
        assert [
            ("licenses", "policy a: there is no Webex Meeting Suite in LICENSES"),
            ("groups", "policy a: there is no Nobody in __GROUP__"),
            ("teams", "policy a: this system has no TEAMS; name them in its objectClasses"),
            ("locationId", "policy b: this system has no LOCATIONS; name them in its objectClasses"),
        ] == _reasons(result.not_applied)[-5:-1]
        assert "it cannot be told whether policy c holds: AttributeError" in result.not_applied[-1].reason


async def test_groups_teams_and_a_telephone() -> None:
    """
    Somebody new is in the group and in the team, and has an extension at the location.
    """
    policy = Policy(
        "desk",
        licenses=("Webex Calling - Professional",),
        groups=("Deal makers",),
        teams=("Deals",),
        location="berlin",
        extension=holding('"7" + source["title"]'),
    )
    async with _hub(policy, **{**WITH_TEAMS, "objectClasses": ["TEAMS", "LOCATIONS"]}) as hub:
        await hub.facade.create(names.GROUP, {"displayName": ("Deal makers",)}, OPTIONS)
        await hub.facade.create("TEAMS", {"name": ("Deals",)}, OPTIONS)
        result = await hub.facade.create(names.ACCOUNT, {**NEW, "title": ("345",)}, OPTIONS)

        person = _person(hub, result)
        world = hub.sandbox.world
        (group,) = [each for each in world.groups.values() if each.display_name == "Deal makers"]
        assert person.uuid in str(group)
        assert "7345" == person.extension
        assert catalogue.CALLING_PROFESSIONAL in person.licenses
        deals = [
            each async for batch in hub.facade.search("TEAMS", equals(names.NAME, "Deals"), OPTIONS) for each in batch
        ]
        members = (await hub.facade.get("TEAMS", deals[0].uid, OPTIONS)).values("members")
        assert result.uid in [each["id"] for each in members if isinstance(each, dict)]
        assert () == result.not_applied


FOLLOWED = replace(SALES, follow=True, otherwise=Otherwise.REMOVE)


async def _made(hub: Hub, **more: Values) -> str:
    result = await hub.facade.create(names.ACCOUNT, {**NEW, **more}, OPTIONS)
    assert result.uid is not None
    hub.sandbox.trace.clear()
    return result.uid


async def test_what_people_have_follows_what_they_are() -> None:
    """
    Who moves to the department gets its licence and role in the same change; who leaves it loses them alone.
    """
    async with _hub(FOLLOWED, EVERYBODY) as hub:
        uid = await _made(hub, department=("Legal",), licenses=(hub_license(hub, catalogue.UNIFIED_CM),))
        before = hub.sandbox.world.person(uuid_of(uid))
        joined = await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Sales")], OPTIONS)
        there = _person(hub, joined)
        left = await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Legal")], OPTIONS)

        assert before is not None
        assert {*before.licenses, catalogue.MEETINGS} <= set(there.licenses)
        assert ("atlas-portal.support",) == tuple(there.roles)
        assert (catalogue.MEETINGS in _person(hub, left).licenses, tuple(_person(hub, left).roles)) == (False, ())
        assert {catalogue.UNIFIED_CM, catalogue.MESSAGING} <= set(_person(hub, left).licenses)
        assert () == (*joined.not_applied, *left.not_applied)


async def test_other_changes_cost_nothing() -> None:
    """
    A change of what no policy looks at is as it would be without policies.
    """
    async with _hub(FOLLOWED, EVERYBODY) as hub:
        uid = await _made(hub)
        await hub.facade.update(names.ACCOUNT, uid, [replaced("title", "Boss")], OPTIONS)
        with_policies_ = asked(hub)
    async with running_hub(SystemClock()) as bare:
        result = await bare.facade.create(names.ACCOUNT, NEW, OPTIONS)
        bare.sandbox.trace.clear()
        await bare.facade.update(names.ACCOUNT, result.uid or "", [replaced("title", "Boss")], OPTIONS)

        assert asked(bare) == with_policies_


async def test_a_role_that_nobody_else_holds_is_not_taken_back() -> None:
    """
    It may be what the organisation is managed with; once somebody else holds it, it is taken.
    """
    policy = replace(FOLLOWED, licenses=(), roles=("Billing Administrator",))
    async with _hub(policy) as hub:
        uid = await _made(hub)
        alone = await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Legal")], OPTIONS)
        kept = tuple(_person(hub, alone).roles)
        await hub.facade.create(names.ACCOUNT, {**NEW, "emails": ("two@acme.example",)}, OPTIONS)
        await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Sales")], OPTIONS)
        last = await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Legal")], OPTIONS)

        assert ("atlas-portal.billing",) == kept
        assert [
            ("roles", "policy sales holds no more, and Billing Administrator is kept: nobody else holds it")
        ] == _reasons(alone.not_applied)
        assert ((), ()) == (tuple(_person(hub, last).roles), last.not_applied)


async def test_what_the_caller_asked_for_stays_the_callers() -> None:
    """
    A licence that both want and nobody can have counts as asked for; one that the policy alone wants does not.
    """
    policy = Policy("all", licenses=("Real-Time Translations",), follow=True)
    async with _hub(policy) as hub:
        given = {**NEW, "licenses": (hub_license(hub, catalogue.TRANSLATIONS),)}
        both = await hub.facade.create(names.ACCOUNT, given, OPTIONS)
        alone = await hub.facade.create(names.ACCOUNT, {**NEW, "emails": ("two@acme.example",)}, OPTIONS)

        assert [True, False] == [each.asked for result in (both, alone) for each in result.not_applied]


async def test_groups_follow_without_a_walk_of_all_groups() -> None:
    """
    Who moves in is put into the group, who leaves is taken out: one request each, beside those of the change itself.
    """
    policy = Policy(
        "sales",
        holding('source["department"] == "Sales"'),
        groups=("Deal makers",),
        follow=True,
        otherwise=Otherwise.REMOVE,
    )
    async with _hub(policy) as hub:
        made = await hub.facade.create(names.GROUP, {"displayName": ("Deal makers",)}, OPTIONS)
        uid = await _made(hub, department=("Legal",))
        group = hub.sandbox.world.groups[uuid_of(made.uid or "").split(":")[0]]
        seen = []
        for name in ("Sales", "Sales", "Legal"):
            await hub.facade.update(names.ACCOUNT, uid, [replaced("department", name)], OPTIONS)
            seen.append(uuid_of(uid) in group.members)

        assert [True, True, False] == seen
        assert 1 == asked(hub).count("GET /groups")
        assert "GET /groups/{id}/members" not in asked(hub)


async def test_a_policy_that_does_not_follow_changes_nobody() -> None:
    """
    What was given once is the administrator's from then on.
    """
    async with _hub(SALES) as hub:
        uid = await _made(hub, department=("Legal",))
        result = await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Sales")], OPTIONS)

        assert catalogue.MEETINGS not in _person(hub, result).licenses


@pytest.mark.parametrize(
    ("otherwise", "told"),
    [
        (Otherwise.KEEP, []),
        (Otherwise.REPORT, [("policies.sales", "it holds no more; what it gave stays")]),
        (Otherwise.DISABLE, [("policies.sales", "it holds no more; this person is to be disabled")]),
        (Otherwise.DISABLE_THEN_DELETE, [("policies.sales", "it holds no more; this person is to be disabled")]),
    ],
)
async def test_a_door_disables_nobody_by_itself(otherwise: Otherwise, told: list[tuple[str, str]]) -> None:
    """
    Who no longer qualifies keeps what they have, and what is to happen is said where the policy wants it.
    """
    async with _hub(replace(FOLLOWED, otherwise=otherwise)) as hub:
        uid = await _made(hub)
        result = await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Legal")], OPTIONS)

        assert catalogue.MEETINGS in _person(hub, result).licenses
        assert _person(hub, result).login_enabled or _person(hub, result).invite_pending
        assert told == _reasons(result.not_applied)


async def test_what_the_caller_says_goes_first() -> None:
    """
    Licences that the same change names are the caller's; a policy may leave alone what a caller gives at all.
    """
    async with _hub(replace(FOLLOWED, beside=Beside.LEAVE)) as hub:
        mine = hub_license(hub, catalogue.UNIFIED_CM)
        uid = await _made(hub, licenses=(mine,))
        person = hub.sandbox.world.person(uuid_of(uid))
        await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Legal")], OPTIONS)
        back = [replaced("department", "Sales"), replaced("licenses", mine)]
        result = await hub.facade.update(names.ACCOUNT, uid, back, OPTIONS)

        assert person is not None
        assert catalogue.MEETINGS not in person.licenses
        assert catalogue.MEETINGS not in _person(hub, result).licenses


async def test_a_dry_run_shows_what_would_be_given() -> None:
    """
    Nothing is sent but reads; the request that would make the person, and what there is not enough of, are told.
    """
    policy = Policy("all", licenses=("Real-Time Translations", "Advanced Messaging"))
    async with _hub(policy) as hub:
        result = await hub.facade.create(names.ACCOUNT, NEW, DRY)

        assert {"GET"} == {each.split()[0] for each in asked(hub)}
        assert (
            "POST /people",
            "give licenses Real-Time Translations (policy all)",
            "give licenses Advanced Messaging (policy all)",
        ) == result.withheld
        assert [("licenses", "policy all gives Real-Time Translations: no unit of it is left")] == _reasons(
            result.not_applied
        )


async def test_a_dry_run_of_a_change_shows_what_moves() -> None:
    """
    What would be given, and what would be taken back.
    """
    async with _hub(FOLLOWED, EVERYBODY) as hub:
        uid = await _made(hub)
        result = await hub.facade.update(names.ACCOUNT, uid, [replaced("department", "Legal")], DRY)

        assert catalogue.MEETINGS in _person(hub, result).licenses
        assert ("take back licenses Webex Meetings Suite", "take back roles Support Administrator") == result.withheld[
            -2:
        ]


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_many_people_at_once(road: str) -> None:
    """
    In a bulk of creates and changes each gets what is theirs.
    """
    async with _hub(FOLLOWED, EVERYBODY, road=road) as hub:
        uid = await _made(hub, department=("Legal",))
        changes = [
            ChangeRequest(Change.CREATE, attributes={**NEW, "emails": (f"p{n}@acme.example",), "department": (name,)})
            for n, name in enumerate(("Sales", "Legal", "Sales"))
        ]
        changes.append(ChangeRequest(Change.UPDATE, uid, deltas=(replaced("department", "Sales"),)))
        outcomes = await hub.facade.apply_many(names.ACCOUNT, changes, OPTIONS)

        people = [_person(hub, each.result) for each in outcomes if each.result is not None]
        assert [True, False, True, True] == [catalogue.MEETINGS in each.licenses for each in people]
        assert all(catalogue.MESSAGING in each.licenses for each in people)


async def test_what_control_hub_gives_by_itself_is_left_to_it() -> None:
    """
    A licence of a template is not asked for; the others are.
    """
    async with _hub(SALES, EVERYBODY, by_template=("Advanced Messaging",)) as hub:
        result = await hub.facade.create(names.ACCOUNT, NEW, OPTIONS)

        licenses = set(_person(hub, result).licenses)
        assert (True, False) == (catalogue.MEETINGS in licenses, catalogue.MESSAGING in licenses)


async def test_a_telephone_that_webex_refuses_costs_nobody_the_account() -> None:
    """
    The person is made without it, and it is told.
    """
    policy = Policy("desk", licenses=("Webex Calling - Professional",), phone=holding("'no number'"))
    async with _hub(policy, EVERYBODY) as hub:
        result = await hub.facade.create(names.ACCOUNT, NEW, OPTIONS)

        assert catalogue.MESSAGING in _person(hub, result).licenses
        assert () == _person(hub, result).phones
        assert "phoneNumbers" in {each.attribute for each in result.not_applied}


async def test_the_test_of_the_system_looks_up_what_policies_name() -> None:
    """
    What is not there, or used up, is a warning; the system can be used all the same.
    """
    policy = Policy("all", licenses=("Real-Time Translations", "Advanced Messaging", "Nonsense"))
    async with _hub(policy, by_template=("Old",)) as hub:
        report = await hub.facade.test(OPTIONS)

        found = {each.subject: each.detail for each in report.findings if each.subject.startswith("policy ")}
        assert report.ok
        assert {
            "policy all: Real-Time Translations": "no unit of it is left",
            "policy all: Nonsense": "there is no Nonsense in LICENSES",
            "policy templates: Old": "there is no Old in LICENSES",
        } == {subject: found[subject] for subject in found if "Messaging" not in subject}
        assert found["policy all: Advanced Messaging"].endswith(" left")
