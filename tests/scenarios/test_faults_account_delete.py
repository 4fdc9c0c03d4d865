"""
Deleting a person while one request or two go wrong.
"""

import pytest

from fakes.fault_kinds import FIRST_READ, UNCLEAR_BUT_DONE, Schedule, Step, at, fails, unclear
from fakes.fault_operations import DELETING
from fakes.fault_scim import DELETING_BY_SCIM
from fakes.fault_trial import tried
from fakes.virtual_time import VirtualClock
from webex_connector.icf.errors import (
    ConnectionBroken,
    InvalidAttributeValue,
    OperationTimeout,
    PermissionDenied,
    Throttled,
)
from webex_connector.sandbox.faults import Delay, Fail, Fault, LoseAnswer, RefuseButApplied, Reset, Throttle

READ, DELETE = "GET /people/{id}", "DELETE /people/{id}"


REFUSED_BUT_DONE = Fault(RefuseButApplied(400), to=DELETE)
LOOK_FAILS = dict.fromkeys(("failed", "refused but applied", "failed but applied"), UNCLEAR_BUT_DONE)
"""
With a strange body the answer is still a 404, which tells enough.
"""
READ_BY_SCIM, DELETE_BY_SCIM = "GET /Users/{id}", "DELETE /Users/{id}"
REFUSED_BY_SCIM_BUT_DONE = Fault(RefuseButApplied(400), to=DELETE_BY_SCIM)

STEPS = [
    Step(at(READ), FIRST_READ),
    Step(at(DELETE)),
    Step(at(READ, attempt=2), LOOK_FAILS, before=(REFUSED_BUT_DONE,), name="DELETE refused, then GET"),
]

COMBINED = [
    Schedule("no time at all", (), fails(OperationTimeout), seconds=0),
    Schedule("time is up, but not for the answer", (Fault(Delay(20), to=DELETE),), seconds=5),
    Schedule(
        "time is up before DELETE",
        (Fault(Delay(4), to=READ), Fault(Throttle(10), to=DELETE)),
        fails(Throttled),
        seconds=6,
    ),
    Schedule("DELETE fails for good", (Fault(Fail(500), to=DELETE, times=3),), fails(ConnectionBroken)),
    Schedule("DELETE refused", (Fault(Fail(400), to=DELETE),), fails(InvalidAttributeValue)),
    Schedule("DELETE forbidden", (Fault(Fail(403), to=DELETE),), fails(PermissionDenied)),
    Schedule("DELETE throttled beyond patience", (Fault(Throttle(600), to=DELETE),), fails(Throttled)),
    Schedule("DELETE reset for good", (Fault(Reset(), to=DELETE, times=3),), unclear()),
    Schedule("DELETE lost, then reset", (Fault(LoseAnswer(), to=DELETE), Fault(Reset(), to=DELETE, attempt=2))),
    Schedule("DELETE lost, then forbidden", (Fault(LoseAnswer(), to=DELETE), Fault(Fail(403), to=DELETE, attempt=2))),
    Schedule(
        "DELETE lost, then throttled beyond patience and looking fails",
        (
            Fault(LoseAnswer(), to=DELETE),
            Fault(Throttle(600), to=DELETE, attempt=2),
            Fault(Fail(500), to=READ, attempt=2),
        ),
        UNCLEAR_BUT_DONE,
    ),
    Schedule(
        "DELETE reset, then forbidden",
        (Fault(Reset(), to=DELETE), Fault(Fail(403), to=DELETE, attempt=2)),
        unclear(),
    ),
]

STEPS_BY_SCIM = [
    Step(at(READ_BY_SCIM), FIRST_READ),
    Step(at(DELETE_BY_SCIM)),
    Step(
        at(READ_BY_SCIM, attempt=2),
        LOOK_FAILS,
        before=(REFUSED_BY_SCIM_BUT_DONE,),
        name="DELETE by SCIM refused, then GET",
    ),
]

COMBINED_BY_SCIM = [
    Schedule("DELETE by SCIM forbidden", (Fault(Fail(403), to=DELETE_BY_SCIM),), fails(PermissionDenied)),
    Schedule("DELETE by SCIM fails for good", (Fault(Fail(500), to=DELETE_BY_SCIM, times=3),), fails(ConnectionBroken)),
    Schedule("DELETE by SCIM reset for good", (Fault(Reset(), to=DELETE_BY_SCIM, times=3),), unclear()),
]

SCHEDULES = [*(each for step in STEPS for each in step.schedules()), *COMBINED]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda each: f"delete/{each.name}")
async def test_person_is_gone_or_the_failure_is_told(schedule: Schedule, clock: VirtualClock) -> None:
    """
    Who is said to be deleted is gone, who is said to be there is there whole, and nobody else is touched.
    """
    await tried(DELETING, schedule, clock)


@pytest.mark.parametrize(
    "schedule",
    [*(each for step in STEPS_BY_SCIM for each in step.schedules()), *COMBINED_BY_SCIM],
    ids=lambda each: f"delete/{each.name}",
)
async def test_person_is_gone_by_scim_or_the_failure_is_told(schedule: Schedule, clock: VirtualClock) -> None:
    """
    The same where the token may write by SCIM alone.
    """
    await tried(DELETING_BY_SCIM, schedule, clock)
