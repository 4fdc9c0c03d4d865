"""
Many changes of people on the SCIM road, of several kinds: what is done in bulk, in which order, and when it stops.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_many import applied, change, delete, error_of, fates, make, result_of, uids
from fakes.hub_people import missed, person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import added, replaced
from webex_connector.icf.errors import (
    AccessRefused,
    AlreadyExists,
    PermissionDenied,
    Throttled,
    UnknownUid,
)
from webex_connector.icf.operations import Fate
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.faults import Fail, Fault, Throttle
from webex_connector.sandbox.grants import ADMIN_SCOPES, Credentials
from webex_connector.sandbox.quirks import BulkKey, Quirks
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.webex.ids import uuid_of

BULK, LOOK, MAKE, MAKE_USER = "POST /Bulk", "GET /Users", "POST /people", "POST /Users"
JOIN, LICENSE = "PATCH /groups/{id}", "PATCH /licenses/users"
EMPTY = "Newly founded"
NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system on the SCIM road, in front of 250 people; the road is known.
    """
    async with running_hub(clock, people=250, road="scim") as hub:
        await hub.facade.test(OPTIONS)
        yield hub


async def test_one_alone_is_no_bulk(hub: Hub) -> None:
    """
    A single creation or deletion shows the person too.
    """
    outcomes = await applied(hub, [make(1, externalId=("hr-1",)), delete(uids(hub)[0])])

    assert {MAKE_USER: 1, "GET /people/{id}": 1, "DELETE /people/{id}": 1} == Counter(asked(hub))
    assert all(result_of(each).after is not None for each in outcomes)


@pytest.mark.parametrize("key", BulkKey)
async def test_either_spelling_is_found(key: BulkKey, clock: VirtualClock) -> None:
    """
    Where Webex does not understand one spelling of a request, the other is sent, and remembered.
    """
    async with running_hub(clock, people=20, road="scim", quirks=Quirks(bulk_key=key)) as hub:
        await hub.facade.test(OPTIONS)
        first = await applied(hub, [make(n) for n in range(3)])
        second = await applied(hub, [delete(uid) for uid in uids(hub)[:3]])

        assert [Fate.DONE] * 6 == fates([*first, *second])
        assert [BULK] == asked(hub)
        assert 20 == hub.sandbox.world.people_count


async def test_throttled_beyond_patience_is_refused(hub: Hub) -> None:
    """
    Nothing happened, and every outcome says when to come back.
    """
    hub.sandbox.faults.add(Fault(Throttle(600), to=BULK, times=2))
    outcomes = [*await applied(hub, [*(make(n) for n in range(3)), *(delete(uid) for uid in uids(hub)[:3])])]

    assert [Fate.REFUSED] * 6 == fates(outcomes)
    assert all(isinstance(error_of(each), Throttled) for each in outcomes)
    assert 0 == hub.sandbox.world.writes


async def test_nothing_more_is_sent_once_the_run_has_to_stop(hub: Hub) -> None:
    """
    The credentials are refused for the second hundred: the first is made, and nothing else is begun.
    """
    hub.sandbox.faults.add(Fault(Fail(401), to=BULK, attempt=2, times=100, must_fire=1))
    title = change(uids(hub)[0], replaced("manager", "Ida"))
    outcomes = await applied(hub, [*(make(n) for n in range(250)), title])

    assert [Fate.DONE] * 100 + [Fate.REFUSED] * 151 == fates(outcomes)
    assert all(isinstance(error_of(each), AccessRefused) for each in outcomes[100:])
    assert (100, 0) == (hub.sandbox.world.writes, asked(hub).count("GET /people/{id}"))
    # The second hundred twice, since the token is renewed once; the third never.
    assert 3 == asked(hub).count(BULK)


async def test_nothing_follows_deletions_that_stop_the_run(hub: Hub) -> None:
    """
    The credentials are refused for deletions: nobody is changed or made after that.
    """
    hub.sandbox.faults.add(Fault(Fail(401), to=BULK, times=100, must_fire=1))
    first, second, third, *_ = uids(hub)
    outcomes = await applied(
        hub, [delete(first), delete(second), change(third, replaced("title", "X")), make(1), make(2)]
    )

    assert [Fate.REFUSED] * 5 == fates(outcomes)
    assert (0, {BULK}) == (hub.sandbox.world.writes, set(asked(hub)))


async def test_what_is_no_uid_does_not_reach_bulk(hub: Hub) -> None:
    """
    `me` would be whoever owns the token; it is nobody here.
    """
    outcomes = await applied(
        hub, [delete("me"), delete("x"), change("me", replaced("title", "X")), change("y", replaced("title", "X"))]
    )

    assert [UnknownUid] * 4 == [type(error_of(each)) for each in outcomes]
    assert (0, 0) == (asked(hub).count(BULK), hub.sandbox.world.writes)


async def test_forbidden_in_bulk_is_tried_the_other_way(clock: VirtualClock) -> None:
    """
    A token that reads SCIM and may not write it makes, changes and deletes people one by one by the people API.
    """
    async with running_hub(clock, road="auto", quirks=Quirks(scim_machine_writes=False)) as hub:
        await hub.facade.test(OPTIONS)
        first, second, third, *_ = uids(hub)
        outcomes = await applied(
            hub, [delete(first), delete(second), change(third, replaced("title", "Lead")), make(1), make(2)]
        )

        assert [Fate.DONE] * 5 == fates(outcomes)
        assert (20, 2) == (hub.sandbox.world.people_count, asked(hub).count(MAKE))
        assert "Lead" in {person.title for _, person in hub.sandbox.world.people()}


async def test_without_the_people_api_all_goes_by_bulk(clock: VirtualClock) -> None:
    """
    Once it is known that the people API may not write, people with licences are made by bulk as well; what is missing
    is told.
    """
    reading = Credentials(scopes=ADMIN_SCOPES - {"spark-admin:people_write"})
    async with running_hub(clock, road="auto", credentials=reading) as hub:
        await hub.facade.create(names.ACCOUNT, make(0).attributes or {}, OPTIONS)
        license_ = license_id(hub, catalogue.CALL_ON_WEBEX)
        outcomes = await applied(hub, [make(n, licenses=(license_,)) for n in range(1, 4)])

        assert {BULK: 1, LICENSE: 3} == Counter(asked(hub))
        assert [{"licenses": (license_,)}] * 3 == [missed(result_of(each)) for each in outcomes]


async def test_changes_of_one_person_keep_their_order(hub: Hub) -> None:
    """
    Whatever request each takes: the last title counts, the deletion comes last, a second creation finds the first.
    """
    one, two, three, four, *_ = uids(hub)
    outcomes = await applied(
        hub,
        [
            change(one, replaced("title", "First")),
            change(one, replaced("manager", "Ida Boss")),
            change(uuid_of(one), replaced("title", "Second"), replaced("department", "Labs")),
            change(two, replaced("title", "Lead")),
            delete(two),
            delete(three),
            change(three, replaced("title", "Lead")),
            make(1),
            make(1),
            make(2),
            delete(four),
        ],
    )

    assert [Fate.DONE] * 6 + [Fate.REFUSED, Fate.DONE, Fate.REFUSED, Fate.DONE, Fate.DONE] == fates(outcomes)
    assert (UnknownUid, AlreadyExists) == (type(error_of(outcomes[6])), type(error_of(outcomes[8])))
    person = hub.sandbox.world.person(uuid_of(one))
    assert person is not None
    assert ("Second", "Labs", "Ida Boss") == (person.title, person.department, person.manager)
    assert 249 == hub.sandbox.world.people_count


async def test_an_address_that_gets_free_is_free(hub: Hub) -> None:
    """
    Deletions go before changes and those before creations: the address of one is given to another at once.
    """
    one, two, *_ = uids(hub)
    taken = [hub.sandbox.world.person(uuid_of(uid)) for uid in (one, two)]
    first, second = (person.email for person in taken if person is not None)
    outcomes = await applied(
        hub, [make(1, emails=(second,)), make(2), change(two, replaced("emails", first)), delete(one), delete(NOBODY)]
    )

    assert [Fate.DONE] * 5 == fates(outcomes)
    assert (two, "New 1") == (person_id(hub, first), person_at(hub, second).display_name)


async def test_changes_with_groups_are_not_read_one_by_one(hub: Hub) -> None:
    """
    A title and a group for twenty people are two requests.
    """
    group = group_id(hub, EMPTY)
    outcomes = await applied(
        hub, [change(uid, replaced("title", "Lead"), added("groups", group)) for uid in uids(hub)[:20]]
    )

    assert {BULK: 1, JOIN: 1} == Counter(asked(hub))
    assert all(result_of(each).not_applied == () for each in outcomes)


async def test_a_dry_run_names_the_requests(hub: Hub) -> None:
    """
    Nothing leaves; an address that is taken is refused, and one look serves all.
    """
    dry = replace(OPTIONS, dry_run=True)
    license_ = license_id(hub, catalogue.CALL_ON_WEBEX)
    outcomes = await applied(
        hub,
        [
            *(make(n, licenses=(license_,), externalId=("x",)) for n in range(2)),
            make(3, emails=(SAMPLE,)),
            *(delete(uid) for uid in uids(hub)[:2]),
        ],
        dry,
    )

    organization = hub.sandbox.world.organization.uuid
    bulk = f"POST /{organization}/v2/Bulk"
    assert [(bulk, LICENSE)] * 2 == [result_of(each).withheld for each in outcomes[:2]]
    assert isinstance(error_of(outcomes[2]), AlreadyExists)
    assert [(bulk,)] * 2 == [result_of(each).withheld for each in outcomes[3:]]
    assert not any(result_of(each).changed for each in (*outcomes[:2], *outcomes[3:]))
    assert ([LOOK], 0) == (asked(hub), hub.sandbox.world.writes)


async def test_what_bulk_did_proves_the_road(clock: VirtualClock) -> None:
    """
    A change that is forbidden afterwards is forbidden for its own sake: no other road is tried for it.
    """
    async with running_hub(clock, road="auto") as hub:
        await hub.facade.test(OPTIONS)
        await applied(hub, [delete(uid) for uid in uids(hub)[:2]])
        hub.sandbox.faults.add(Fault(Fail(403), to="PATCH /Users/{id}"))
        with pytest.raises(PermissionDenied):
            await hub.facade.update(names.ACCOUNT, uids(hub)[0], [replaced("title", "Lead")], OPTIONS)

        assert 0 == asked(hub).count("PUT /people/{id}")
