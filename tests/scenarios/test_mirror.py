"""
A mirrored organisation: reads that cost no request, own writes seen at once, others' after a refresh; and what happens
when Webex or a write fails.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from fakes.beside import empty_database
from fakes.hub import OPTIONS, Hub, asked, facade_to, found, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.mirrors import LONG, Mirrors
from fakes.ports import MemoryJournal
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import added, removed, replaced
from webex_connector.icf.errors import AlreadyExists, Ambiguous, ConnectorError, UnknownUid
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING, And, Compare, Filter, Not, Operator, Or, Present, equals
from webex_connector.icf.options import Lane, OperationOptions, SortKey, TotalPolicy
from webex_connector.mirror.refresh import Rhythm
from webex_connector.sandbox.catalogue import MEETINGS
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE

NEW = "zoe@acme.example"
ZOE: dict[str, tuple[Any, ...]] = {"emails": (NEW,), "displayName": ("Zoë New",)}
TEAM = "Newly founded"
DISABLED = (False,)
BY_ITSELF = frozenset({"lastModified", "lastActivity", "status"})


@dataclass(frozen=True)
class House:
    """
    An organisation, its mirrored system, and a second system without a mirror: somebody else's.
    """

    hub: Hub
    mirrors: Mirrors
    other: Facade

    @property
    def facade(self) -> Facade:
        """
        The mirrored system.
        """
        return self.hub.facade

    async def refresh(self, object_class: str = names.ACCOUNT) -> None:
        """
        Refresh one picture.
        """
        assert await self.mirrors.last.refreshers[object_class].refresh()

    def quiet(self) -> None:
        """
        Forget the requests so far.
        """
        self.hub.sandbox.trace.clear()

    def requests(self) -> list[str]:
        """
        Return the requests since.
        """
        return asked(self.hub)


@asynccontextmanager
async def mirrored_house(
    clock: VirtualClock,
    *,
    people: int = 20,
    road: str = "people",
    rhythm: Rhythm = LONG,
    is_filled: bool = True,
    quirks: Quirks | None = None,
) -> AsyncIterator[House]:
    """
    Open everything, with pictures of everything.
    """
    with empty_database() as database:
        mirrors = Mirrors(database, clock, rhythm=rhythm)
        async with running_hub(clock, people=people, wrapped=mirrors, road=road, quirks=quirks) as hub:
            other = facade_to(hub.sandbox, hub.address, clock, MemoryJournal())
            try:
                if is_filled:
                    await mirrors.fill()
                house = House(hub, mirrors, other)
                house.quiet()
                yield house
            finally:
                await other.aclose()


async def _page(facade: Facade, node: Filter, options: OperationOptions) -> tuple[list[str], int]:
    search = facade.search(names.ACCOUNT, node, options)
    uids = [each.uid async for batch in search for each in batch]
    return uids, search.result.total


FILTERS: dict[str, Filter] = {
    "everybody": EVERYTHING,
    "by name": equals(names.NAME, SAMPLE.upper()),
    "by user name": equals("userName", SAMPLE),
    "disabled": Compare(names.ENABLE, Operator.EQUALS, value=False),
    "beginning and licence": And((Compare("displayName", Operator.STARTS_WITH, "j"), Present("licenses"))),
    "not the sample, or changed long ago": Or(
        (Not(equals("emails", SAMPLE)), Compare("lastModified", Operator.LESS, "2020"))
    ),
    "what is not looked up": equals("department", "Research"),
}


@pytest.mark.parametrize("road", ["people", "scim"])
@pytest.mark.parametrize("name", FILTERS)
async def test_searches_cost_no_request(name: str, road: str, clock: VirtualClock) -> None:
    """
    Whatever is looked for, the mirror brings what Webex would, in pages and in order, with totals, and asks nobody.
    """
    async with mirrored_house(clock, people=60, road=road) as house:
        expected, _ = await _page(house.other, FILTERS[name], OPTIONS)
        house.quiet()
        options = replace(OPTIONS, total_policy=TotalPolicy.EXACT)
        uids, total = await _page(house.facade, FILTERS[name], options)
        assert sorted(expected) == sorted(uids)
        assert len(expected) == total
        in_order = replace(options, sort_keys=(SortKey("displayName", ascending=False),))
        assert len(expected) == len((await _page(house.facade, FILTERS[name], in_order))[0])
        for offset in (0, 3, len(expected)):
            some = replace(options, page_size=5, offset=offset)
            assert (uids[offset : offset + 5], total) == await _page(house.facade, FILTERS[name], some)
        assert [] == house.requests()


def _inhabited(hub: Hub) -> str:
    """
    Return the name of a group that has members.
    """
    return next(each.display_name for each in hub.sandbox.world.groups.values() if each.members)


async def test_single_reads_cost_no_request(clock: VirtualClock) -> None:
    """
    A person with their groups, a group with its members, both ways round, without asking Webex.
    """
    async with mirrored_house(clock) as house:
        group, john = group_id(house.hub, _inhabited(house.hub)), person_id(house.hub, SAMPLE)
        whole = replace(OPTIONS, attributes_to_get=("displayName", "members"))
        members = (await house.facade.get(names.GROUP, group, whole)).values("members")
        groups = (await house.facade.get(names.ACCOUNT, john, replace(whole, attributes_to_get=("groups",)))).values(
            "groups"
        )
        in_it = await found(house.hub, names.ACCOUNT, equals("groups", group))
        of_john = await found(house.hub, names.GROUP, equals("members", john))
        assert [] == house.requests()
        assert (john in {each["id"] for each in members if isinstance(each, dict)}) == (group in groups)
        assert {each.uid for each in in_it} == {each["id"] for each in members if isinstance(each, dict)}
        assert {each.uid for each in of_john} == set(groups)


async def test_own_writes_are_seen_at_once(clock: VirtualClock) -> None:
    """
    What was made, changed and deleted here is found so without another request, though Webex's search lags behind.
    """
    async with mirrored_house(clock, quirks=Quirks(search_lag=30)) as house:
        uid = (await house.facade.create(names.ACCOUNT, ZOE, OPTIONS)).uid
        assert uid is not None
        house.quiet()
        assert [uid] == [each.uid for each in await found(house.hub, names.ACCOUNT, equals("userName", NEW))]
        await house.facade.update(
            names.ACCOUNT, uid, [replaced("title", "Lead"), replaced("displayName", "Zoë")], OPTIONS
        )
        house.quiet()
        (zoe,) = await found(house.hub, names.ACCOUNT, equals("displayName", "ZOË"))
        assert ("Lead",) == zoe.values("title") == (await house.facade.get(names.ACCOUNT, uid, OPTIONS)).values("title")
        assert [] == house.requests()
        await house.facade.delete(names.ACCOUNT, uid, OPTIONS)
        assert uid not in {each.uid for each in await found(house.hub, names.ACCOUNT, EVERYTHING)}
        with pytest.raises(UnknownUid):
            await house.facade.get(names.ACCOUNT, uid, OPTIONS)


async def test_memberships_are_seen_from_both_sides(clock: VirtualClock) -> None:
    """
    Whether a group or a person was written: both know at once who is in.
    """
    async with mirrored_house(clock) as house:
        group, john = group_id(house.hub, TEAM), person_id(house.hub, SAMPLE)

        async def seen() -> tuple[bool, bool]:
            house.quiet()
            members = (await house.facade.get(names.GROUP, group, OPTIONS)).values("members")
            wanted = replace(OPTIONS, attributes_to_get=("groups",))
            groups = (await house.facade.get(names.ACCOUNT, john, wanted)).values("groups")
            assert [] == house.requests()
            return john in {each["id"] for each in members if isinstance(each, dict)}, group in groups

        assert (False, False) == await seen()
        await house.facade.update(names.GROUP, group, [added("members", {"id": john})], OPTIONS)
        assert (True, True) == await seen()
        await house.facade.update(names.ACCOUNT, john, [removed("groups", group)], OPTIONS)
        assert (False, False) == await seen()
        await house.facade.update(names.ACCOUNT, john, [added("groups", group)], OPTIONS)
        assert (True, True) == await seen()
        await house.facade.delete(names.ACCOUNT, john, OPTIONS)
        house.quiet()
        assert () == (await house.facade.get(names.GROUP, group, OPTIONS)).values("members")
        assert [] == house.requests()


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_others_writes_are_seen_after_a_refresh(road: str, clock: VirtualClock) -> None:
    """
    The mirror is as old as it says; a refresh brings what somebody else made, changed and deleted.
    """
    async with mirrored_house(clock, road=road) as house:
        john, ada = person_id(house.hub, SAMPLE), person_id(house.hub, ADMIN)
        await clock.sleep(60)
        await house.other.update(names.ACCOUNT, ada, [replaced("title", "Chief")], OPTIONS)
        await house.other.delete(names.ACCOUNT, john, OPTIONS)
        made = (await house.other.create(names.ACCOUNT, ZOE, OPTIONS)).uid
        assert ("Chief",) != (await house.facade.get(names.ACCOUNT, ada, OPTIONS)).values("title")
        before = {each.object_class: each for each in await house.mirrors.last.ages()}
        await clock.sleep(60)
        await house.refresh()
        after = {each.object_class: each for each in await house.mirrors.last.ages()}
        house.quiet()
        uids = {each.uid for each in await found(house.hub, names.ACCOUNT, EVERYTHING)}
        assert ("Chief",) == (await house.facade.get(names.ACCOUNT, ada, OPTIONS)).values("title")
        assert [] == house.requests()
        assert john not in uids
        assert made in uids
        first, second = before[names.ACCOUNT].as_of, after[names.ACCOUNT].as_of
        assert first is not None
        assert second is not None
        assert timedelta(seconds=120) <= second - first
        assert len(uids) == after[names.ACCOUNT].objects


async def test_a_live_read_asks_webex(clock: VirtualClock) -> None:
    """
    Whoever asks for a live read or search has it from Webex.
    """
    async with mirrored_house(clock) as house:
        ada, live = person_id(house.hub, ADMIN), replace(OPTIONS, live=True)
        await house.other.update(names.ACCOUNT, ada, [replaced("title", "Chief")], OPTIONS)
        house.quiet()
        assert ("Chief",) == (await house.facade.get(names.ACCOUNT, ada, live)).values("title")
        uids, _ = await _page(house.facade, equals("emails", ADMIN), live)
        assert [ada] == uids
        assert ["GET /people/{id}", "GET /people"] == house.requests()


async def test_a_miss_is_verified(clock: VirtualClock) -> None:
    """
    Somebody whom the mirror does not know is looked for in Webex: once in some seconds, unless something was written.
    """
    async with mirrored_house(clock) as house:
        node = equals("emails", NEW)
        assert [] == await found(house.hub, names.ACCOUNT, node)
        assert [] == await found(house.hub, names.ACCOUNT, node)
        assert ["GET /people"] == house.requests()
        uid = (await house.other.create(names.ACCOUNT, ZOE, OPTIONS)).uid
        await clock.sleep(6)
        house.quiet()
        assert [uid] == [each.uid for each in await found(house.hub, names.ACCOUNT, node)]
        assert ["GET /people"] == house.requests()
        assert [uid] == [each.uid for each in await found(house.hub, names.ACCOUNT, node)]
        assert ["GET /people"] == house.requests()


async def test_a_read_of_nobody_is_verified(clock: VirtualClock) -> None:
    """
    An id that the mirror does not know is read in Webex, and so is somebody who was made elsewhere.
    """
    async with mirrored_house(clock) as house:
        uid = (await house.other.create(names.ACCOUNT, ZOE, OPTIONS)).uid
        assert uid is not None
        house.quiet()
        for _ in range(2):
            assert uid == (await house.facade.get(names.ACCOUNT, uid, OPTIONS)).uid
        assert ["GET /people/{id}"] == house.requests()
        await house.other.delete(names.ACCOUNT, uid, OPTIONS)
        live = replace(OPTIONS, live=True)
        with pytest.raises(UnknownUid):
            await house.facade.get(names.ACCOUNT, uid, live)


async def test_a_conflict_shows_who_is_in_the_way(clock: VirtualClock) -> None:
    """
    A create that Webex refuses, since somebody made that person elsewhere, makes the person known to the mirror.
    """
    async with mirrored_house(clock) as house:
        uid = (await house.other.create(names.ACCOUNT, ZOE, OPTIONS)).uid
        with pytest.raises(AlreadyExists):
            await house.facade.create(names.ACCOUNT, ZOE, OPTIONS)
        assert [uid] == [each.uid for each in await found(house.hub, names.ACCOUNT, equals("emails", NEW))]


async def test_an_ambiguous_write_is_looked_at(clock: VirtualClock) -> None:
    """
    When nobody knows whether a write happened, the next read asks Webex, and the one after it does not.
    """
    async with mirrored_house(clock) as house:
        john = person_id(house.hub, SAMPLE)
        house.hub.sandbox.faults.add(Fault(LoseAnswer(), to="PUT /people/{id}", times=9, must_fire=1))
        house.hub.sandbox.faults.add(Fault(Fail(503), to="GET /people/{id}", attempt=2, times=20, must_fire=1))
        with pytest.raises(Ambiguous):
            await house.facade.update(names.ACCOUNT, john, [replaced("title", "Lead")], OPTIONS)
        house.hub.sandbox.faults.clear()
        house.quiet()
        (again,) = await found(house.hub, names.ACCOUNT, equals("title", person_at(house.hub).title))
        assert john == again.uid
        assert ["GET /people/{id}"] == house.requests()
        await house.facade.get(names.ACCOUNT, john, OPTIONS)
        assert ["GET /people/{id}"] == house.requests()


async def test_a_failed_refresh_keeps_what_there_is(clock: VirtualClock) -> None:
    """
    A list that breaks off half-way is never shown: the picture, its age and the error stay.
    """
    async with mirrored_house(clock, people=40, quirks=Quirks(people_page_cap=10)) as house:
        house.hub.sandbox.faults.add(Fault(Fail(503), to="GET /people", page=2, times=99, must_fire=1))
        (before,) = [each for each in await house.mirrors.last.ages() if each.object_class == names.ACCOUNT]
        with pytest.raises(ConnectorError):
            await house.mirrors.last.refreshers[names.ACCOUNT].refresh(whole=True)
        (after,) = [each for each in await house.mirrors.last.ages() if each.object_class == names.ACCOUNT]
        house.quiet()
        assert before.objects == after.objects == len(await found(house.hub, names.ACCOUNT, EVERYTHING))
        assert before.as_of == after.as_of
        assert after.error is not None
        assert [] == house.requests()


async def test_an_empty_or_old_mirror_asks_webex(clock: VirtualClock) -> None:
    """
    Before it is filled, and when it could not be refreshed for too long, reads go to Webex; nobody gets an empty list.
    """
    rhythm = Rhythm(stale_after=timedelta(hours=1))
    async with mirrored_house(clock, rhythm=rhythm, is_filled=False) as house:
        everybody = {each.uid for each in await found(house.hub, names.ACCOUNT, EVERYTHING)}
        assert ["GET /people"] == house.requests()
        assert everybody
        await house.mirrors.fill()
        house.quiet()
        assert everybody == {each.uid for each in await found(house.hub, names.ACCOUNT, EVERYTHING)}
        assert [] == house.requests()
        await clock.sleep(3601)
        assert everybody == {each.uid for each in await found(house.hub, names.ACCOUNT, EVERYTHING)}
        assert ["GET /people"] == house.requests()


@pytest.mark.parametrize(
    ("attribute", "value", "requests"),
    [
        (names.ENABLE, False, ["PATCH"]),
        ("title", "Lead", ["PATCH"]),
        ("department", "Research", ["PATCH"]),
        ("displayName", "John R.", ["PATCH", "GET"]),
    ],
)
async def test_a_change_is_one_request(clock: VirtualClock, attribute: str, value: Any, requests: list[str]) -> None:
    """
    Where nothing follows from it that only Webex could tell. What the result, and the mirror, say of the person then is
    what Webex says.
    """
    async with mirrored_house(clock, road="scim") as house:
        uid = person_id(house.hub, SAMPLE)
        # The road is found once, and whose the token is.
        await house.facade.test(OPTIONS)
        await house.facade.update(names.ACCOUNT, uid, [replaced("title", "Head")], OPTIONS)
        house.quiet()
        result = await house.facade.update(names.ACCOUNT, uid, [replaced(attribute, value)], OPTIONS)
        assert [each.split()[0] for each in house.requests()] == requests
        house.quiet()
        shown = await house.facade.get(names.ACCOUNT, uid, OPTIONS)
        assert house.requests() == []
        live = await house.other.get(names.ACCOUNT, uid, OPTIONS)
        assert result.after is not None
        for name in live.attributes.keys() - BY_ITSELF:
            assert result.after.values(name) == shown.values(name) == live.values(name)


async def test_what_comes_along_with_a_licence_is_seen(clock: VirtualClock) -> None:
    """
    A run gives a licence in one request, whose answer shows all that the person has now; nothing is read.
    """
    async with mirrored_house(clock) as house:
        uid, meetings = person_id(house.hub, SAMPLE), license_id(house.hub, MEETINGS)
        await house.facade.update(names.ACCOUNT, uid, [added("licenses", meetings)], replace(OPTIONS, lane=Lane.BULK))
        shown = await house.facade.get(names.ACCOUNT, uid, OPTIONS)
        assert house.requests() == ["PATCH /licenses/users"]
        live = await house.other.get(names.ACCOUNT, uid, OPTIONS)
        assert meetings in shown.values("licenses")
        assert set(shown.values("licenses")) == set(live.values("licenses"))


async def test_who_is_invited_is_looked_at(clock: VirtualClock) -> None:
    """
    SCIM says that they are inactive now; Webex has not disabled them, and nobody shall believe it has.
    """
    async with mirrored_house(clock, road="scim") as house:
        made = await house.facade.create(
            names.ACCOUNT, {"emails": ("zoe@acme.example",), "displayName": ("Z",)}, OPTIONS
        )
        uid = made.uid or ""
        live = await house.other.get(names.ACCOUNT, uid, OPTIONS)
        assert live.values("invitePending") == (True,)
        await house.facade.update(names.ACCOUNT, uid, [replaced(names.ENABLE, *DISABLED)], OPTIONS)
        shown = await house.facade.get(names.ACCOUNT, uid, OPTIONS)
        live = await house.other.get(names.ACCOUNT, uid, OPTIONS)
        assert shown.values(names.ENABLE) == live.values(names.ENABLE)
