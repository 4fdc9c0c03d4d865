"""
Making a person, with a licence and a group, while one request or two go wrong.
"""

import pytest

from fakes.fault_kinds import FIRST_READ, Schedule, Step, at, fails, partly, unclear
from fakes.fault_operations import ADDRESS, CREATING, create_person
from fakes.fault_trial import tried
from fakes.hub import OPTIONS, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.errors import (
    AlreadyExists,
    Ambiguous,
    ConnectionBroken,
    InvalidAttributeValue,
    OperationTimeout,
    Throttled,
)
from webex_connector.icf.ports import Failed
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Delay, Fail, Fault, LoseAnswer, RefuseButApplied, Reset, Throttle
from webex_connector.sandbox.scenarios import SAMPLE

POST, LOOK, JOIN = "POST /people", "GET /people", "PATCH /groups/{id}"
READ, LICENSE = "GET /people/{id}", "PATCH /licenses/users"
LOST = Fault(LoseAnswer(), to=POST)
REFUSED = Fault(Fail(400), to=POST)
PERSON = ("there", "title", "licenses")


LOOK_FAILS = dict.fromkeys(FIRST_READ, unclear(*PERSON))
"""
The person was made, the answer lost, and looking fails too: nobody can tell, and nothing more is written.
"""

STEPS = [
    Step(at(POST)),
    Step(at(LOOK), LOOK_FAILS, before=(LOST,), name="POST lost, then GET /people"),
    Step(at(READ), LOOK_FAILS, before=(LOST,), name="POST lost, then GET /people/{id}"),
    Step(
        at(JOIN),
        twice=frozenset({"too slow", "answer lost", "half an answer", "not JSON", "no object", "failed but applied"}),
    ),
    Step(at(POST, attempt=2), more=1, before=(REFUSED,), name="POST refused, then POST without licences"),
    Step(
        at(READ),
        dict.fromkeys(FIRST_READ, partly("licenses")),
        more=1,
        before=(REFUSED,),
        name="POST refused, then GET before the licences",
    ),
    Step(at(LICENSE), more=1, before=(REFUSED,), name="POST refused, then PATCH of the licences"),
    Step(at(READ, attempt=2), more=1, before=(REFUSED,), name="POST refused, then GET at the end"),
]

OUTAGE = Fault(Fail(503), to=LOOK, times=9, must_fire=1)
COMBINED = [
    Schedule("no time at all", (), fails(OperationTimeout), seconds=0),
    Schedule("time is up, but not for the answer", (Fault(Delay(20), to=POST),), seconds=5),
    Schedule(
        "time is up, but not for the group",
        (Fault(Delay(4), to=POST), Fault(Throttle(10), to=JOIN)),
        seconds=6,
    ),
    Schedule(
        "time is up, but not for the group's answer",
        (Fault(Delay(20), to=JOIN),),
        seconds=5,
    ),
    Schedule("Webex is down", (Fault(Fail(500), to=POST, times=2),), fails(ConnectionBroken)),
    Schedule("gateway is down", (Fault(Fail(502), to=POST, times=2),), unclear()),
    Schedule("reset twice", (Fault(Reset(), to=POST, times=2),), unclear()),
    Schedule("reset, then looking fails for good", (Fault(Reset(), to=POST), OUTAGE), unclear()),
    Schedule("answer lost, then looking fails for good", (LOST, OUTAGE), unclear(*PERSON)),
    Schedule("failed, then answer lost", (Fault(Fail(500), to=POST), Fault(LoseAnswer(), to=POST, attempt=2))),
    Schedule("failed, then refused", (Fault(Fail(500), to=POST), Fault(Fail(400), to=POST, attempt=2)), more=1),
    Schedule("refused for good", (Fault(Fail(400), to=POST, times=2),), fails(InvalidAttributeValue)),
    Schedule("refused, then reset twice", (REFUSED, Fault(Reset(), to=POST, attempt=2, times=2)), unclear()),
    Schedule("throttled beyond patience", (Fault(Throttle(600), to=POST),), fails(Throttled)),
    Schedule(
        "failed, then throttled beyond patience",
        (Fault(Reset(), to=POST), Fault(Throttle(600), to=POST, attempt=2)),
        unclear(),
    ),
    Schedule("group fails for good", (Fault(Fail(500), to=JOIN, times=3),), partly("groups")),
    Schedule("group throttled beyond patience", (Fault(Throttle(600), to=JOIN),), partly("groups")),
    Schedule("group refused", (Fault(Fail(400), to=JOIN),), partly("groups")),
    Schedule("group forbidden", (Fault(Fail(403), to=JOIN),), partly("groups")),
    Schedule(
        "group is refused three times and joined at once", (Fault(RefuseButApplied(500), to=JOIN, times=3),), more=2
    ),
    Schedule("licences fail for good", (REFUSED, Fault(Fail(500), to=LICENSE, times=3)), partly("licenses")),
    Schedule("licences forbidden", (REFUSED, Fault(Fail(403), to=LICENSE)), partly("licenses")),
]

SCHEDULES = [*(each for step in STEPS for each in step.schedules()), *COMBINED]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda each: f"create/{each.name}")
async def test_person_is_made_once_or_the_failure_is_told(schedule: Schedule, clock: VirtualClock) -> None:
    """
    One person, whole or with what is missing named; or none, and an error.
    """
    await tried(CREATING, schedule, clock)


async def test_a_second_creation_after_an_ambiguous_one_is_told_who_is_there(clock: VirtualClock) -> None:
    """
    The person was made, the answer lost and looking failed: whoever asks again learns the uid, and nobody is doubled.
    """
    async with running_hub(clock, people=6) as hub:
        for fault in (LOST, OUTAGE):
            hub.sandbox.faults.add(fault)
        with pytest.raises(Ambiguous):
            await create_person(hub, OPTIONS)
        hub.sandbox.faults.verify()
        hub.sandbox.faults.clear()

        with pytest.raises(AlreadyExists) as caught:
            await create_person(hub, OPTIONS)

        person = hub.sandbox.world.person_at(ADDRESS)
        assert person is not None
        assert rendering.person_id(person.uuid) == caught.value.uid
        assert (7, 1) == (hub.sandbox.world.people_count, hub.sandbox.world.writes)
        ends = [entry.end for entry in hub.journal.entries]
        assert [True, False] == [isinstance(end, Failed) and end.ambiguous for end in ends]


async def test_somebody_else_at_the_address_is_not_taken_for_ours(clock: VirtualClock) -> None:
    """
    The answer is lost, and the address turns out to be that of a person who was there before: they stay as they are.
    """
    async with running_hub(clock, people=6) as hub:
        hub.sandbox.faults.add(Fault(Reset(), to=POST))
        before = hub.sandbox.world.person_at(SAMPLE)
        with pytest.raises(AlreadyExists) as caught:
            await hub.facade.create(names.ACCOUNT, {"emails": (SAMPLE,), "displayName": ("John Doe",)}, OPTIONS)
        hub.sandbox.faults.verify()

        assert before is not None
        assert rendering.person_id(before.uuid) == caught.value.uid
        assert before == hub.sandbox.world.person_at(SAMPLE)
        assert 0 == hub.sandbox.world.writes
