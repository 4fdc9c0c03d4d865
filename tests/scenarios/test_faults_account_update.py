"""
Changing a person while one request or two go wrong.
"""

import asyncio

import msgspec
import pytest

from fakes.fault_kinds import FIRST_READ, Schedule, Step, at, fails, partly, unclear
from fakes.fault_operations import (
    EVERYTHING,
    JOINING,
    LICENSING,
    REGROUPING,
    RETITLING,
    RETITLING_UNSEEN,
    john,
    retitle_person,
    update_person,
)
from fakes.fault_trial import Operation, tried
from fakes.hub import OPTIONS, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import (
    ConnectionBroken,
    InvalidAttributeValue,
    OperationTimeout,
    PermissionDenied,
    Throttled,
)
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Delay, Fail, Fault, LoseAnswer, Reset, Throttle, WrongJson
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE

READ, PUT, LICENSE, GROUP, WALK = (
    "GET /people/{id}",
    "PUT /people/{id}",
    "PATCH /licenses/users",
    "PATCH /groups/{id}",
    "GET /groups",
)
MADE_AGAIN = frozenset({"too slow", "answer lost", "half an answer", "not JSON", "no object", "failed but applied"})


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
    (RETITLING_UNSEEN, Step(at(PUT), twice=frozenset({"too slow"}), name="PUT answered 204")),
    (RETITLING_UNSEEN, Step(at(READ, attempt=2), name="PUT answered 204, then GET")),
    (LICENSING, Step(at(LICENSE))),
    (JOINING, Step(at(GROUP), twice=MADE_AGAIN)),
    (REGROUPING, Step(at(WALK), FIRST_READ)),
    (REGROUPING, Step(at(GROUP), twice=MADE_AGAIN, name="PATCH /groups/{id} after the walk")),
]

FOR_GOOD = 9
SOMEBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-f5c6a09e7b24")
STRANGER = f'{{"id": "{SOMEBODY}", "emails": ["x@acme.example"], "displayName": "Some Body"}}'
NAMELESS = f'{{"id": "{john(Sandbox(people=6).world)}", "emails": ["{SAMPLE}"]}}'
"""
The organisation is the same for the same number of people.
"""
COMBINED = [
    (RETITLING, Schedule("no time at all", (), fails(OperationTimeout), seconds=0)),
    (RETITLING, Schedule("time is up before GET", (Fault(Delay(20), to=READ),), fails(ConnectionBroken), seconds=5)),
    (
        RETITLING,
        Schedule("time is up, but not for the answer", (Fault(Delay(20), to=PUT),), seconds=5),
    ),
    (
        RETITLING,
        Schedule(
            "time is up before PUT",
            (Fault(Delay(4), to=READ), Fault(Throttle(10), to=PUT)),
            fails(Throttled),
            seconds=6,
        ),
    ),
    (
        EVERYTHING,
        Schedule(
            "everything, time is up, but not for the licences",
            (Fault(Delay(4), to=PUT), Fault(Throttle(10), to=LICENSE)),
            seconds=6,
        ),
    ),
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
            (Fault(WrongJson(NAMELESS), to=READ),),
            fails(ConnectionBroken),
        ),
    ),
    (
        RETITLING,
        Schedule("GET shows somebody else", (Fault(WrongJson(STRANGER), to=READ),), fails(ConnectionBroken)),
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
        first = asyncio.create_task(retitle_person(hub, OPTIONS))
        await clock.sleep(5)
        await update_person(hub, [replaced("department", "Quality")], OPTIONS)
        await first
        hub.sandbox.faults.verify()

        person = hub.sandbox.world.person_at(SAMPLE)
        assert person is not None
        assert ("Tester", "Quality") == (person.title, person.department)
        assert 2 == hub.sandbox.world.writes


async def test_what_somebody_else_changes_in_between_is_overwritten_and_nothing_more(clock: VirtualClock) -> None:
    """
    Webex has no condition for a replacement: a change between our read and our write is lost, as documented.

    Memberships are kept elsewhere and stay.
    """
    async with running_hub(clock, people=6) as hub:
        world = hub.sandbox.world
        hub.sandbox.faults.add(Fault(Delay(20), to=PUT))
        change = asyncio.create_task(retitle_person(hub, OPTIONS))
        await clock.sleep(5)
        person = world.person_at(SAMPLE)
        assert person is not None
        world.put_person(msgspec.structs.replace(person, department="Quality"))
        world.groups[next(iter(world.groups))].members[person.uuid] = None
        result = await change
        hub.sandbox.faults.verify()

        after = world.person_at(SAMPLE)
        expected = msgspec.structs.replace(person, title="Tester")
        assert after == msgspec.structs.replace(expected, last_modified=after.last_modified if after else 0)
        assert person.uuid in world.groups[next(iter(world.groups))].members
        assert result.after is not None
        assert () == result.after.values("department")
