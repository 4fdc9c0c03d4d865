"""
Getting the access token goes wrong, before anything else can happen.
"""

import pytest

from fakes.fault_kinds import Schedule, Step, at, fails
from fakes.fault_operations import RETITLING, RETITLING_ROTATING
from fakes.fault_trial import Operation, tried
from fakes.virtual_time import VirtualClock
from webex_connector.icf.errors import AccessRefused, ConnectionFailed
from webex_connector.sandbox.faults import ExpireToken, Fail, Fault, LoseAnswer

TOKEN, PUT = "POST /access_token", "PUT /people/{id}"


# A refusal, or an answer without a token in it, will not get better by asking again.
TOKEN_ENDS = dict.fromkeys(("an empty object", "no object", "refused but applied"), fails(AccessRefused))
EXPIRED = Fault(ExpireToken(), to=PUT)

STEPS = [
    Step(at(TOKEN), TOKEN_ENDS, name="first token"),
    Step(at(TOKEN, attempt=2), TOKEN_ENDS, before=(EXPIRED,), name="token renewed before PUT"),
]

COMBINED = [
    (RETITLING, Schedule("fails for good", (Fault(Fail(500), to=TOKEN, times=3),), fails(ConnectionFailed))),
    (RETITLING, Schedule("no client", (Fault(Fail(401), to=TOKEN),), fails(AccessRefused))),
    # The new refresh token went with the answer, and the old one is dead: only an administrator can help.
    (RETITLING_ROTATING, Schedule("rotation lost", (Fault(LoseAnswer(), to=TOKEN),), fails(AccessRefused))),
    (RETITLING_ROTATING, Schedule("rotation failed before it happened", (Fault(Fail(503), to=TOKEN),))),
    (RETITLING, Schedule("expires once more at once", (Fault(ExpireToken(), to=PUT, times=2),), fails(AccessRefused))),
]

SCHEDULES = [*((RETITLING, each) for step in STEPS for each in step.schedules()), *COMBINED]


@pytest.mark.parametrize(
    ("operation", "schedule"),
    [pytest.param(operation, each, id=f"token/{each.name}") for operation, each in SCHEDULES],
)
async def test_without_a_token_nothing_is_changed(
    operation: Operation,
    schedule: Schedule,
    clock: VirtualClock,
) -> None:
    """
    Either a token is had in the end and the change is made once, or nothing leaves and the error says whose turn it is.
    """
    await tried(operation, schedule, clock)
