"""
The process is killed between any two requests of people being made or deleted by SCIM, one or many; asking again makes
the world whole.
"""

from collections.abc import Callable, Sequence

import pytest

from fakes.fault_operations import ADDRESS, EMPTY, KNOWN, first_people, group_id, john
from fakes.fault_scim import SCIM_ALONE, restricted
from fakes.hub import OPTIONS
from fakes.killing import Plan, Story, creating, deleting, killed_everywhere, repeated
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, replaced
from webex_connector.icf.errors import AlreadyExists
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.faults import Fault, LoseAnswer, Reset
from webex_connector.sandbox.world import World

pytestmark = pytest.mark.long

MANY = 104
"""
More people than one request takes.
"""

BULK = "POST /Bulk"


def _person(world: World, number: int, **more: tuple[str | bool, ...]) -> Attributes:
    return {
        "emails": (ADDRESS if number == 0 else f"new{number}@acme.example",),
        "displayName": (f"New {number}",),
        "externalId": (f"hr-{number}",),
        "groups": (group_id(world, EMPTY), group_id(world, KNOWN)),
        **more,
    }


def _one(world: World) -> Plan:
    return creating(names.ACCOUNT, _person(world, 0))


def _one_disabled(world: World) -> Plan:
    return creating(names.ACCOUNT, _person(world, 0, **{names.ENABLE: (False,)}))


def _one_licensed(world: World) -> Plan:
    return creating(names.ACCOUNT, _person(world, 0, licenses=(rendering.license_id(world, CALL_ON_WEBEX),)))


def _gone_by_scim_alone(world: World) -> Plan:
    restricted(world)
    return deleting(names.ACCOUNT, john(world))


async def _apply(facade: Facade, changes: Sequence[ChangeRequest]) -> list[ChangeOutcome]:
    return await facade.apply_many(names.ACCOUNT, changes, OPTIONS)


def _making(wanted: Sequence[Attributes]) -> Plan:
    async def call(facade: Facade) -> list[ChangeOutcome]:
        return await _apply(facade, [ChangeRequest(Change.CREATE, attributes=each) for each in wanted])

    async def again(facade: Facade) -> None:
        completed = []
        for attributes, outcome in zip(wanted, await call(facade), strict=True):
            if isinstance(outcome.error, AlreadyExists):
                deltas = tuple(replaced(name, *values) for name, values in attributes.items())
                completed.append(ChangeRequest(Change.UPDATE, outcome.error.uid, deltas=deltas))
        await _apply(facade, completed)

    return Plan(call, again)


def _many(world: World) -> Plan:
    return _making([_person(world, number) for number in range(MANY)])


def _many_licensed(world: World) -> Plan:
    license_ = rendering.license_id(world, CALL_ON_WEBEX)
    return _making([_person(world, number, licenses=(license_,)) for number in range(4)])


def _deletions(count: int) -> Callable[[World], Plan]:
    def plan(world: World) -> Plan:
        changes = [ChangeRequest(Change.DELETE, uid) for uid in first_people(world, count)[2:]]

        async def call(facade: Facade) -> None:
            await _apply(facade, changes)

        return repeated(call)

    return plan


def _in_order(world: World) -> Plan:
    first, second = first_people(world, 6)[4:]
    changes = [
        ChangeRequest(Change.UPDATE, first, deltas=(replaced("title", "Lead"),)),
        ChangeRequest(Change.UPDATE, first, deltas=(replaced("title", "Chief"), replaced("externalId", "x"))),
        ChangeRequest(Change.UPDATE, second, deltas=(replaced("title", "Lead"),)),
        ChangeRequest(Change.DELETE, second),
    ]

    async def call(facade: Facade) -> None:
        await _apply(facade, changes)

    return repeated(call)


STORIES = {
    "create a person": Story(_one),
    "create a person whose answer is lost": Story(_one, faults=(Fault(LoseAnswer(), to="POST /Users"),)),
    "create a disabled person": Story(_one_disabled),
    "create a person with a licence": Story(_one_licensed),
    "delete a person where the people API may not": Story(_gone_by_scim_alone, settings=SCIM_ALONE),
    "create many": Story(_many),
    "create many whose answer is lost": Story(_many, faults=(Fault(LoseAnswer(), to=BULK),)),
    "create many whose request is lost": Story(_many, faults=(Fault(Reset(), to=BULK),)),
    "create many with licences": Story(_many_licensed),
    "delete many": Story(_deletions(MANY), people=112),
    "delete many whose answer is lost": Story(_deletions(MANY), people=112, faults=(Fault(LoseAnswer(), to=BULK),)),
    "change two in order": Story(_in_order, people=20),
}


# Once the road is found, auto goes as scim does: what takes hundreds of deaths is tried on one of them.
CASES = [(name, road) for name in STORIES for road in ("scim", "auto") if road == "scim" or " many" not in name]


@pytest.mark.parametrize(("name", "road"), CASES)
async def test_killed_writes_by_scim_are_repaired_by_asking_again(name: str, road: str, clock: VirtualClock) -> None:
    """
    Before each request, after its effect, and before the journal knows: the next call does the rest, nobody is made
    twice, and the journal shows the writes whose end nobody saw.
    """
    killed = await killed_everywhere(STORIES[name], clock, road)
    assert killed >= 2 * 4 + 1
