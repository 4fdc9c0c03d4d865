"""
Following the changes of an organisation while requests fail, or while what could tell of a change does not.
"""

import json
from uuid import UUID

import pytest

from fakes.follower import Follower, addresses, change, told
from fakes.hub import OPTIONS, Hub, asked, facade_to, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added
from webex_connector.icf.errors import ConnectionBroken, InvalidOption
from webex_connector.icf.operations import DeltaType
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.faults import Effect, Fail, Fault, HalfBody, WrongJson
from webex_connector.sandbox.grants import ADMIN_SCOPES, Credentials
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import SAMPLE

ROADS = ("people", "scim")
SEEING, BLIND = Credentials(), Credentials(scopes=ADMIN_SCOPES - {"audit:events_read"})
"""
A token that may read audit events, and one that may not.
"""
TIMES = 50
DAY = 86_400.0
EFFECTS = {"failed": Fail(500), "cut": HalfBody(), "not what was asked for": WrongJson('{"totalResults": 3}')}


def befall(hub: Hub, effect: Effect, to: str, *, subject: str = "", page: int | None = None) -> None:
    """
    Let requests go wrong from now on, at least one of them.
    """
    hub.sandbox.faults.add(Fault(effect, to=to, subject=subject, page=page, times=TIMES, must_fire=1))


@pytest.mark.parametrize("effect", EFFECTS.values(), ids=EFFECTS.keys())
async def test_a_read_that_fails_ends_after_what_is_safe(effect: Effect, clock: VirtualClock) -> None:
    """
    When one of several changed people cannot be read, those before are told of, and the others the next time.
    """
    async with running_hub(clock, people=20, road="scim") as hub:
        follower = Follower(hub)
        await follower.begin()
        some = addresses(hub, 5)
        await change(hub, clock, *some)
        befall(hub, effect, "GET /people/{id}", subject=person_at(hub, some[2]).uuid)

        await follower.interrupted()

        truth = await follower.truth()
        uids = [person_id(hub, each) for each in some]
        assert [True, True, False, False, False] == [follower.copy[uid] == truth[uid] for uid in uids]
        hub.sandbox.faults.verify()
        hub.sandbox.faults.clear()
        assert uids[2:] == [delta.uid for delta in await follower.follow()]
        assert truth == follower.copy


@pytest.mark.parametrize(
    ("road", "to", "page", "effect"),
    [
        pytest.param(road, to, page, effect, id=f"{road} road, {to}, page {page}, {kind}")
        for kind, effect in EFFECTS.items()
        for road, to, page in (
            ("people", "GET /people", 1),
            ("people", "GET /people", 3),
            ("scim", "GET /Users", None),
            ("scim", "GET /people", 3),
        )
    ]
    + [
        pytest.param(road, "GET /people/{id}", None, effect, id=f"{road} road, the question for the person, {effect}")
        for road in ROADS
        for effect in (Fail(500), HalfBody())
    ],
)
async def test_a_failed_comparison_deletes_nobody(
    road: str,
    to: str,
    page: int | None,
    effect: Effect,
    clock: VirtualClock,
) -> None:
    """
    Whatever request fails while somebody is deleted, nobody is told to be gone who is there; afterwards all is told.
    """
    quirks = Quirks(people_page_cap=8)
    async with running_hub(clock, people=20, road=road, quirks=quirks, credentials=BLIND) as hub:
        follower = Follower(hub)
        await follower.begin()
        gone = person_id(hub, addresses(hub, 5)[0])
        await clock.sleep(1)
        await hub.facade.delete(names.ACCOUNT, gone, OPTIONS)
        befall(hub, effect, to, page=page)

        await follower.interrupted()

        truth = await _there(hub)
        assert truth <= follower.copy.keys() <= truth | {gone}
        hub.sandbox.faults.verify()
        hub.sandbox.faults.clear()
        assert [(DeltaType.DELETE, gone)] == told(await follower.follow())
        assert not await follower.follow()


async def test_an_empty_list_deletes_nobody(clock: VirtualClock) -> None:
    """
    A list that comes back empty, as if it were whole, is not taken for the end of everybody.
    """
    async with running_hub(clock, people=20) as hub:
        follower = Follower(hub)
        await follower.begin()
        hub.sandbox.faults.add(Fault(WrongJson('{"items": []}'), to="GET /people"))

        assert not await follower.follow()

        hub.sandbox.faults.verify()


async def test_a_scan_in_another_order_is_not_trusted(clock: VirtualClock) -> None:
    """
    Where SCIM does not sort as it is asked to, everything is compared.
    """
    listed = [{"id": str(UUID(int=day)), "meta": {"lastModified": f"2026-10-0{day}T00:00:00Z"}} for day in (1, 2)]
    async with running_hub(clock, people=20, road="scim") as hub:
        follower = Follower(hub)
        await follower.begin()
        await change(hub, clock, SAMPLE)
        hub.sandbox.faults.add(Fault(WrongJson(json.dumps({"totalResults": 20, "Resources": listed})), to="GET /Users"))

        assert [(DeltaType.UPDATE, person_id(hub, SAMPLE))] == told(await follower.follow())

        assert ["GET /Users", "GET /people"] == asked(hub)


@pytest.mark.parametrize("modifies", [True, False])
@pytest.mark.parametrize("credentials", [SEEING, BLIND], ids=["audit events", "no audit events"])
@pytest.mark.parametrize("road", ROADS)
async def test_a_change_of_licences_is_told(
    road: str,
    credentials: Credentials,
    modifies: bool,  # noqa: FBT001 - a position of the sandbox's switch
    clock: VirtualClock,
) -> None:
    """
    It is told whether or not it moves `lastModified`; if it does not, the SCIM road needs audit events for it.
    """
    quirks = Quirks(licenses_modify=modifies)
    async with running_hub(clock, people=20, road=road, quirks=quirks, credentials=credentials) as hub:
        follower = Follower(hub)
        await follower.begin()
        who = person_id(hub, SAMPLE)
        await clock.sleep(1)
        await hub.facade.update(names.ACCOUNT, who, [added("licenses", license_id(hub, CALL_ON_WEBEX))], OPTIONS)

        expected = [] if road == "scim" and not modifies and credentials is BLIND else [who]
        assert expected == [delta.uid for delta in await follower.follow()]
        assert not await follower.follow()


@pytest.mark.parametrize("modifies", [True, False])
@pytest.mark.parametrize("road", ROADS)
async def test_a_change_of_members_is_one_of_the_group(
    road: str,
    modifies: bool,  # noqa: FBT001 - a position of the sandbox's switch
    clock: VirtualClock,
) -> None:
    """
    The group is told of, whether or not joining it moves `lastModified` of the people.
    """
    quirks = Quirks(membership_modifies=modifies)
    async with running_hub(clock, people=20, road=road, quirks=quirks) as hub:
        groups, people = Follower(hub, names.GROUP), Follower(hub)
        await groups.begin()
        await people.begin()
        group, who = group_id(hub, "Newly founded"), person_id(hub, SAMPLE)
        await clock.sleep(1)
        await hub.facade.update(names.GROUP, group, [added("members", {"id": who})], OPTIONS)

        assert [(DeltaType.UPDATE, group)] == told(await groups.follow())
        assert ([(DeltaType.UPDATE, who)] if modifies else []) == told(await people.follow())
        assert not await groups.follow()


@pytest.mark.parametrize("credentials", [SEEING, BLIND], ids=["audit events", "no audit events"])
@pytest.mark.parametrize("road", ROADS)
async def test_a_deletion_by_webex_itself_is_told(road: str, credentials: Credentials, clock: VirtualClock) -> None:
    """
    Somebody disabled is deleted by Webex after thirty days; that is told as well, with or without audit events.
    """
    async with running_hub(clock, people=20, road=road, credentials=credentials) as hub:
        who = person_id(hub, addresses(hub, 5)[0])
        await hub.facade.update(names.ACCOUNT, who, [AttributeDelta(names.ENABLE, replace=(False,))], OPTIONS)
        await clock.sleep(1)
        follower = Follower(hub)
        await follower.begin()
        await clock.sleep(31 * DAY)

        assert [(DeltaType.DELETE, who)] == told(await follower.follow())
        assert await follower.truth() == follower.copy


async def test_somebody_gone_between_scan_and_read_is_told_to_be_gone(clock: VirtualClock) -> None:
    """
    While searches still show a changed person whom a read does not find any more, the person is gone.
    """
    async with running_hub(clock, people=20, road="scim", quirks=Quirks(search_lag=30.0), credentials=BLIND) as hub:
        follower = Follower(hub)
        await follower.begin()
        address = addresses(hub, 5)[0]
        who = person_id(hub, address)
        await change(hub, clock, address)
        await clock.sleep(31)
        await hub.facade.delete(names.ACCOUNT, who, OPTIONS)

        assert [(DeltaType.DELETE, who)] == told(await follower.follow())
        await clock.sleep(31)
        await follower.follow()
        assert await follower.truth() == follower.copy


async def test_many_changes_are_read_as_a_list(clock: VirtualClock) -> None:
    """
    Where a list of everything takes fewer requests than reading each changed person, the list is read.
    """
    async with running_hub(clock, people=80, road="scim") as hub:
        follower = Follower(hub)
        await follower.begin()
        await change(hub, clock, *addresses(hub, 60))

        assert len(await follower.follow()) == 60

        assert ["GET /Users", "GET /adminAudit/events", "GET /people"] == asked(hub)
        assert await follower.truth() == follower.copy
        assert not await follower.follow()


@pytest.mark.parametrize("road", ROADS)
async def test_a_token_that_was_followed_by_a_later_one_is_refused(road: str, clock: VirtualClock) -> None:
    """
    What the later one acknowledged would not be told again, so whoever holds the older one must start again.
    """
    async with running_hub(clock, people=20, road=road) as hub:
        follower = Follower(hub)
        await follower.begin()
        old = follower.token
        await change(hub, clock, SAMPLE)
        await follower.follow()
        await follower.follow()
        follower.token = old

        assert isinstance(error := await follower.interrupted(), InvalidOption)
        assert "Start again" in error.message


@pytest.mark.parametrize("road", ROADS)
async def test_a_new_process_goes_on(road: str, clock: VirtualClock) -> None:
    """
    A process that remembers nothing tells what was made and modified since the token, perhaps more than once, and goes
    on from there.
    """
    async with running_hub(clock, people=20, road=road) as hub:
        follower = Follower(hub)
        await follower.begin()
        await clock.sleep(600)
        await change(hub, clock, SAMPLE)
        new = {"emails": ("new@acme.example",), "displayName": ("New",)}
        made = await hub.facade.create(names.ACCOUNT, new, OPTIONS)
        again = facade_to(hub.sandbox, hub.address, clock, hub.journal, road=road)
        follower.facade = again

        assert {person_id(hub, SAMPLE), made.uid} <= {delta.uid for delta in await follower.follow()}
        assert not await follower.follow()
        await hub.facade.delete(names.ACCOUNT, made.uid or "", OPTIONS)
        assert [(DeltaType.DELETE, made.uid)] == told(await follower.follow())
        await again.aclose()


@pytest.mark.parametrize("credentials", [SEEING, BLIND], ids=["audit events", "no audit events"])
async def test_a_new_process_names_who_is_gone_or_refuses(credentials: Credentials, clock: VirtualClock) -> None:
    """
    Of what was deleted before it began, a process that remembers nothing knows by audit events alone; without them it
    refuses the token, and tells of nothing.
    """
    async with running_hub(clock, people=20, road="scim", credentials=credentials) as hub:
        follower = Follower(hub)
        await follower.begin()
        await clock.sleep(600)
        gone = person_id(hub, addresses(hub, 5)[0])
        await hub.facade.delete(names.ACCOUNT, gone, OPTIONS)
        follower.facade = facade_to(hub.sandbox, hub.address, clock, hub.journal, road="scim")

        if credentials is SEEING:
            assert [(DeltaType.DELETE, gone)] == told(await follower.follow())
        else:
            for _ in range(2):
                error = await follower.interrupted()
                assert isinstance(error, InvalidOption)
                assert error.message.startswith("1 objects of __ACCOUNT__ are gone")
        await follower.facade.aclose()


@pytest.mark.parametrize("road", ROADS)
async def test_a_call_that_is_overtaken_ends(road: str, clock: VirtualClock) -> None:
    """
    When a second call follows the same token, the first one ends with an error, and nothing is lost by the second.
    """
    async with running_hub(clock, people=80, road=road, quirks=Quirks(people_page_cap=8)) as hub:
        follower = Follower(hub)
        await follower.begin()
        await change(hub, clock, *addresses(hub, 30))
        first = hub.facade.sync(names.ACCOUNT, follower.token, OPTIONS)
        await anext(first)

        assert len(await follower.follow(stop_after=1)) == 1
        with pytest.raises(ConnectionBroken):
            async for _ in first:
                pass

        assert len(await follower.follow()) == 29
        assert await follower.truth() == follower.copy


async def test_everything_at_once_goes_on_where_it_stopped(clock: VirtualClock) -> None:
    """
    `__ALL__` tells of people and groups by one token, and loses nothing wherever the consumer stops.
    """
    async with running_hub(clock, people=10, road="scim") as hub:
        follower = Follower(hub, names.ALL)
        taken = 0
        while some := await follower.follow(stop_after=7):
            taken += len(some)
        people, groups = Follower(hub), Follower(hub, names.GROUP)
        assert {*await people.truth(), *await groups.truth()} == follower.copy.keys()
        assert len(follower.copy) == taken

        await change(hub, clock, SAMPLE)
        group = group_id(hub, "Newly founded")
        await hub.facade.delete(names.GROUP, group, OPTIONS)
        assert [(DeltaType.UPDATE, person_id(hub, SAMPLE)), (DeltaType.DELETE, group)] == told(await follower.follow())


async def _there(hub: Hub) -> set[str]:
    return {person_id(hub, person.email) for _, person in hub.sandbox.world.people()}
