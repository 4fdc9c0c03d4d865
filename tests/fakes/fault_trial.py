"""
One operation under a fault schedule, and the checker that compares what came of it with the world.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import msgspec

from fakes.fault_kinds import End, Schedule
from fakes.hub import OPTIONS, Hub, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.ports import Done, Failed
from webex_connector.sandbox import rendering
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.world import World, folded

LONG_AFTER = 600.0
"""
Seconds after which whatever was delayed has arrived.
"""

Facts = Mapping[str, frozenset[str]]
"""
What a test looks at, by the attribute's name: its values. `there` holds the places at which the subject was found.
"""


class Subject(Protocol):
    """
    Whom or what a write is about.
    """

    def facts(self, world: World) -> Facts:
        """
        Return what the world knows about it.
        """
        ...

    def others(self, world: World) -> object:
        """
        Return everything in the world beside it.
        """
        ...


@dataclass(frozen=True)
class Person:
    """
    Whoever has that address.
    """

    address: str

    def facts(self, world: World) -> Facts:
        """
        Return what the world knows about the person.
        """
        found = [(place, each) for place, each in world.people() if folded(each.email) == folded(self.address)]
        uuids = {each.uuid for _, each in found}
        return {
            "there": frozenset(str(number) for number, _ in enumerate(found, start=1)),
            "title": frozenset(each.title for _, each in found if each.title),
            "licenses": frozenset(rendering.license_id(world, key) for _, each in found for key in each.licenses),
            "groups": frozenset(
                rendering.group_id(world, group) for group in world.groups.values() if uuids & group.members.keys()
            ),
        }

    def others(self, world: World) -> object:
        """
        Return everything in the world that is not the person's.
        """
        mine = {each.uuid for _, each in world.people() if folded(each.email) == folded(self.address)}
        people = [msgspec.structs.replace(each, last_modified=0) for _, each in world.people() if each.uuid not in mine]
        groups = {
            uuid: (group.display_name, group.description, frozenset(group.members) - mine)
            for uuid, group in world.groups.items()
        }
        return people, groups


@dataclass(frozen=True)
class Team:
    """
    Every group of that name.
    """

    name: str

    def facts(self, world: World) -> Facts:
        """
        Return what the world knows about the group.
        """
        found = [group for group in world.groups.values() if group.display_name == self.name]
        return {
            "there": frozenset(str(number) for number, _ in enumerate(found, start=1)),
            "description": frozenset(group.description for group in found if group.description),
            "members": frozenset(rendering.person_id(uuid) for group in found for uuid in group.members),
        }

    def others(self, world: World) -> object:
        """
        Return everything in the world but the group.
        """
        groups = {
            uuid: (group.display_name, group.description, frozenset(group.members))
            for uuid, group in world.groups.items()
            if group.display_name != self.name
        }
        return [each for _, each in world.people()], groups


@dataclass(frozen=True)
class Operation:
    """
    A write: whom it is about, how it is asked for, and what it makes of the facts.
    """

    subject: Subject
    run: Callable[[Hub, OperationOptions], Awaitable[WriteResult]]
    wanted: Callable[[World], Facts]
    """The facts that become others."""

    writes: int = 1
    """How many changes Webex counts when nothing goes wrong."""

    people: int = 6
    quirks: Quirks = field(default_factory=Quirks)
    road: str = "people"
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Of the connector, beside the usual ones."""

    before: Callable[[World], None] = lambda _world: None
    """What happened in the organisation before."""


@dataclass(frozen=True)
class Outcome:
    """
    What came of a trial.
    """

    old: Facts
    wanted: Facts
    new: Facts
    others_kept: bool
    writes: int
    result: WriteResult | None
    error: ConnectorError | None


async def tried(
    operation: Operation,
    schedule: Schedule,
    clock: VirtualClock,
    tamper: Callable[[Hub], None] = lambda _hub: None,
) -> None:
    """
    Run the operation under the schedule and wait until nothing is on its way any more.

    Raises AssertionError with whatever is not as it must be. `tamper` is for planting mistakes in the connector.
    """
    async with running_hub(
        clock, people=operation.people, quirks=operation.quirks, road=operation.road, **operation.settings
    ) as hub:
        tamper(hub)
        world, subject = hub.sandbox.world, operation.subject
        operation.before(world)
        began = world.writes
        old, others = subject.facts(world), subject.others(world)
        wanted = {**old, **operation.wanted(world)}
        for fault in schedule.faults:
            hub.sandbox.faults.add(fault)
        deadline = None if schedule.seconds is None else clock.monotonic() + schedule.seconds
        result = error = None
        try:
            result = await operation.run(hub, replace(OPTIONS, deadline=deadline))
        except ConnectorError as raised:
            error = raised
        await clock.sleep(LONG_AFTER)
        kept = subject.others(world) == others
        outcome = Outcome(old, wanted, subject.facts(world), kept, world.writes - began, result, error)
        hub.sandbox.faults.verify()
        _check_end(schedule.end, outcome)
        _check_world(schedule, operation, outcome)
        _check_shown(schedule.end, outcome)
        _check_journal(hub, outcome)


def _check_end(end: End, outcome: Outcome) -> None:
    if outcome.error is not None:
        assert end.error is type(outcome.error), f"raised {outcome.error!r}, expected {end}"
        return
    assert outcome.result is not None
    assert end.error is None, f"returned {outcome.result}, expected {end}"
    missed = {each.attribute for each in outcome.result.not_applied}
    assert end.missed == missed, f"not applied: {outcome.result.not_applied}, expected {end}"


def _check_world(schedule: Schedule, operation: Operation, outcome: Outcome) -> None:
    assert outcome.others_kept, "somebody else was changed"
    end = schedule.end
    for name, old in outcome.old.items():
        expected = outcome.wanted[name] if end.puts_in_place(name) else old
        assert expected == outcome.new[name], f"{name} is {outcome.new[name]}, expected {expected}"
    if end == End():
        assert operation.writes + schedule.more == outcome.writes, f"{outcome.writes} changes were made"
    if end.error is not None and end.error is not Ambiguous:
        assert outcome.writes == 0, f"{outcome.writes} changes were made before {outcome.error!r}"


def _check_shown(end: End, outcome: Outcome) -> None:
    if outcome.result is None or outcome.result.after is None or not outcome.new["there"]:
        return
    after = outcome.result.after
    for name in (outcome.new.keys() & after.attributes.keys()) - end.late:
        values = after.values(name)
        shown = frozenset(str(each["id"]) if isinstance(each, Mapping) else str(each) for each in values)
        assert outcome.new[name] == shown, f"the result shows {name} as {shown}, the world has {outcome.new[name]}"


def _check_journal(hub: Hub, outcome: Outcome) -> None:
    assert len(hub.journal.entries) == 1, "one write is one entry"
    end = hub.journal.entries[0].end
    if outcome.result is not None:
        assert end == Done(outcome.result), f"the journal says {end}"
        return
    assert isinstance(end, Failed), f"the journal says {end}"
    assert end.ambiguous == isinstance(outcome.error, Ambiguous), f"the journal says {end}"
