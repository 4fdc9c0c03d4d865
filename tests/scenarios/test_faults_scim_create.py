"""
Making a person by SCIM, with a group, while one request or two go wrong.
"""

from dataclasses import dataclass

import pytest

from fakes.fault_kinds import FIRST_READ, Schedule, Step, at, fails, partly, unclear
from fakes.fault_operations import ADDRESS, EMPTY, group_id
from fakes.fault_trial import Facts, Operation, Person, tried
from fakes.hub import Hub
from fakes.virtual_time import VirtualClock
from webex_connector.connector.control_hub.making import Making
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import (
    AccessRefused,
    ConnectionBroken,
    InvalidAttributeValue,
    OperationTimeout,
    PermissionDenied,
    Throttled,
)
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox.faults import Delay, Fail, Fault, LoseAnswer, Reset, Throttle
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.world import World

POST, LOOK, JOIN = "POST /Users", "GET /Users", "PATCH /groups/{id}"
OFF, SEE = "PATCH /Users/{id}", "GET /Users/{id}"
PERSON = ("there", "title")
LOST = Fault(LoseAnswer(), to=POST)


@dataclass(frozen=True)
class Switched(Person):
    """
    Whoever has that address, and whether they are enabled, as somebody new is.
    """

    def facts(self, world: World) -> Facts:
        """
        Return what the world knows about the person.
        """
        person = world.person_at(self.address)
        return {**super().facts(world), names.ENABLE: frozenset({str(person is None or person.active)})}


async def _create(hub: Hub, options: OperationOptions) -> WriteResult:
    attributes = {
        "emails": (ADDRESS,),
        "displayName": ("Zoë New",),
        "title": ("Tester",),
        "externalId": ("hr-1",),
        "groups": (group_id(hub.sandbox.world, EMPTY),),
    }
    return await hub.facade.create(names.ACCOUNT, attributes, options)


async def _create_disabled(hub: Hub, options: OperationOptions) -> WriteResult:
    attributes: Attributes = {
        "emails": (ADDRESS,),
        "displayName": ("Zoë New",),
        "title": ("Tester",),
        names.ENABLE: (False,),
    }
    return await hub.facade.create(names.ACCOUNT, attributes, options)


def _made(world: World) -> Facts:
    return {
        "there": frozenset({"1"}),
        "title": frozenset({"Tester"}),
        "groups": frozenset({group_id(world, EMPTY)}),
    }


def _made_disabled(_world: World) -> Facts:
    return {"there": frozenset({"1"}), "title": frozenset({"Tester"}), names.ENABLE: frozenset({"False"})}


CREATING = Operation(Person(ADDRESS), _create, _made, writes=2, road="scim")
DISABLING = Operation(
    Switched(ADDRESS),
    _create_disabled,
    _made_disabled,
    writes=2,
    quirks=Quirks(scim_create_inactive=False),
    road="scim",
)

STEPS = [
    Step(at("GET /organizations"), FIRST_READ),
    Step(at(LOOK), {**FIRST_READ, "refused but applied": fails(AccessRefused)}, name="GET /Users to find the road"),
    Step(at(POST)),
    Step(
        at(LOOK, attempt=2),
        dict.fromkeys(FIRST_READ, unclear(*PERSON)),
        before=(LOST,),
        name="POST lost, then GET /Users",
    ),
    Step(
        at(JOIN),
        twice=frozenset({"too slow", "answer lost", "half an answer", "not JSON", "no object", "failed but applied"}),
    ),
]

OUTAGE = Fault(Fail(503), to=LOOK, attempt=2, times=9, must_fire=1)
COMBINED = [
    Schedule("no time at all", (), fails(OperationTimeout), seconds=0),
    Schedule("time is up, but not for the answer", (Fault(Delay(20), to=POST),), seconds=5),
    Schedule(
        "time is up, but not for the group",
        (Fault(Delay(4), to=POST), Fault(Throttle(10), to=JOIN)),
        seconds=6,
    ),
    Schedule("Webex is down", (Fault(Fail(500), to=POST, times=2),), fails(ConnectionBroken)),
    Schedule("gateway is down", (Fault(Fail(502), to=POST, times=2),), unclear()),
    Schedule("reset twice", (Fault(Reset(), to=POST, times=2),), unclear()),
    Schedule("reset, then looking fails for good", (Fault(Reset(), to=POST), OUTAGE), unclear()),
    Schedule("answer lost, then looking fails for good", (LOST, OUTAGE), unclear(*PERSON)),
    Schedule("failed, then answer lost", (Fault(Fail(500), to=POST), Fault(LoseAnswer(), to=POST, attempt=2))),
    Schedule("refused", (Fault(Fail(400), to=POST),), fails(InvalidAttributeValue)),
    Schedule("forbidden", (Fault(Fail(403), to=POST),), fails(PermissionDenied)),
    Schedule("throttled beyond patience", (Fault(Throttle(600), to=POST),), fails(Throttled)),
    Schedule(
        "failed, then throttled beyond patience",
        (Fault(Reset(), to=POST), Fault(Throttle(600), to=POST, attempt=2)),
        unclear(),
    ),
    Schedule("group fails for good", (Fault(Fail(500), to=JOIN, times=3),), partly("groups")),
    Schedule("group forbidden", (Fault(Fail(403), to=JOIN),), partly("groups")),
]

SCHEDULES = [*(each for step in STEPS for each in step.schedules()), *COMBINED]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda each: f"create by SCIM/{each.name}")
async def test_person_is_made_once_or_the_failure_is_told(schedule: Schedule, clock: VirtualClock) -> None:
    """
    One person, whole or with what is missing named; or none, and an error.
    """
    await tried(CREATING, schedule, clock)


OFF_STEPS = [Step(at(POST)), Step(at(OFF))]
OFF_COMBINED = [
    Schedule("disabling fails for good", (Fault(Fail(500), to=OFF, times=3),), partly(names.ENABLE)),
    Schedule("disabling is forbidden", (Fault(Fail(403), to=OFF),), partly(names.ENABLE)),
    Schedule("disabling is throttled beyond patience", (Fault(Throttle(600), to=OFF),), partly(names.ENABLE)),
    Schedule(
        "disabling is lost, and looking fails", (Fault(Reset(), to=OFF), Fault(Fail(500), to=SEE)), partly(names.ENABLE)
    ),
]
OFF_SCHEDULES = [*(each for step in OFF_STEPS for each in step.schedules()), *OFF_COMBINED]


@pytest.mark.parametrize("schedule", OFF_SCHEDULES, ids=lambda each: f"create disabled/{each.name}")
async def test_person_is_made_disabled_or_it_is_told(schedule: Schedule, clock: VirtualClock) -> None:
    """
    Where a creation does not obey: the person is there once, and disabled, or the result says that they are not.
    """
    await tried(DISABLING, schedule, clock)


async def test_a_creation_that_does_not_look_is_found(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Planted: a connector that takes a lost creation for undone without looking is found out.
    """

    async def blind(*_: object) -> None:
        return None

    monkeypatch.setattr(Making, "_ours", blind)
    with pytest.raises(AssertionError, match="raised AlreadyExists"):
        await tried(CREATING, Schedule("lost", (LOST,)), clock)
