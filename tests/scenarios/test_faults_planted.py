"""
Mistakes planted in the connector: under a fault schedule each of them must be found.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pytest

from fakes.fault_kinds import WHOLE, End, Schedule, fails, partly, unclear
from fakes.fault_operations import CREATING, DELETING, EVERYTHING, FOUNDING, JOINING, RETITLING
from fakes.fault_trial import Operation, tried
from fakes.hub import Hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import Ambiguous, ConnectionBroken, ConnectorError, InvalidAttributeValue
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.ports import Done, Failed
from webex_connector.sandbox.faults import DidNotFire, Fail, Fault, LoseAnswer, RefuseButApplied, Reset
from webex_connector.sandbox.scenarios import ADMIN
from webex_connector.webex.call import Call
from webex_connector.webex.errors import AnswerLost, WebexError


def _repeats_blindly(hub: Hub) -> None:
    groups = _client(hub).groups
    create = groups.create

    async def again(body: dict[str, Any], call: Call) -> Any:
        try:
            return await create(body, call)
        except AnswerLost:
            return await create(body, call)

    groups.create = again


def _believes_in_deletions(hub: Hub) -> None:
    people = _client(hub).people
    delete = people.delete

    async def believed(uid: str, call: Call) -> None:
        try:
            await delete(uid, call)
        except WebexError:
            return

    people.delete = believed


def _says_yes(hub: Hub) -> None:
    handler = hub.facade._handlers[names.folded(names.ACCOUNT)]
    update = handler.update  # type: ignore[attr-defined]  # accounts can be updated

    async def yes(uid: str, deltas: Any, options: OperationOptions) -> WriteResult:
        try:
            result: WriteResult = await update(uid, deltas, options)
        except ConnectorError:
            return WriteResult(uid)
        return result

    handler.update = yes  # type: ignore[attr-defined]  # as above


def _hides_what_it_missed(hub: Hub) -> None:
    handler = hub.facade._handlers[names.folded(names.ACCOUNT)]
    update = handler.update  # type: ignore[attr-defined]  # accounts can be updated

    async def hidden(uid: str, deltas: Any, options: OperationOptions) -> WriteResult:
        result: WriteResult = await update(uid, deltas, options)
        return replace(result, not_applied=())

    handler.update = hidden  # type: ignore[attr-defined]  # as above


def _gives_up_at_once(hub: Hub) -> None:
    handler = hub.facade._handlers[names.folded(names.ACCOUNT)]
    people = _client(hub).people

    async def hasty(attributes: Attributes, options: OperationOptions) -> WriteResult:
        try:
            made = await people.create({"emails": list(attributes["emails"]), "displayName": "Zoë New"}, Call())
        except WebexError as error:
            raise ConnectionBroken(str(error)) from error
        return WriteResult(made["id"])

    handler.create = hasty  # type: ignore[attr-defined]  # accounts can be created


def _touches_others(hub: Hub) -> None:
    people, world = _client(hub).people, hub.sandbox.world
    replace_person = people.replace

    async def astray(uid: str, body: dict[str, Any], call: Call, **flags: bool) -> Any:
        admin = world.person_at(ADMIN)
        assert admin is not None
        world.put_person(msgspec.structs.replace(admin, department=""))
        return await replace_person(uid, body, call, **flags)

    people.replace = astray


def _forgets_the_end(hub: Hub) -> None:
    async def end(_key: str, _end: Done | Failed) -> None:
        return

    vars(hub.journal)["end"] = end


def _client(hub: Hub) -> Any:
    return hub.facade._connector._client  # type: ignore[attr-defined]  # the connector is Control Hub


@dataclass(frozen=True)
class Plant:
    """
    A mistake, the schedule under which it shows, and words of the complaint.
    """

    mistake: Callable[[Hub], None]
    operation: Operation
    faults: tuple[Fault, ...]
    complaint: str
    end: End = WHOLE


PLANTS = {
    "a POST repeated blindly": Plant(_repeats_blindly, FOUNDING, (Fault(LoseAnswer(), to="POST /groups"),), "there is"),
    "a deletion believed": Plant(
        _believes_in_deletions, DELETING, (Fault(Fail(500), to="DELETE /people/{id}"),), "there is"
    ),
    "success without looking": Plant(
        _says_yes, RETITLING, (Fault(Fail(400), to="PUT /people/{id}"),), "title is", WHOLE
    ),
    "a miss left out of the result": Plant(
        _hides_what_it_missed,
        EVERYTHING,
        (Fault(Fail(400), to="PATCH /groups/{id}"),),
        "not applied",
        partly("groups"),
    ),
    "an error though somebody was made": Plant(
        _gives_up_at_once,
        CREATING,
        (Fault(RefuseButApplied(500), to="POST /people"),),
        "there is",
        fails(ConnectionBroken),
    ),
    "somebody else changed": Plant(_touches_others, RETITLING, (), "somebody else was changed"),
    "a journal entry without an end": Plant(_forgets_the_end, JOINING, (), "the journal says None"),
}


@pytest.mark.parametrize("title", PLANTS)
async def test_a_planted_mistake_is_found(title: str, clock: VirtualClock) -> None:
    """
    The checker complains about the mistake, in words that name it.
    """
    plant = PLANTS[title]
    with pytest.raises(AssertionError, match=plant.complaint):
        await tried(plant.operation, Schedule(title, plant.faults, plant.end), clock, plant.mistake)


@pytest.mark.parametrize("title", PLANTS)
async def test_the_same_schedule_passes_without_the_mistake(title: str, clock: VirtualClock) -> None:
    """
    It is the mistake that is found, not the schedule that is wrong.
    """
    plant = PLANTS[title]
    end = _HEALTHY.get(title, plant.end)
    await tried(plant.operation, Schedule(title, plant.faults, end), clock)


_HEALTHY = {
    "success without looking": fails(InvalidAttributeValue),
    "an error though somebody was made": WHOLE,
}


async def test_a_fault_that_never_strikes_fails_the_trial(clock: VirtualClock) -> None:
    """
    A schedule that misses its request proves nothing.
    """
    schedule = Schedule("misses", (Fault(Reset(), to="PATCH /licenses/users"),))
    with pytest.raises(DidNotFire):
        await tried(RETITLING, schedule, clock)


@pytest.mark.parametrize("end", [unclear(), End(Ambiguous, in_place=None), partly("title"), fails(ConnectionBroken)])
async def test_an_end_that_was_not_expected_fails_the_trial(end: End, clock: VirtualClock) -> None:
    """
    A success is no doubt, no partial result and no error.
    """
    with pytest.raises(AssertionError, match="expected"):
        await tried(RETITLING, Schedule("calm", (), end), clock)
