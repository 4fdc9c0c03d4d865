"""
Many people made by SCIM's bulk: who is there afterwards, what the outcomes say, which requests it took.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_many import address, applied, error_of, fates, make, result_of
from fakes.hub_people import groups_of, missed, person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.errors import (
    AlreadyExists,
    Ambiguous,
    ConnectionBroken,
    InvalidAttributeValue,
)
from webex_connector.icf.operations import Fate
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer, RefuseButApplied, Reset
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.webex.ids import encode

BULK, LOOK, MAKE, JOIN = "POST /Bulk", "GET /Users", "POST /people", "PATCH /groups/{id}"
LICENSE = "PATCH /licenses/users"
EMPTY = "Newly founded"


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system on the SCIM road, in front of 250 people; the road is known.
    """
    async with running_hub(clock, people=250, road="scim") as hub:
        await hub.facade.test(OPTIONS)
        yield hub


async def test_a_hundred_people_are_made_in_a_request(hub: Hub) -> None:
    """
    250 people with a group and what only SCIM has are three requests and one; each result has the right uid.
    """
    group = group_id(hub, EMPTY)
    outcomes = await applied(hub, [make(n, groups=(group,), externalId=(f"hr-{n}",)) for n in range(250)])

    assert {BULK: 3, JOIN: 1} == Counter(asked(hub))
    assert [person_id(hub, address(n)) for n in range(250)] == [result_of(each).uid for each in outcomes]
    assert all(result_of(each).not_applied == () and result_of(each).changed for each in outcomes)
    assert ("New 7", {EMPTY}) == (person_at(hub, address(7)).display_name, groups_of(hub, person_at(hub, address(7))))


async def test_with_a_licence_the_people_api_is_cheaper(hub: Hub) -> None:
    """
    It takes the licence along: one request for each person, where SCIM would need that for the licence alone.
    """
    license_ = license_id(hub, catalogue.CALL_ON_WEBEX)
    await applied(hub, [make(n, licenses=(license_,)) for n in range(5)])

    assert {MAKE: 5} == Counter(asked(hub))


async def test_beside_what_only_scim_has_licences_are_given_to_each(hub: Hub) -> None:
    """
    One request makes all, and one gives each the licence; whoever could not get it is named.
    """
    good, spent = license_id(hub, catalogue.CALL_ON_WEBEX), license_id(hub, catalogue.EXHAUSTED)
    outcomes = await applied(
        hub, [make(n, licenses=(good if n else spent,), externalId=(f"hr-{n}",)) for n in range(5)]
    )

    assert {BULK: 1, LICENSE: 5} == Counter(asked(hub))
    assert [{"licenses": (spent,)}, {}, {}, {}, {}] == [missed(result_of(each)) for each in outcomes]
    assert catalogue.CALL_ON_WEBEX in person_at(hub, address(4)).licenses


async def test_no_licence_is_asked_for_once_the_run_has_to_stop(hub: Hub) -> None:
    """
    The credentials are refused while licences are given: everybody is there, and the missing licences are told.
    """
    hub.sandbox.faults.add(Fault(Fail(401), to=LICENSE, times=400, must_fire=1))
    license_ = license_id(hub, catalogue.CALL_ON_WEBEX)
    outcomes = await applied(hub, [make(n, licenses=(license_,), externalId=("x",)) for n in range(100)])

    assert [Fate.DONE] * 100 == fates(outcomes)
    assert all({"licenses": (license_,)} == missed(result_of(each)) for each in outcomes)
    assert asked(hub).count(LICENSE) < 50


async def test_roles_are_not_given_unseen(hub: Hub) -> None:
    """
    Bulk does not show the person, and Webex may leave a role out: whoever gets one is made alone.
    """
    role = encode("ROLE", "id_readonly_admin")
    await applied(hub, [make(1, roles=(role,)), make(2), make(3)])

    assert {MAKE: 1, BULK: 1} == Counter(asked(hub))
    assert ("id_readonly_admin",) == person_at(hub, address(1)).roles


@pytest.mark.parametrize("obeyed", [True, False])
async def test_many_may_be_made_disabled(*, obeyed: bool, clock: VirtualClock) -> None:
    """
    An answer of bulk does not tell whether `active` was obeyed: each is disabled by itself.
    """
    async with running_hub(clock, road="scim", quirks=Quirks(scim_create_inactive=obeyed)) as hub:
        await hub.facade.test(OPTIONS)
        outcomes = await applied(hub, [make(n, **{names.ENABLE: (False,)}) for n in range(3)])

        assert {BULK: 1, "PATCH /Users/{id}": 3} == Counter(asked(hub))
        assert [Fate.DONE] * 3 == fates(outcomes)
        assert not any(person_at(hub, address(n)).invite_pending for n in range(3))
        assert not any(person_at(hub, address(n)).login_enabled for n in range(3))


@pytest.mark.parametrize("status", [409, 200])
async def test_taken_addresses_are_named_with_their_holders(status: int, clock: VirtualClock) -> None:
    """
    Both ways in which bulk was seen to tell: two of our own are named by uid, a recently deleted one by nobody, and the
    others are made.
    """
    quirks = Quirks(bulk_existing_status=200 if status == 200 else 409, address_hold_days=7)
    async with running_hub(clock, road="scim", quirks=quirks) as hub:
        await hub.facade.test(OPTIONS)
        gone = [person for _, person in hub.sandbox.world.people()][5]
        await hub.facade.delete(names.ACCOUNT, rendering.person_id(gone.uuid), OPTIONS)
        changes = [make(n) for n in range(5)]
        for place, taken in ((1, SAMPLE), (2, ADMIN.upper()), (3, gone.email)):
            changes[place] = make(place, emails=(taken,))
        outcomes = await applied(hub, changes)

        assert [Fate.DONE, Fate.REFUSED, Fate.REFUSED, Fate.REFUSED, Fate.DONE] == fates(outcomes)
        errors = [error_of(each) for each in outcomes[1:4]]
        assert [person_id(hub, SAMPLE), person_id(hub, ADMIN), None] == [
            each.uid for each in errors if isinstance(each, AlreadyExists)
        ]
        assert "outside this organisation" in errors[2].message
        assert {BULK: 1, LOOK: 1} == Counter(asked(hub))


async def test_a_lost_answer_is_looked_up_in_batches(hub: Hub) -> None:
    """
    A hundred were made, and the answer lost: two looks tell who is who.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=BULK))
    outcomes = await applied(hub, [make(n) for n in range(100)])

    assert {BULK: 1, LOOK: 2} == Counter(asked(hub))
    assert [person_id(hub, address(n)) for n in range(100)] == [result_of(each).uid for each in outcomes]
    assert 350 == hub.sandbox.world.people_count


async def test_a_request_that_never_arrived_is_sent_again(hub: Hub) -> None:
    """
    Nobody was found, so all are made by the second request.
    """
    hub.sandbox.faults.add(Fault(Reset(), to=BULK))
    outcomes = await applied(hub, [make(n) for n in range(10)])

    assert {BULK: 2, LOOK: 1} == Counter(asked(hub))
    assert ([Fate.DONE] * 10, 260) == (fates(outcomes), hub.sandbox.world.people_count)


async def test_a_search_that_lags_makes_nobody_twice(clock: VirtualClock) -> None:
    """
    The lost creations are not shown yet; the second request is refused, and some looks later everybody is found.
    """
    async with running_hub(clock, road="scim", quirks=Quirks(search_lag=3)) as hub:
        await hub.facade.test(OPTIONS)
        hub.sandbox.faults.add(Fault(LoseAnswer(), to=BULK))
        outcomes = await applied(hub, [make(n) for n in range(5)])

        assert ([Fate.DONE] * 5, 25) == (fates(outcomes), hub.sandbox.world.people_count)


async def test_nobody_seen_after_a_lost_answer_is_a_question(clock: VirtualClock) -> None:
    """
    The addresses are taken, and nobody can be seen.
    """
    async with running_hub(clock, road="scim", quirks=Quirks(search_lag=600)) as hub:
        await hub.facade.test(OPTIONS)
        hub.sandbox.faults.add(Fault(LoseAnswer(), to=BULK))
        outcomes = await applied(hub, [make(n) for n in range(3)])

        assert [Fate.AMBIGUOUS] * 3 == fates(outcomes)
        assert 23 == hub.sandbox.world.people_count


async def test_creations_that_nobody_can_look_up_are_questions(hub: Hub) -> None:
    """
    A failed look is no empty list: nothing is sent again.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=BULK))
    hub.sandbox.faults.add(Fault(Fail(500), to=LOOK))
    outcomes = await applied(hub, [make(n) for n in range(3)])

    assert [Fate.AMBIGUOUS] * 3 == fates(outcomes)
    assert all(isinstance(error_of(each), Ambiguous) for each in outcomes)
    assert 1 == asked(hub).count(BULK)


async def test_a_holder_who_cannot_be_looked_up_is_an_error(hub: Hub) -> None:
    """
    Webex said that the address is taken, and nobody could find out by whom: nothing was made, and that is sure.
    """
    hub.sandbox.faults.add(Fault(Fail(500), to=LOOK))
    whole, refused = await applied(hub, [make(1), make(2, emails=(SAMPLE,))])

    assert (Fate.DONE, Fate.REFUSED) == (whole.fate, refused.fate)
    assert isinstance(error_of(refused), ConnectionBroken)


async def test_a_request_lost_twice_is_a_question(hub: Hub) -> None:
    """
    Both may still arrive.
    """
    hub.sandbox.faults.add(Fault(Reset(), to=BULK, times=2))
    outcomes = await applied(hub, [make(n) for n in range(3)])

    assert [Fate.AMBIGUOUS] * 3 == fates(outcomes)
    assert 250 == hub.sandbox.world.people_count


async def test_one_refused_leaves_the_others_alone(hub: Hub) -> None:
    """
    A value that Webex cannot take is refused with its attribute, once it is sure that nobody was made.
    """
    outcomes = await applied(hub, [make(1), make(2, costCenter=("x" * 300,)), make(3)])

    assert [Fate.DONE, Fate.REFUSED, Fate.DONE] == fates(outcomes)
    assert isinstance(error_of(outcomes[1]), InvalidAttributeValue)
    assert {BULK: 1, LOOK: 1} == Counter(asked(hub))


async def test_somebody_else_at_the_address_is_not_taken_for_ours(hub: Hub) -> None:
    """
    The answer is lost, and an address turns out to be somebody's who was there before: they stay as they are.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=BULK))
    before = person_at(hub)
    whole, refused = await applied(hub, [make(1), make(2, emails=(SAMPLE,))])

    assert (Fate.DONE, Fate.REFUSED) == (whole.fate, refused.fate)
    error = error_of(refused)
    assert isinstance(error, AlreadyExists)
    assert (person_id(hub, SAMPLE), before) == (error.uid, person_at(hub))


async def test_refused_though_made_is_found(hub: Hub) -> None:
    """
    The request was refused as a whole, and had been carried out.
    """
    hub.sandbox.faults.add(Fault(RefuseButApplied(400), to=BULK))
    outcomes = await applied(hub, [make(n) for n in range(3)])

    assert ([Fate.DONE] * 3, 253, 1) == (fates(outcomes), hub.sandbox.world.people_count, asked(hub).count(BULK))


async def test_what_bulk_is_not_taken_for_in_any_spelling_is_made_alone(hub: Hub) -> None:
    """
    Refused as a whole twice, nobody is there: each is made by a request of their own.
    """
    hub.sandbox.faults.add(Fault(Fail(400), to=BULK, times=2))
    outcomes = await applied(hub, [make(n) for n in range(3)])

    assert {BULK: 2, LOOK: 2, MAKE: 3} == Counter(asked(hub))
    assert [Fate.DONE] * 3 == fates(outcomes)


async def test_a_dry_run_that_cannot_look_says_so(hub: Hub) -> None:
    """
    Whether the addresses are free is not known then.
    """
    hub.sandbox.faults.add(Fault(Fail(500), to=LOOK))
    outcomes = await applied(hub, [make(1), make(2)], replace(OPTIONS, dry_run=True))

    assert [ConnectionBroken] * 2 == [type(error_of(each)) for each in outcomes]


async def test_asking_again_makes_nobody_again(hub: Hub) -> None:
    """
    Without a doubt in between, whoever was made a moment ago under the same names exists already, and is named.
    """
    changes = [make(n) for n in range(3)]
    made = await applied(hub, changes)
    again = await applied(hub, changes)

    assert [Fate.REFUSED] * 3 == fates(again)
    errors = [error_of(each) for each in again]
    assert [result_of(each).uid for each in made] == [each.uid for each in errors if isinstance(each, AlreadyExists)]


async def test_a_second_address_is_refused(hub: Hub) -> None:
    """
    Webex takes one: nobody is made with either of them, and the others are made.
    """
    outcomes = await applied(hub, [make(1), make(2), make(3, emails=(address(3), address(4)))])

    assert [Fate.DONE, Fate.DONE, Fate.REFUSED] == fates(outcomes)
    assert isinstance(error_of(outcomes[2]), InvalidAttributeValue)
    assert 252 == hub.sandbox.world.people_count
