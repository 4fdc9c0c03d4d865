"""
Many accounts changed by SCIM's bulk, against the sandbox.
"""

from collections.abc import AsyncIterator

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf.attributes import added, replaced
from webex_connector.icf.errors import AlreadyExists, UnknownUid
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox.faults import Fault, LoseAnswer
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.webex.ids import encode

ACCOUNT = "__ACCOUNT__"


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system on the SCIM road, in front of 250 people; the road is known.
    """
    async with running_hub(clock, people=250, road="scim") as hub:
        await hub.facade.test(OPTIONS)
        yield hub


def uids(hub: Hub) -> list[str]:
    """
    Return everybody's id.
    """
    return [encode("PEOPLE", person.uuid) for _, person in hub.sandbox.world.people()]


def titles(hub: Hub) -> set[str]:
    """
    Return the titles there are.
    """
    return {person.title for _, person in hub.sandbox.world.people()}


def to_lead(uid: str) -> ChangeRequest:
    """
    Return the change that makes somebody a lead.
    """
    return ChangeRequest(Change.UPDATE, uid, deltas=(replaced("title", "Lead"),))


async def test_a_hundred_changes_are_one_request(hub: Hub) -> None:
    """
    250 people take three requests, and everybody is changed.
    """
    before = len(asked(hub))

    outcomes = await hub.facade.apply_many(ACCOUNT, [to_lead(uid) for uid in uids(hub)], OPTIONS)

    assert {Fate.DONE} == {outcome.fate for outcome in outcomes}
    assert {"Lead"} == titles(hub)
    assert 3 == len(asked(hub)) - before


async def test_one_that_cannot_be_made_leaves_the_others_alone(hub: Hub) -> None:
    """
    Nobody and a taken address are each refused by name, in their places; the rest is done.
    """
    first, second, third, *_ = uids(hub)
    nobody = encode("PEOPLE", "00000000-0000-4000-8000-000000000000")
    changes = [
        to_lead(first),
        to_lead(nobody),
        ChangeRequest(Change.UPDATE, third, deltas=(replaced("emails", SAMPLE),)),
        to_lead(second),
    ]

    outcomes = await hub.facade.apply_many(ACCOUNT, changes, OPTIONS)

    assert [Fate.DONE, Fate.REFUSED, Fate.REFUSED, Fate.DONE] == [outcome.fate for outcome in outcomes]
    assert isinstance(outcomes[1].error, UnknownUid)
    assert isinstance(outcomes[2].error, AlreadyExists)
    assert outcomes[2].error.uid == encode("PEOPLE", (hub.sandbox.world.person_at(SAMPLE) or pytest.fail("none")).uuid)


async def test_a_lost_answer_is_found_in_place(hub: Hub) -> None:
    """
    The whole request happened and its answer was lost: every change ends done, and none is lost.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to="POST /Bulk"))

    outcomes = await hub.facade.apply_many(ACCOUNT, [to_lead(uid) for uid in uids(hub)[:40]], OPTIONS)

    hub.sandbox.faults.verify()
    assert {Fate.DONE} == {outcome.fate for outcome in outcomes}
    assert 40 == sum(person.title == "Lead" for _, person in hub.sandbox.world.people())


async def test_nobody_is_named_after_a_lost_answer_too(hub: Hub) -> None:
    """
    Whoever is not there was not changed by the request whose answer was lost.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to="POST /Bulk"))
    nobody = encode("PEOPLE", "00000000-0000-4000-8000-000000000000")

    done, refused = await hub.facade.apply_many(ACCOUNT, [to_lead(uids(hub)[0]), to_lead(nobody)], OPTIONS)

    assert (Fate.DONE, Fate.REFUSED) == (done.fate, refused.fate)
    assert isinstance(refused.error, UnknownUid)
    hub.sandbox.faults.verify()


async def test_what_bulk_cannot_do_is_done_beside_it(hub: Hub) -> None:
    """
    Title by bulk, the group by one membership call for everybody, a new person and a deletion among them.
    """
    world = hub.sandbox.world
    group = next(iter(world.groups.values()))
    group_id = encode("SCIM_GROUP", f"{group.uuid}:{world.organization.uuid}")
    chosen = uids(hub)[5:15]
    changes = [
        *(
            ChangeRequest(Change.UPDATE, uid, deltas=(replaced("title", "Lead"), added("groups", group_id)))
            for uid in chosen
        ),
        ChangeRequest(Change.CREATE, attributes={"emails": ("new@acme.example",), "displayName": ("New",)}),
        ChangeRequest(Change.DELETE, uids(hub)[20]),
    ]
    gone = uids(hub)[20]

    outcomes = await hub.facade.apply_many(ACCOUNT, changes, OPTIONS)

    assert {Fate.DONE} == {outcome.fate for outcome in outcomes}
    assert all(outcome.result is not None and outcome.result.not_applied == () for outcome in outcomes)
    assert 10 == sum(person.title == "Lead" for _, person in world.people())
    assert all(any(encode("PEOPLE", uuid) == uid for uuid in group.members) for uid in chosen)
    assert world.person_at("new@acme.example") is not None
    assert gone not in uids(hub)


async def test_a_dry_run_names_the_request(hub: Hub) -> None:
    """
    Nothing leaves, and each change tells what would.
    """
    before = hub.sandbox.world.writes
    dry = OperationOptions(actor=OPTIONS.actor, dry_run=True)

    outcomes = await hub.facade.apply_many(ACCOUNT, [to_lead(uid) for uid in uids(hub)[:3]], dry)

    assert before == hub.sandbox.world.writes
    assert all(outcome.result is not None and outcome.result.withheld for outcome in outcomes)
    assert not any(outcome.result is not None and outcome.result.changed for outcome in outcomes)
