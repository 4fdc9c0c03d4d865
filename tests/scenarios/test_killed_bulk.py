"""
The process is killed between any two requests of many changes at once; asking again makes the world whole.
"""

from collections.abc import Sequence

import pytest

from fakes.fault_operations import EMPTY, KNOWN, first_people, group_id
from fakes.hub import OPTIONS
from fakes.killing import Plan, Story, killed_everywhere, repeated
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, added, replaced
from webex_connector.icf.errors import AlreadyExists
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import CALL_ON_WEBEX
from webex_connector.sandbox.world import World

pytestmark = pytest.mark.long

MANY = 12
"""
More people than are worked on at the same time.
"""


async def _apply(facade: Facade, changes: Sequence[ChangeRequest]) -> list[ChangeOutcome]:
    return await facade.apply_many(names.ACCOUNT, changes, OPTIONS)


def _new_people(world: World) -> Plan:
    wanted: list[Attributes] = [
        {
            "emails": (f"new{number}@acme.example",),
            "displayName": (f"New {number}",),
            "licenses": (rendering.license_id(world, CALL_ON_WEBEX),),
            "groups": (group_id(world, EMPTY), group_id(world, KNOWN)),
        }
        for number in range(MANY)
    ]

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


def _mixed(world: World) -> Plan:
    uids = first_people(world, MANY)
    groups = (group_id(world, EMPTY), group_id(world, KNOWN))
    changes = [
        *(ChangeRequest(Change.UPDATE, uid, deltas=(replaced("groups", *groups),)) for uid in uids[:4]),
        *(
            ChangeRequest(Change.UPDATE, uid, deltas=(replaced("title", "Tester"), added("groups", groups[0])))
            for uid in uids[4:8]
        ),
        *(ChangeRequest(Change.DELETE, uid) for uid in uids[8:]),
    ]

    async def call(facade: Facade) -> None:
        await _apply(facade, changes)

    return repeated(call)


STORIES = {"create many": Story(_new_people), "update and delete many": Story(_mixed, people=20)}


@pytest.mark.parametrize("road", ["people", "scim"])
@pytest.mark.parametrize("name", STORIES)
async def test_killed_many_changes_are_repaired_by_asking_again(name: str, road: str, clock: VirtualClock) -> None:
    """
    Whatever was made, changed or deleted before, the next call does the rest; nobody is made twice, and the journal
    shows the writes whose end nobody saw.
    """
    killed = await killed_everywhere(STORIES[name], clock, road)
    assert killed >= 2 * MANY
