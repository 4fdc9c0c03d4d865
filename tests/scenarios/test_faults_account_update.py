"""
Changing a person while one request or two go wrong.
"""

import asyncio
from collections.abc import Sequence

import pytest

from fakes.fault_kinds import FIRST_READ, Schedule, Step, at, fails, partly, unclear
from fakes.fault_trial import Facts, Operation, Person, tried
from fakes.hub import OPTIONS, Hub, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, replaced
from webex_connector.icf.errors import ConnectionBroken, InvalidAttributeValue, PermissionDenied, Throttled
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.faults import Delay, Fail, Fault, LoseAnswer, Reset, Throttle, WrongJson
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.sandbox.world import World

READ, PUT, LICENSE, GROUP, WALK = (
    "GET /people/{id}",
    "PUT /people/{id}",
    "PATCH /licenses/users",
    "PATCH /groups/{id}",
    "GET /groups",
)
MADE_AGAIN = frozenset({"too slow", "answer lost", "half an answer", "not JSON", "no object", "failed but applied"})


def _uid(world: World) -> str:
    person = world.person_at(SAMPLE)
    assert person is not None
    return rendering.person_id(person.uuid)


def _group(world: World, name: str = "Newly founded") -> str:
    return next(rendering.group_id(world, each) for each in world.groups.values() if each.display_name == name)


def _license(world: World) -> str:
    return rendering.license_id(world, CALL_ON_WEBEX)


async def _update(hub: Hub, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
    return await hub.facade.update(names.ACCOUNT, _uid(hub.sandbox.world), deltas, options)


async def _retitle(hub: Hub, options: OperationOptions) -> WriteResult:
    return await _update(hub, [replaced("title", "Tester")], options)


async def _license_more(hub: Hub, options: OperationOptions) -> WriteResult:
    return await _update(hub, [added("licenses", _license(hub.sandbox.world))], options)


async def _join(hub: Hub, options: OperationOptions) -> WriteResult:
    return await _update(hub, [added("groups", _group(hub.sandbox.world))], options)


async def _regroup(hub: Hub, options: OperationOptions) -> WriteResult:
    return await _update(hub, [replaced("groups", _group(hub.sandbox.world))], options)


async def _everything(hub: Hub, options: OperationOptions) -> WriteResult:
    world = hub.sandbox.world
    deltas = [replaced("title", "Tester"), added("licenses", _license(world)), added("groups", _group(world))]
    return await _update(hub, deltas, options)


def _titled(_world: World) -> Facts:
    return {"title": frozenset({"Tester"})}


def _licensed(world: World) -> Facts:
    return {"licenses": Person(SAMPLE).facts(world)["licenses"] | {_license(world)}}


def _grouped(world: World) -> Facts:
    return {"groups": frozenset({_group(world)})}


def _all(world: World) -> Facts:
    return {**_titled(world), **_licensed(world), **_grouped(world)}


JOHN = Person(SAMPLE)
RETITLING = Operation(JOHN, _retitle, _titled)
ANSWERED_204 = Operation(JOHN, _retitle, _titled, quirks=Quirks(put_status=204))
LICENSING = Operation(JOHN, _license_more, _licensed)
JOINING = Operation(JOHN, _join, _grouped)
REGROUPING = Operation(JOHN, _regroup, _grouped)
EVERYTHING = Operation(JOHN, _everything, _all, writes=3)

LOST = Fault(LoseAnswer(), to=PUT)
RESET = Fault(Reset(), to=PUT)
LOOK_FAILS_AFTER = dict.fromkeys(FIRST_READ, unclear("title"))
LOOK_FAILS_BEFORE = dict.fromkeys(FIRST_READ, unclear())

STEPS = [
    (RETITLING, Step(at(READ), FIRST_READ)),
    # A replacement that arrives late writes the same once more.
    (RETITLING, Step(at(PUT), twice=frozenset({"too slow"}))),
    (RETITLING, Step(at(READ, attempt=2), LOOK_FAILS_AFTER, before=(LOST,), name="PUT lost, then GET")),
    (RETITLING, Step(at(READ, attempt=2), LOOK_FAILS_BEFORE, before=(RESET,), name="PUT reset, then GET")),
    (ANSWERED_204, Step(at(PUT), twice=frozenset({"too slow"}), name="PUT answered 204")),
    (ANSWERED_204, Step(at(READ, attempt=2), name="PUT answered 204, then GET")),
    (LICENSING, Step(at(LICENSE))),
    (JOINING, Step(at(GROUP), twice=MADE_AGAIN)),
    (REGROUPING, Step(at(WALK), FIRST_READ)),
    (REGROUPING, Step(at(GROUP), twice=MADE_AGAIN, name="PATCH /groups/{id} after the walk")),
]

FOR_GOOD = 9
COMBINED = [
    (RETITLING, Schedule("PUT fails for good", (Fault(Fail(500), to=PUT, times=3),), fails(ConnectionBroken))),
    (RETITLING, Schedule("PUT refused", (Fault(Fail(400), to=PUT),), fails(InvalidAttributeValue))),
    (RETITLING, Schedule("PUT forbidden", (Fault(Fail(403), to=PUT),), fails(PermissionDenied))),
    (RETITLING, Schedule("PUT throttled beyond patience", (Fault(Throttle(600), to=PUT),), fails(Throttled))),
    (RETITLING, Schedule("PUT locked for good", (Fault(Fail(423), to=PUT, times=5),), fails(Throttled))),
    (RETITLING, Schedule("PUT reset for good", (Fault(Reset(), to=PUT, times=3),), unclear())),
    (
        RETITLING,
        Schedule("PUT reset, then forbidden", (RESET, Fault(Fail(403), to=PUT, attempt=2)), unclear()),
    ),
    (
        RETITLING,
        Schedule(
            "PUT lost, then looking fails for good",
            (LOST, Fault(Fail(503), to=READ, attempt=2, times=FOR_GOOD, must_fire=1)),
            unclear("title"),
        ),
    ),
    (
        RETITLING,
        Schedule(
            "GET shows a person without a name",
            (Fault(WrongJson('{"id": "x", "emails": ["john@example.wbx.ai"]}'), to=READ),),
            fails(ConnectionBroken),
        ),
    ),
    (LICENSING, Schedule("licences fail for good", (Fault(Fail(500), to=LICENSE, times=3),), fails(ConnectionBroken))),
    (LICENSING, Schedule("licences refused", (Fault(Fail(400), to=LICENSE),), fails(InvalidAttributeValue))),
    (LICENSING, Schedule("licences reset for good", (Fault(Reset(), to=LICENSE, times=3),), unclear())),
    (
        LICENSING,
        Schedule(
            "licences lost, then looking fails",
            (Fault(LoseAnswer(), to=LICENSE), Fault(Fail(500), to=READ, attempt=2)),
            unclear("licenses"),
        ),
    ),
    (JOINING, Schedule("group fails for good", (Fault(Fail(500), to=GROUP, times=3),), fails(ConnectionBroken))),
    (JOINING, Schedule("group refused", (Fault(Fail(400), to=GROUP),), fails(InvalidAttributeValue))),
    (JOINING, Schedule("group not found", (Fault(Fail(404), to=GROUP),), fails(InvalidAttributeValue))),
    (JOINING, Schedule("group reset for good", (Fault(Reset(), to=GROUP, times=3),), unclear())),
    (JOINING, Schedule("group lost for good", (Fault(LoseAnswer(), to=GROUP, times=3),), more=2)),
    (
        JOINING,
        Schedule(
            "group lost for good, then looking fails",
            (Fault(LoseAnswer(), to=GROUP, times=3), Fault(Fail(500), to="GET /groups/{id}")),
            unclear("groups"),
        ),
    ),
    (EVERYTHING, Schedule("everything, PUT refused", (Fault(Fail(400), to=PUT),), fails(InvalidAttributeValue))),
    (EVERYTHING, Schedule("everything, licences refused", (Fault(Fail(400), to=LICENSE),), partly("licenses"))),
    (
        EVERYTHING,
        Schedule("everything, licences fail for good", (Fault(Fail(500), to=LICENSE, times=3),), partly("licenses")),
    ),
    (EVERYTHING, Schedule("everything, group refused", (Fault(Fail(400), to=GROUP),), partly("groups"))),
    (
        EVERYTHING,
        Schedule(
            "everything, licences forbidden and group throttled",
            (Fault(Fail(403), to=LICENSE), Fault(Throttle(600), to=GROUP)),
            partly("licenses", "groups"),
        ),
    ),
    (EVERYTHING, Schedule("everything, each answer lost", (LOST, Fault(LoseAnswer(), to=LICENSE)))),
]

SCHEDULES = [*((operation, each) for operation, step in STEPS for each in step.schedules()), *COMBINED]


@pytest.mark.parametrize(
    ("operation", "schedule"),
    [pytest.param(operation, each, id=f"update/{each.name}") for operation, each in SCHEDULES],
)
async def test_change_is_made_once_or_the_failure_is_told(
    operation: Operation,
    schedule: Schedule,
    clock: VirtualClock,
) -> None:
    """
    What is said to be changed is changed, what is said to be missed is as it was, and nothing else is touched.
    """
    await tried(operation, schedule, clock)


async def test_two_changes_at_once_do_not_undo_each_other(clock: VirtualClock) -> None:
    """
    The first replacement is slow; the second change waits for it and builds on it.
    """
    async with running_hub(clock, people=6) as hub:
        hub.sandbox.faults.add(Fault(Delay(20), to=PUT))
        first = asyncio.create_task(_retitle(hub, OPTIONS))
        await clock.sleep(5)
        await _update(hub, [replaced("department", "Quality")], OPTIONS)
        await first
        hub.sandbox.faults.verify()

        person = hub.sandbox.world.person_at(SAMPLE)
        assert person is not None
        assert ("Tester", "Quality") == (person.title, person.department)
        assert 2 == hub.sandbox.world.writes
