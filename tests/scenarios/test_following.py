"""
Following the changes of an organisation: whatever comes in between, nothing is lost and nobody is told to be gone who
is there.
"""

import pytest
from msgspec import structs

from fakes.follower import Follower, addresses, change, told
from fakes.hub import OPTIONS, asked, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.operations import DeltaType
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import SAMPLE

ROADS = ("people", "scim")


@pytest.mark.parametrize("road", ROADS)
async def test_a_copy_follows_everything(road: str, clock: VirtualClock) -> None:
    """
    Whoever starts with nothing and follows has, after changes of every kind, a copy of what is there.
    """
    async with running_hub(clock, people=20, road=road) as hub:
        follower = Follower(hub)
        assert {delta.type for delta in await follower.follow()} == {DeltaType.CREATE_OR_UPDATE}
        await clock.sleep(1)
        await hub.facade.create(names.ACCOUNT, {"emails": ("new@acme.example",), "displayName": ("New",)}, OPTIONS)
        first, second = addresses(hub, 3)[:2]
        await change(hub, clock, first)
        gone = person_id(hub, second)
        await hub.facade.delete(names.ACCOUNT, gone, OPTIONS)

        deltas = await follower.follow()

        assert told(deltas)[-1] == (DeltaType.DELETE, gone)
        assert {DeltaType.CREATE, DeltaType.UPDATE} == {delta.type for delta in deltas[:-1]}
        assert await follower.truth() == follower.copy


async def test_scim_tells_the_oldest_change_first(clock: VirtualClock) -> None:
    """
    On the SCIM road changes come in the order in which they were made, for one request beside those for the people.
    """
    async with running_hub(clock, people=20, road="scim") as hub:
        follower = Follower(hub)
        await follower.begin()
        some = addresses(hub, 3)
        await change(hub, clock, some[1], some[2], some[0])

        deltas = await follower.follow()

        assert [person_id(hub, each) for each in (some[1], some[2], some[0])] == [delta.uid for delta in deltas]
        assert ["GET /Users", "GET /adminAudit/events", *["GET /people/{id}"] * 3] == asked(hub)


@pytest.mark.parametrize("road", ROADS)
async def test_a_crashed_consumer_is_told_again(road: str, clock: VirtualClock) -> None:
    """
    A person made, told of, never acknowledged and then deleted is told to be gone: the consumer may have kept it.
    """
    async with running_hub(clock, people=10, road=road) as hub:
        follower = Follower(hub)
        await follower.begin()
        await clock.sleep(1)
        made = await hub.facade.create(
            names.ACCOUNT, {"emails": ("new@acme.example",), "displayName": ("New",)}, OPTIONS
        )
        assert [(DeltaType.CREATE, made.uid)] == told(await follower.peek())
        await hub.facade.delete(names.ACCOUNT, made.uid or "", OPTIONS)

        assert [(DeltaType.DELETE, made.uid)] == told(await follower.follow())
        assert not await follower.follow()


@pytest.mark.parametrize("road", ROADS)
async def test_changes_that_searches_show_late_are_not_lost(road: str, clock: VirtualClock) -> None:
    """
    While searches lag behind, a change is told once they show it, and other changes in between do not hide it.
    """
    async with running_hub(clock, people=20, road=road, quirks=Quirks(search_lag=60.0)) as hub:
        follower = Follower(hub)
        await follower.begin()
        for address in addresses(hub, 4):
            await change(hub, clock, address)
            await clock.sleep(25)
            await follower.follow()
        await hub.facade.delete(names.ACCOUNT, person_id(hub, SAMPLE), OPTIONS)
        for _ in range(8):
            await follower.follow()
            await clock.sleep(15)

        assert await follower.truth() == follower.copy


@pytest.mark.parametrize("road", ROADS)
async def test_changes_of_one_instant_are_all_told(road: str, clock: VirtualClock) -> None:
    """
    Several people modified in the same millisecond are all told of, wherever the consumer stops among them.
    """
    async with running_hub(clock, people=20, road=road) as hub:
        follower = Follower(hub)
        await follower.begin()
        await clock.sleep(1)
        now = hub.sandbox.world.now()
        some = [person_at(hub, address) for address in addresses(hub, 3)]
        for person in some:
            hub.sandbox.world.put_person(structs.replace(person, title="Tied", last_modified=now))

        for _ in some:
            assert len(await follower.follow(stop_after=1)) == 1

        assert not await follower.follow()
        assert await follower.truth() == follower.copy


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_clock_that_is_wrong_loses_nothing(road: str, hours: int, clock: VirtualClock) -> None:
    """
    Whether Webex's clock is hours ahead or behind, changes are told once each.
    """
    async with running_hub(clock, people=20, road=road) as hub:
        hub.sandbox.clock._ahead = hours * 3600
        follower = Follower(hub)
        await follower.begin()
        for address in addresses(hub, 2):
            await change(hub, clock, address)
            assert [person_id(hub, address)] == [delta.uid for delta in await follower.follow()]
        await hub.facade.delete(names.ACCOUNT, person_id(hub, SAMPLE), OPTIONS)

        assert [DeltaType.DELETE] == [delta.type for delta in await follower.follow()]
        assert await follower.truth() == follower.copy
