"""
Making, changing and deleting a group while one request or two go wrong.
"""

import pytest

from fakes.fault_kinds import FIRST_READ, UNCLEAR_BUT_DONE, End, Schedule, Step, at, fails, partly, unclear
from fakes.fault_operations import (
    CHANGING,
    DESCRIBING,
    DISBANDING,
    FILLING,
    FOUNDING,
    FOUNDING_LARGE,
    TEAM,
    create_large_group,
    first_people,
)
from fakes.fault_trial import Operation, Team, tried
from fakes.hub import OPTIONS, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf.errors import (
    AlreadyExists,
    ConnectionBroken,
    InvalidAttributeValue,
    PermissionDenied,
    Throttled,
)
from webex_connector.sandbox.faults import (
    Delay,
    Effect,
    Fail,
    Fault,
    LoseAnswer,
    RefuseButApplied,
    Reset,
    Throttle,
    WrongJson,
)

pytestmark = pytest.mark.long

POST, LIST, READ, PATCH, DELETE = (
    "POST /groups",
    "GET /groups",
    "GET /groups/{id}",
    "PATCH /groups/{id}",
    "DELETE /groups/{id}",
)
MADE_AGAIN = frozenset({"too slow", "answer lost", "half an answer", "not JSON", "no object", "failed but applied"})


LOST = Fault(LoseAnswer(), to=POST)
DELETE_REFUSED = Fault(RefuseButApplied(400), to=DELETE)

# Webex may allow two groups of one name: what got no answer from the service itself is never sent again.
POST_ENDS = {"too slow": UNCLEAR_BUT_DONE, "bad gateway": unclear(), "reset": unclear()}
LOOK_FAILS: dict[str, End] = dict.fromkeys(FIRST_READ, UNCLEAR_BUT_DONE)
DELETED_UNSEEN = dict.fromkeys(("failed", "refused but applied", "failed but applied"), UNCLEAR_BUT_DONE)
DESCRIPTION, OPERATION = "description", "operation"
UNSHOWN = Fault(WrongJson("{}"), to=PATCH, body=OPERATION)
"""
Words by which the two changes of a group are told apart.
"""

STEPS = [
    (FOUNDING, Step(at(POST), POST_ENDS, name="create/POST")),
    (FOUNDING, Step(at(LIST), FIRST_READ, name="create/GET /groups")),
    (FOUNDING, Step(at(LIST, attempt=2), LOOK_FAILS, before=(LOST,), name="create/POST lost, then GET /groups")),
    (FOUNDING_LARGE, Step(at(PATCH), twice=MADE_AGAIN, name="create/PATCH of the 501st member")),
    (FOUNDING_LARGE, Step(at(READ), name="create/GET at the end")),
    (DESCRIBING, Step(at(READ), FIRST_READ, name="update/GET")),
    (DESCRIBING, Step(at(PATCH), twice=MADE_AGAIN | {"an empty object"}, name="update/PATCH")),
    (
        CHANGING,
        Step(
            at(PATCH, body=DESCRIPTION), twice=MADE_AGAIN | {"an empty object"}, name="update/PATCH before the members"
        ),
    ),
    (CHANGING, Step(at(PATCH, body=OPERATION), twice=MADE_AGAIN, name="update/PATCH of the members")),
    (CHANGING, Step(at(READ, attempt=2), before=(UNSHOWN,), name="update/group not shown, then GET at the end")),
    (FILLING, Step(at(PATCH), twice=MADE_AGAIN, name="update/PATCH of the first 500 members")),
    (FILLING, Step(at(PATCH, attempt=2), twice=MADE_AGAIN, name="update/PATCH of the 501st member")),
    (DISBANDING, Step(at(READ), FIRST_READ, name="delete/GET")),
    (DISBANDING, Step(at(DELETE), name="delete/DELETE")),
    (DISBANDING, Step(at(READ, attempt=2), DELETED_UNSEEN, before=(DELETE_REFUSED,), name="delete/refused, then GET")),
]


def _patched(effect: Effect, body: str, times: int = 1) -> Fault:
    return Fault(effect, to=PATCH, body=body, times=times)


COMBINED = [
    (FOUNDING, Schedule("create/fails for good", (Fault(Fail(500), to=POST, times=3),), fails(ConnectionBroken))),
    (FOUNDING, Schedule("create/refused", (Fault(Fail(400), to=POST),), fails(InvalidAttributeValue))),
    (FOUNDING, Schedule("create/forbidden", (Fault(Fail(403), to=POST),), fails(PermissionDenied))),
    (FOUNDING, Schedule("create/conflict", (Fault(Fail(409), to=POST),), fails(AlreadyExists))),
    (FOUNDING, Schedule("create/throttled beyond patience", (Fault(Throttle(600), to=POST),), fails(Throttled))),
    (
        FOUNDING,
        Schedule(
            "create/failed, then answer lost",
            (Fault(Fail(500), to=POST), Fault(LoseAnswer(), to=POST, attempt=2)),
        ),
    ),
    (
        FOUNDING,
        Schedule(
            "create/lost, then looking fails for good",
            (LOST, Fault(Fail(503), to=LIST, attempt=2, times=9, must_fire=1)),
            UNCLEAR_BUT_DONE,
        ),
    ),
    (
        FOUNDING,
        Schedule(
            "create/reset, then looking fails for good",
            (Fault(Reset(), to=POST), Fault(Fail(503), to=LIST, attempt=2, times=9, must_fire=1)),
            unclear(),
        ),
    ),
    (
        CHANGING,
        Schedule("update/fails for good", (_patched(Fail(500), DESCRIPTION, times=3),), fails(ConnectionBroken)),
    ),
    (
        CHANGING,
        Schedule("update/refused", (_patched(Fail(400), DESCRIPTION),), fails(InvalidAttributeValue)),
    ),
    (
        CHANGING,
        Schedule("update/members fail for good", (_patched(Fail(500), OPERATION, times=3),), partly("members")),
    ),
    (CHANGING, Schedule("update/members refused", (_patched(Fail(400), OPERATION),), partly("members"))),
    (
        CHANGING,
        Schedule(
            "update/members forbidden and nothing seen at the end",
            (_patched(Fail(403), OPERATION), Fault(Fail(500), to=READ, attempt=2)),
            partly("members"),
        ),
    ),
    (
        DESCRIBING,
        Schedule(
            "update/lost, then forbidden",
            (Fault(LoseAnswer(), to=PATCH), Fault(Fail(403), to=PATCH, attempt=2)),
        ),
    ),
    (
        DESCRIBING,
        Schedule(
            "update/reset, then forbidden",
            (Fault(Reset(), to=PATCH), Fault(Fail(403), to=PATCH, attempt=2)),
            unclear(),
        ),
    ),
    (
        FOUNDING,
        Schedule("create/time is up, but not for the answer", (Fault(Delay(20), to=POST),), seconds=5),
    ),
    (
        CHANGING,
        Schedule(
            "update/time is up, but not for the members",
            (_patched(Delay(4), DESCRIPTION), _patched(Throttle(10), OPERATION)),
            seconds=6,
        ),
    ),
    (
        DISBANDING,
        Schedule("delete/time is up, but not for the answer", (Fault(Delay(20), to=DELETE),), seconds=5),
    ),
    (DISBANDING, Schedule("delete/fails for good", (Fault(Fail(500), to=DELETE, times=3),), fails(ConnectionBroken))),
    (DISBANDING, Schedule("delete/refused", (Fault(Fail(400), to=DELETE),), fails(InvalidAttributeValue))),
    (DISBANDING, Schedule("delete/reset for good", (Fault(Reset(), to=DELETE, times=3),), unclear())),
    (
        DISBANDING,
        Schedule("delete/lost, then reset", (Fault(LoseAnswer(), to=DELETE), Fault(Reset(), to=DELETE, attempt=2))),
    ),
]

SCHEDULES = [*((operation, each) for operation, step in STEPS for each in step.schedules()), *COMBINED]


@pytest.mark.parametrize(
    ("operation", "schedule"),
    [pytest.param(operation, each, id=f"group {each.name}") for operation, each in SCHEDULES],
)
async def test_group_is_as_told(operation: Operation, schedule: Schedule, clock: VirtualClock) -> None:
    """
    Never two groups where one was asked for; what is said to be done is done, and no other group is touched.
    """
    await tried(operation, schedule, clock)


async def test_members_who_could_not_be_put_in_are_named_one_by_one(clock: VirtualClock) -> None:
    """
    The group is made with its first 500 members; the other ten fail for good, and exactly they are named.
    """
    async with running_hub(clock, people=520) as hub:
        hub.sandbox.faults.add(Fault(Fail(500), to=PATCH, times=3))
        result = await create_large_group(hub, OPTIONS)
        hub.sandbox.faults.verify()

        expected = first_people(hub.sandbox.world, 510)
        missed = [each.values for each in result.not_applied]
        assert [tuple({"id": uid} for uid in expected[500:])] == missed
        assert frozenset(expected[:500]) == Team(TEAM).facts(hub.sandbox.world)["members"]
