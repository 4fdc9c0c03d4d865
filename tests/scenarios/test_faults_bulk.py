"""
Changing many people at once while one request goes wrong: what each outcome says is so, for the one who was struck and
for all others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import pytest

from fakes.fault_kinds import FIRST_READ, KINDS
from fakes.fault_operations import EMPTY, KNOWN
from fakes.fault_trial import LONG_AFTER
from fakes.hub import OPTIONS, Hub, running_hub
from fakes.hub_people import groups_of, missed
from fakes.hub_subjects import group_id, license_id
from fakes.virtual_time import VirtualClock
from webex_connector.connector.control_hub.gathered_memberships import GatheredMemberships
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.faults import Delay, Effect, Fail, Fault

WANTED = (EMPTY, KNOWN)
"""
The groups that everybody is to be in, and in no other.
"""

MADE = [f"new{number}@acme.example" for number in range(3)]


def _making(hub: Hub, address: str) -> ChangeRequest:
    attributes = {
        "emails": (address,),
        "displayName": (address.partition("@")[0],),
        "licenses": (license_id(hub, CALL_ON_WEBEX),),
        "groups": tuple(group_id(hub, name) for name in WANTED),
    }
    return ChangeRequest(Change.CREATE, attributes=attributes)


def _regrouping(hub: Hub, address: str) -> ChangeRequest:
    person = hub.sandbox.world.person_at(address)
    assert person is not None
    deltas = (replaced("groups", *(group_id(hub, name) for name in WANTED)),)
    return ChangeRequest(Change.UPDATE, rendering.person_id(person.uuid), deltas=deltas)


def _there(hub: Hub) -> list[str]:
    return [person.email for _, person in hub.sandbox.world.people()][2:6]


@dataclass(frozen=True)
class Scene:
    """
    Some people who change, and the request that goes wrong.
    """

    who: Callable[[Hub], Sequence[str]]
    change: Callable[[Hub, str], ChangeRequest]
    request: Fault
    errors: Mapping[str, type[ConnectorError]]
    """What everybody is refused with, by kind; with any other kind everybody is changed."""


WALK_ERRORS = {kind: end.error for kind, end in FIRST_READ.items() if end.error is not None}
SCENES = {
    "create/POST of one": Scene(lambda _: MADE, _making, Fault(Delay(0), to="POST /people", body=MADE[1]), {}),
    "create/PATCH of a group": Scene(lambda _: MADE, _making, Fault(Delay(0), to="PATCH /groups/{id}"), {}),
    "update/walk": Scene(_there, _regrouping, Fault(Delay(0), to="GET /groups"), WALK_ERRORS),
    "update/PATCH of a group": Scene(_there, _regrouping, Fault(Delay(0), to="PATCH /groups/{id}"), {}),
}


async def _tried(scene: Scene, effect: Effect, error: type[ConnectorError] | None, clock: VirtualClock) -> None:
    """
    Run a scene; raise AssertionError unless everybody ends with this error, or with what was wanted if it is None.
    """
    async with running_hub(clock, people=6) as hub:
        who = scene.who(hub)
        before = {address: _seen(hub, address) for address in who}
        changes = [scene.change(hub, address) for address in who]
        hub.sandbox.faults.add(msgspec.structs.replace(scene.request, effect=effect))
        outcomes = await hub.facade.apply_many(names.ACCOUNT, changes, OPTIONS)
        await clock.sleep(LONG_AFTER)
        hub.sandbox.faults.verify()
        assert 6 + len(set(who) & set(MADE)) == hub.sandbox.world.people_count
        for address, outcome in zip(who, outcomes, strict=True):
            _check(outcome, error)
            wanted = set(WANTED) if error is None else before[address]
            assert wanted == _seen(hub, address), f"{address} is in {_seen(hub, address)}, {outcome}"


def _seen(hub: Hub, address: str) -> set[str] | None:
    person = hub.sandbox.world.person_at(address)
    return None if person is None else groups_of(hub, person)


def _check(outcome: ChangeOutcome, error: type[ConnectorError] | None) -> None:
    if error is not None:
        assert (Fate.REFUSED, error) == (outcome.fate, type(outcome.error)), outcome
        return
    assert Fate.DONE is outcome.fate, outcome
    assert outcome.result is not None
    assert {} == missed(outcome.result), outcome


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCENES)
async def test_many_people_end_as_their_outcomes_say(name: str, kind: str, clock: VirtualClock) -> None:
    """
    One request goes wrong, in each way: everybody is changed and said to be, or nobody is and is said not to be.
    """
    scene = SCENES[name]
    await _tried(scene, KINDS[kind], scene.errors.get(kind), clock)


async def test_a_group_that_is_not_told_is_found(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Planted: a connector that does not say whom a group lacks is found out.
    """
    monkeypatch.setattr(GatheredMemberships, "missed", lambda *_: None)
    with pytest.raises(AssertionError, match=r"is in \{'Managers'\}"):
        await _tried(SCENES["create/PATCH of a group"], Fail(403), None, clock)
