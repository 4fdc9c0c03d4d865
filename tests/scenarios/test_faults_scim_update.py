"""
Changing a person on the SCIM road while one request or two go wrong.
"""

import pytest

from fakes.fault_kinds import FIRST_READ, Schedule, Step, at, fails, partly, unclear
from fakes.fault_scim import ALL_OF_IT, COSTING, DISABLING, MANY, NAMING
from fakes.fault_trial import Operation, tried
from fakes.virtual_time import VirtualClock
from webex_connector.icf.errors import (
    AccessRefused,
    AlreadyExists,
    ConnectionBroken,
    InvalidAttributeValue,
    PermissionDenied,
    Throttled,
)
from webex_connector.sandbox.faults import Delay, Fail, Fault, LoseAnswer, RefuseButApplied, Reset, Throttle

PATCH, LOOK, BACK, BULK = "PATCH /Users/{id}", "GET /Users/{id}", "GET /people/{id}", "POST /Bulk"
LICENSE, GROUP, WHOSE, PROBE = "PATCH /licenses/users", "PATCH /groups/{id}", "GET /organizations", "GET /Users"
LOST, RESET = Fault(LoseAnswer(), to=PATCH), Fault(Reset(), to=PATCH)
NAMES = ("firstName", "department")
MADE_AGAIN = frozenset({"too slow", "answer lost", "half an answer", "not JSON", "no object", "failed but applied"})

STEPS = [
    (NAMING, Step(at(WHOSE), FIRST_READ)),
    (NAMING, Step(at(PROBE), {**FIRST_READ, "refused but applied": fails(AccessRefused)})),
    (NAMING, Step(at(PATCH), name="PATCH names")),
    (NAMING, Step(at(BACK), name="names, read back")),
    (NAMING, Step(at(LOOK), dict.fromkeys(FIRST_READ, unclear(*NAMES)), before=(LOST,), name="PATCH lost, then GET")),
    (NAMING, Step(at(LOOK), dict.fromkeys(FIRST_READ, unclear()), before=(RESET,), name="PATCH reset, then GET")),
    (DISABLING, Step(at(PATCH), name="PATCH active")),
    (COSTING, Step(at(PATCH), name="PATCH what only SCIM has")),
    (ALL_OF_IT, Step(at(PATCH), name="everything/PATCH")),
    (ALL_OF_IT, Step(at(LICENSE), name="everything/licences")),
    (ALL_OF_IT, Step(at(GROUP), twice=MADE_AGAIN, name="everything/group")),
    (MANY, Step(at(BULK))),
]

COMBINED = [
    (NAMING, Schedule("refused", (Fault(Fail(400), to=PATCH, times=3),), fails(InvalidAttributeValue))),
    (NAMING, Schedule("forbidden", (Fault(Fail(403), to=PATCH),), fails(PermissionDenied))),
    (NAMING, Schedule("conflict", (Fault(Fail(409), to=PATCH),), fails(AlreadyExists))),
    (NAMING, Schedule("fails for good", (Fault(Fail(500), to=PATCH, times=3),), fails(ConnectionBroken))),
    (NAMING, Schedule("throttled beyond patience", (Fault(Throttle(600), to=PATCH),), fails(Throttled))),
    (NAMING, Schedule("reset for good", (Fault(Reset(), to=PATCH, times=3),), unclear())),
    (NAMING, Schedule("reset, then forbidden", (RESET, Fault(Fail(403), to=PATCH, attempt=2)), unclear())),
    (NAMING, Schedule("reset, then conflict", (RESET, Fault(Fail(409), to=PATCH, attempt=2)), unclear())),
    (NAMING, Schedule("refused though applied, then seen", (Fault(RefuseButApplied(400), to=PATCH),))),
    (NAMING, Schedule("time is up, but not for the answer", (Fault(Delay(20), to=PATCH),), seconds=5)),
    (NAMING, Schedule("read back fails for good", (Fault(Fail(500), to=BACK, times=9, must_fire=1),))),
    (ALL_OF_IT, Schedule("everything refused", (Fault(Fail(400), to=PATCH, times=3),), fails(InvalidAttributeValue))),
    (
        ALL_OF_IT,
        Schedule("everything, licences fail for good", (Fault(Fail(500), to=LICENSE, times=3),), partly("licenses")),
    ),
    (ALL_OF_IT, Schedule("everything, group refused", (Fault(Fail(400), to=GROUP),), partly("groups"))),
    (
        ALL_OF_IT,
        Schedule("everything, person unreadable", (Fault(Fail(500), to=BACK),), partly("licenses", "groups")),
    ),
    (
        ALL_OF_IT,
        Schedule(
            "everything, licences forbidden and group throttled",
            (Fault(Fail(403), to=LICENSE), Fault(Throttle(600), to=GROUP)),
            partly("licenses", "groups"),
        ),
    ),
    (
        MANY,
        Schedule(
            "bulk and then PATCH fail for good",
            (Fault(Fail(500), to=BULK), Fault(Fail(500), to=PATCH, times=3)),
            fails(ConnectionBroken),
        ),
    ),
    (
        MANY,
        Schedule(
            "bulk lost, PATCH forbidden",
            (Fault(LoseAnswer(), to=BULK), Fault(Fail(403), to=PATCH, attempt=2)),
            unclear(*NAMES),
        ),
    ),
]

SCHEDULES = [*((operation, each) for operation, step in STEPS for each in step.schedules()), *COMBINED]


@pytest.mark.parametrize(
    ("operation", "schedule"),
    [pytest.param(operation, each, id=f"SCIM update/{each.name}") for operation, each in SCHEDULES],
)
async def test_change_by_scim_is_made_or_the_failure_is_told(
    operation: Operation, schedule: Schedule, clock: VirtualClock
) -> None:
    """
    What is said to be changed is changed, what is said to be missed is as it was, and nothing else is touched.
    """
    await tried(operation, schedule, clock)
