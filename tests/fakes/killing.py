"""
A platform's call that is killed at every point, and what the platform asks next; the checker that compares the world
with an undisturbed one.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fakes.hub import OPTIONS
from fakes.mortal import Death, Gate, deaths, lived
from fakes.ports import Entry, MemoryJournal
from fakes.virtual_time import VirtualClock
from webex_connector.icf.attributes import Attributes, replaced
from webex_connector.icf.errors import AlreadyExists, UnknownUid
from webex_connector.icf.facade import Facade
from webex_connector.sandbox import server
from webex_connector.sandbox.faults import Fault
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.world import World, folded

Asking = Callable[[Facade], Awaitable[object]]
"""
What a platform asks of a system.
"""


@dataclass(frozen=True)
class Plan:
    """
    What a platform asks, and what it asks when it saw no end of that.
    """

    call: Asking
    again: Asking


@dataclass(frozen=True)
class Story:
    """
    A plan for an organisation of so many people, whose requests these faults befall.
    """

    plan: Callable[[World], Plan]
    people: int = 6
    faults: tuple[Fault, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of the connector, beside the usual ones."""


def creating(object_class: str, attributes: Attributes) -> Plan:
    """
    Make an object; to repair that, make it again, and if it is there give it everything it was to have.
    """

    async def call(facade: Facade) -> None:
        await facade.create(object_class, attributes, OPTIONS)

    async def again(facade: Facade) -> None:
        try:
            await call(facade)
        except AlreadyExists as there:
            deltas = [replaced(name, *values) for name, values in attributes.items()]
            await facade.update(object_class, there.uid or "", deltas, OPTIONS)

    return Plan(call, again)


def deleting(object_class: str, uid: str) -> Plan:
    """
    Delete an object; to repair that, delete it again, and be content if it is gone.
    """

    async def call(facade: Facade) -> None:
        await facade.delete(object_class, uid, OPTIONS)

    async def again(facade: Facade) -> None:
        try:
            await call(facade)
        except UnknownUid:
            return

    return Plan(call, again)


def repeated(call: Asking) -> Plan:
    """
    Return the plan of a call that is repaired by being made again.
    """
    return Plan(call, call)


def picture(world: World) -> tuple[list[object], list[object], list[object], dict[str, int]]:
    """
    Return the world without what two runs may differ in: new identifiers, moments, the order of licences and members.
    """
    people = [msgspec.structs.astuple(_timeless(person)) for _, person in world.people()]
    groups = [
        (group.display_name, group.description, sorted(_address(world, uuid) for uuid in group.members))
        for group in world.groups.values()
    ]
    teams = [
        (
            team.name,
            team.description,
            sorted((_address(world, uuid), each.is_moderator) for uuid, each in team.members.items()),
        )
        for team in world.teams.values()
    ]
    consumed = {key: n for key, n in world.consumed.items() if n}
    return sorted(people, key=str), sorted(groups, key=str), sorted(teams, key=str), consumed


def _timeless(person: Person) -> Person:
    licenses = tuple(sorted(person.licenses))
    return msgspec.structs.replace(person, uuid="", created=0, last_modified=0, licenses=licenses)


def _address(world: World, uuid: str) -> str:
    person = world.person(uuid)
    assert person is not None, "a group has a member who is nobody"
    return folded(person.email)


async def killed_everywhere(story: Story, clock: VirtualClock, road: str = "people") -> int:
    """
    Kill the call at every point, ask again each time, and return how often it was killed.

    Raises AssertionError when the call changes nothing, when the world afterwards is not that of an undisturbed call,
    or when the journal does not show the write that nobody saw the end of.
    """
    requests, wanted = await undisturbed(story, clock, road)
    points = list(deaths(requests))
    for death in points:
        await _killed_once(story, death, wanted, clock, road)
    return len(points)


async def undisturbed(story: Story, clock: VirtualClock, road: str = "people") -> tuple[int, object]:
    """
    Let the call be made in peace; return how many requests it takes, and the picture of the world afterwards.
    """
    gate, journal = organisation(story, clock), MemoryJournal()
    plan = story.plan(gate.sandbox.world)
    before = picture(gate.sandbox.world)
    async with server.serving(gate) as address:
        await lived(gate, address, clock, journal, plan.call, road=road, **story.settings)
        gate.sandbox.faults.verify()
    wanted = picture(gate.sandbox.world)
    assert before != wanted, "undisturbed, the call changes nothing"
    assert all(entry.end is not None for entry in journal.entries)
    return gate.requests, wanted


async def _killed_once(story: Story, death: Death, wanted: object, clock: VirtualClock, road: str) -> None:
    gate, journal = organisation(story, clock), MemoryJournal()
    plan = story.plan(gate.sandbox.world)
    async with server.serving(gate) as address:
        await lived(gate, address, clock, journal, plan.call, death, road=road, **story.settings)
        assert gate.dead, f"{death} did not come"
        first = list(journal.entries)
        _check_journal(first, death)
        await lived(gate, address, clock, journal, plan.again, road=road, **story.settings)
    assert wanted == picture(gate.sandbox.world), f"killed at {death}, and not repaired"
    _check_journal(first, death)
    later = journal.entries[len(first) :]
    assert later, "the repair is no write"
    assert all(entry.end is not None for entry in later), "the repair has no end"


def _check_journal(entries: list[Entry], death: Death) -> None:
    assert entries, f"killed at {death}, and no trace in the journal"
    assert any(entry.end is None for entry in entries), f"killed at {death}, and the journal takes it for ended"


def organisation(story: Story, clock: VirtualClock) -> Gate:
    """
    Return the organisation in which the story happens, as it is before.
    """
    sandbox = Sandbox(people=story.people, clock=clock)
    for fault in story.faults:
        sandbox.faults.add(fault)
    return Gate(sandbox)
