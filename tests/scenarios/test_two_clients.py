"""
Two clients that know nothing of each other change one person, or one group, at the same time.

SCIM, licences and memberships change what is named, so both changes stay. The people API replaces the whole person and
has no condition for that (https://developer.webex.com/docs/api/v1/people): there what the other one wrote between our
reading and our writing is lost, and neither can see it. A repetition is never built on what was read before it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from fakes.hub import OPTIONS, Hub, facade_to, running_hub
from fakes.hub_people import groups_of, person_at
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.ports import MemoryJournal
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.facade import Facade
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX, MESSAGING
from webex_connector.sandbox.faults import Delay, Fault, LoseAnswer, Reset
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE

EMPTY = "Newly founded"
PUT, PATCH, LICENSE, GROUP = "PUT /people/{id}", "PATCH /Users/{id}", "PATCH /licenses/users", "PATCH /groups/{id}"


@asynccontextmanager
async def _two(clock: VirtualClock, road: str) -> AsyncIterator[tuple[Hub, Facade]]:
    """
    Run an organisation with two clients, each of which has found its road.
    """
    async with running_hub(clock, people=6, road=road) as hub:
        other = facade_to(hub.sandbox, hub.address, clock, MemoryJournal(), road=road)
        try:
            await hub.facade.test(OPTIONS)
            await other.test(OPTIONS)
            yield hub, other
        finally:
            await other.aclose()


def _john(facade: Facade, hub: Hub, *deltas: AttributeDelta) -> Awaitable[object]:
    return facade.update(names.ACCOUNT, person_id(hub, SAMPLE), deltas, OPTIONS)


async def _meanwhile(
    clock: VirtualClock, hub: Hub, fault: Fault, first: Awaitable[object], second: Awaitable[object]
) -> None:
    """
    Let the first write wait at the gate of Webex while the second is made from beginning to end.
    """
    hub.sandbox.faults.add(fault)
    waiting = asyncio.ensure_future(first)
    await clock.sleep(5)
    await second
    await waiting
    hub.sandbox.faults.verify()


@dataclass(frozen=True)
class Case:
    """
    Two changes of John, the request of the first one that waits, and what both of them come to.
    """

    road: str
    request: str
    first: Callable[[Hub], AttributeDelta]
    second: Callable[[Hub], AttributeDelta]
    seen: Callable[[Hub, Person], object]
    expected: Callable[[Hub, Person], object]
    """From John as he was before."""


def _title(_hub: Hub) -> AttributeDelta:
    return replaced("title", "Tester")


def _department(_hub: Hub) -> AttributeDelta:
    return replaced("department", "Quality")


def _work(_hub: Hub) -> AttributeDelta:
    return added("phoneNumbers", {"type": "mobile", "value": "+4930111111"})


def _fax(_hub: Hub) -> AttributeDelta:
    return added("phoneNumbers", {"type": "fax", "value": "+4930222222"})


BOTH_KEPT = {
    "two attributes by SCIM": Case(
        "scim",
        PATCH,
        _title,
        _department,
        lambda _, john: (john.title, john.department),
        lambda _hub, _john: ("Tester", "Quality"),
    ),
    "two values of one list by SCIM": Case(
        "scim",
        PATCH,
        _work,
        _fax,
        lambda _, john: {each.value for each in john.phones},
        lambda _, john: {each.value for each in john.phones} | {"+4930111111", "+4930222222"},
    ),
    "two licences": Case(
        "people",
        LICENSE,
        lambda hub: added("licenses", license_id(hub, CALL_ON_WEBEX)),
        lambda hub: added("licenses", license_id(hub, MESSAGING)),
        lambda _, john: {CALL_ON_WEBEX, MESSAGING} <= set(john.licenses),
        lambda _hub, _john: True,
    ),
    "a licence and a title by SCIM": Case(
        "scim",
        PATCH,
        _title,
        lambda hub: added("licenses", license_id(hub, CALL_ON_WEBEX)),
        lambda _, john: (john.title, CALL_ON_WEBEX in john.licenses),
        lambda _hub, _john: ("Tester", True),
    ),
    "a group and a title": Case(
        "people",
        PUT,
        _title,
        lambda hub: added("groups", group_id(hub, EMPTY)),
        lambda hub, john: (john.title, EMPTY in groups_of(hub, john)),
        lambda _hub, _john: ("Tester", True),
    ),
}


@pytest.mark.parametrize("name", BOTH_KEPT)
async def test_what_both_clients_write_stays(name: str, clock: VirtualClock) -> None:
    """
    The second client is done before the first one's write arrives; nothing of either is lost.
    """
    case = BOTH_KEPT[name]
    async with _two(clock, case.road) as (hub, other):
        expected = case.expected(hub, person_at(hub))
        first, second = _john(hub.facade, hub, case.first(hub)), _john(other, hub, case.second(hub))
        await _meanwhile(clock, hub, Fault(Delay(20), to=case.request), first, second)

        assert expected == case.seen(hub, person_at(hub))


@pytest.mark.parametrize(("road", "request_"), [("people", PUT), ("scim", PATCH)])
async def test_of_two_values_the_last_one_to_arrive_stays(road: str, request_: str, clock: VirtualClock) -> None:
    """
    Both clients set the title; whose request Webex carries out last, has its way on either road.
    """
    async with _two(clock, road) as (hub, other):
        first = _john(hub.facade, hub, replaced("title", "First"))
        second = _john(other, hub, replaced("title", "Second"))
        await _meanwhile(clock, hub, Fault(Delay(20), to=request_), first, second)

        assert "First" == person_at(hub).title


async def test_a_replacement_overwrites_what_came_in_between(clock: VirtualClock) -> None:
    """
    On the people road the other client's department and licence are lost: it is why SCIM is the better road.
    """
    async with _two(clock, "people") as (hub, other):
        before = person_at(hub)
        first = _john(hub.facade, hub, _title(hub))
        second = _john(other, hub, _department(hub), added("licenses", license_id(hub, CALL_ON_WEBEX)))
        await _meanwhile(clock, hub, Fault(Delay(20), to=PUT), first, second)

        after = person_at(hub)
        assert ("Tester", before.department, before.licenses) == (after.title, after.department, after.licenses)


@pytest.mark.parametrize("effect", [Reset(), LoseAnswer()], ids=["reset", "answer lost"])
async def test_a_repeated_replacement_is_built_on_what_is_there(
    effect: Reset | LoseAnswer, clock: VirtualClock
) -> None:
    """
    The first try got no answer, the other client changed the person, and the repetition keeps that change.
    """
    async with _two(clock, "people") as (hub, other):
        hub.sandbox.faults.add(Fault(effect, to=PUT))
        first = _john(hub.facade, hub, _title(hub))
        # The look after the failure waits, and it is then that the other client writes.
        look = Fault(Delay(20), to="GET /people/{id}", attempt=2)
        await _meanwhile(clock, hub, look, first, _john(other, hub, _department(hub)))

        assert ("Tester", "Quality") == (person_at(hub).title, person_at(hub).department)


async def test_members_of_two_clients_are_all_in(clock: VirtualClock) -> None:
    """
    A list of members is never rewritten, not even by a replacement of it.
    """
    async with _two(clock, "people") as (hub, other):
        group = group_id(hub, EMPTY)
        ada, john = person_id(hub, ADMIN), person_id(hub, SAMPLE)
        first = hub.facade.update(names.GROUP, group, [replaced("members", {"id": ada})], OPTIONS)
        second = other.update(names.GROUP, group, [added("members", {"id": john})], OPTIONS)
        await _meanwhile(clock, hub, Fault(Delay(20), to=GROUP), first, second)

        members = next(each.members for each in hub.sandbox.world.groups.values() if each.display_name == EMPTY)
        assert {ada, john} == {rendering.person_id(uuid) for uuid in members}


async def test_a_value_taken_away_by_name_was_there_when_we_looked(clock: VirtualClock) -> None:
    """
    Taking a title away by SCIM looks first: the other client's new title, already there, is not the one named.
    """
    async with _two(clock, "scim") as (hub, other):
        before = person_at(hub).title or "none"
        first = _john(hub.facade, hub, removed("title", before))
        second = _john(other, hub, replaced("title", "Second"))
        await _meanwhile(clock, hub, Fault(Delay(20), to="GET /Users/{id}"), first, second)

        assert "Second" == person_at(hub).title
