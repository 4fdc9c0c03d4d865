"""
Making, changing and deleting a team while one request or two go wrong.
"""

import pytest

from fakes.fault_kinds import FIRST_READ, UNCLEAR_BUT_DONE, End, Schedule, Step, at, fails, partly, unclear
from fakes.fault_teams import CHANGING, DESCRIBING, DISBANDING, FOUNDING, GATHERING, PARTING
from fakes.fault_trial import Operation, tried
from fakes.virtual_time import VirtualClock
from webex_connector.icf.errors import ConnectionBroken, InvalidAttributeValue, PermissionDenied, Throttled
from webex_connector.sandbox.faults import Delay, Fail, Fault, LoseAnswer, RefuseButApplied, Reset, Throttle

pytestmark = pytest.mark.long

LIST, POST, READ, PUT, DELETE = "GET /teams", "POST /teams", "GET /teams/{id}", "PUT /teams/{id}", "DELETE /teams/{id}"
ROSTER, JOIN, PART, MODERATE = (
    "GET /team/memberships",
    "POST /team/memberships",
    "DELETE /team/memberships/{id}",
    "PUT /team/memberships/{id}",
)
MODERATOR, ORDINARY = '"isModerator":true', '"isModerator":false'
LOST = Fault(LoseAnswer(), to=POST)
DELETE_REFUSED = Fault(RefuseButApplied(400), to=DELETE)
MADE_AGAIN = frozenset({"too slow", "answer lost", "half an answer", "not JSON", "no object", "failed but applied"})

# Webex allows two teams of one name: what got no answer from the service itself is never sent again.
POST_ENDS = {"too slow": UNCLEAR_BUT_DONE, "bad gateway": unclear(), "reset": unclear()}
LOOK_FAILS: dict[str, End] = dict.fromkeys(FIRST_READ, UNCLEAR_BUT_DONE)
DELETED_UNSEEN = dict.fromkeys(("failed", "refused but applied", "failed but applied"), UNCLEAR_BUT_DONE)

STEPS = [
    (GATHERING, Step(at(LIST), FIRST_READ, name="create/GET /teams")),
    (FOUNDING, Step(at(POST), POST_ENDS, name="create/POST")),
    (GATHERING, Step(at(JOIN, body=MODERATOR), name="create/POST of the moderator")),
    (GATHERING, Step(at(JOIN, body=ORDINARY), name="create/POST of the member")),
    (GATHERING, Step(at(ROSTER), name="create/GET of the members at the end")),
    (FOUNDING, Step(at(LIST, attempt=2), LOOK_FAILS, before=(LOST,), name="create/POST lost, then GET /teams")),
    (DESCRIBING, Step(at(READ), FIRST_READ, name="update/GET")),
    (DESCRIBING, Step(at(PUT), twice=MADE_AGAIN | {"an empty object"}, name="update/PUT")),
    (CHANGING, Step(at(ROSTER), FIRST_READ, name="update/GET of the members")),
    (CHANGING, Step(at(PUT), twice=MADE_AGAIN | {"an empty object"}, name="update/PUT before the members")),
    (CHANGING, Step(at(JOIN), name="update/POST of a member")),
    (CHANGING, Step(at(MODERATE), twice=MADE_AGAIN | {"an empty object"}, name="update/PUT of a moderator")),
    (CHANGING, Step(at(READ, attempt=2), name="update/GET at the end")),
    (CHANGING, Step(at(ROSTER, attempt=2), name="update/GET of the members at the end")),
    (PARTING, Step(at(PART), name="update/DELETE of a member")),
    (DISBANDING, Step(at(READ), FIRST_READ, name="delete/GET")),
    (DISBANDING, Step(at(ROSTER), FIRST_READ, name="delete/GET of the members")),
    (DISBANDING, Step(at(DELETE), name="delete/DELETE")),
    (DISBANDING, Step(at(READ, attempt=2), DELETED_UNSEEN, before=(DELETE_REFUSED,), name="delete/refused, then GET")),
]

COMBINED = [
    (GATHERING, Schedule("create/fails for good", (Fault(Fail(500), to=POST, times=3),), fails(ConnectionBroken))),
    (GATHERING, Schedule("create/refused", (Fault(Fail(400), to=POST),), fails(InvalidAttributeValue))),
    (GATHERING, Schedule("create/forbidden", (Fault(Fail(403), to=POST),), fails(PermissionDenied))),
    (GATHERING, Schedule("create/throttled beyond patience", (Fault(Throttle(600), to=POST),), fails(Throttled))),
    (
        FOUNDING,
        Schedule("create/time is up, but not for the answer", (Fault(Delay(20), to=POST),), seconds=5),
    ),
    (DESCRIBING, Schedule("update/fails for good", (Fault(Fail(500), to=PUT, times=3),), fails(ConnectionBroken))),
    (DESCRIBING, Schedule("update/refused", (Fault(Fail(400), to=PUT),), fails(InvalidAttributeValue))),
    (
        DESCRIBING,
        Schedule(
            "update/reset, then forbidden", (Fault(Reset(), to=PUT), Fault(Fail(403), to=PUT, attempt=2)), unclear()
        ),
    ),
    (
        DESCRIBING,
        Schedule("update/lost, then forbidden", (Fault(LoseAnswer(), to=PUT), Fault(Fail(403), to=PUT, attempt=2))),
    ),
    (CHANGING, Schedule("update/member fails for good", (Fault(Fail(500), to=JOIN, times=3),), partly("members"))),
    (CHANGING, Schedule("update/moderator forbidden", (Fault(Fail(403), to=MODERATE),), partly("moderators"))),
    (
        CHANGING,
        Schedule(
            "update/time is up, but not for the members",
            (Fault(Delay(4), to=PUT), Fault(Throttle(10), to=JOIN)),
            seconds=6,
        ),
    ),
    (
        PARTING,
        Schedule("update/leaving fails for good", (Fault(Fail(500), to=PART, times=3),), fails(ConnectionBroken)),
    ),
    (PARTING, Schedule("update/leaving reset for good", (Fault(Reset(), to=PART, times=3),), unclear())),
    (DISBANDING, Schedule("delete/fails for good", (Fault(Fail(500), to=DELETE, times=3),), fails(ConnectionBroken))),
    (DISBANDING, Schedule("delete/refused", (Fault(Fail(400), to=DELETE),), fails(InvalidAttributeValue))),
    (DISBANDING, Schedule("delete/reset for good", (Fault(Reset(), to=DELETE, times=3),), unclear())),
]

SCHEDULES = [*((operation, each) for operation, step in STEPS for each in step.schedules()), *COMBINED]


@pytest.mark.parametrize(
    ("operation", "schedule"),
    [pytest.param(operation, each, id=f"team {each.name}") for operation, each in SCHEDULES],
)
async def test_team_is_as_told(operation: Operation, schedule: Schedule, clock: VirtualClock) -> None:
    """
    Never two teams where one was asked for; what is said to be done is done, and no other team is touched.
    """
    await tried(operation, schedule, clock)
