"""
The process is killed while an object with local attributes is written: between Webex and the store, too. Asking again
makes both whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from sqlalchemy import Connection, delete, insert, select

from fakes.beside import beside, empty_database
from fakes.fault_operations import ADDRESS, KNOWN, TEAM, first_people, group_id, john
from fakes.hub import OPTIONS
from fakes.killing import Asking, Plan, Story, creating, deleting, killed_everywhere, repeated
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import Change, ChangeRequest
from webex_connector.sandbox.world import World
from webex_connector.store.engine import Database
from webex_connector.store.tables import LOCAL_VALUES

HIS, ITS, NEW = "hr-old", "g-old", "new"
"""
The local values that John and a group have before, and the one that is written.
"""

LEAST_REQUESTS = 2
"""
One for the token, one to write.
"""


@dataclass(frozen=True)
class Case:
    """
    What a platform asks, and the local values there are once it has asked again.
    """

    plan: Callable[[World], Plan]
    kept: tuple[str, ...]


@pytest.fixture
def database() -> Iterator[Database]:
    """
    The store, which outlives every process.
    """
    with empty_database() as found:
        yield found


def _new_person(_world: World) -> Plan:
    attributes = {"emails": (ADDRESS,), "displayName": ("Zoë New",), "externalId": (NEW,)}
    return creating(names.ACCOUNT, attributes)


def _new_group(_world: World) -> Plan:
    return creating(names.GROUP, {"displayName": (TEAM,), "group_external_id": (NEW,)})


def _changed_person(world: World) -> Plan:
    async def call(facade: Facade) -> None:
        deltas = [replaced("title", "Tester"), replaced("externalId", NEW)]
        await facade.update(names.ACCOUNT, john(world), deltas, OPTIONS)

    return repeated(call)


def _changed_people(world: World) -> Plan:
    uids = [uid for uid in first_people(world, 4) if uid != john(world)][:2]

    async def call(facade: Facade) -> None:
        deltas = (replaced("title", "Tester"), replaced("externalId", NEW))
        changes = [ChangeRequest(Change.UPDATE, uid, deltas=deltas) for uid in uids]
        await facade.apply_many(names.ACCOUNT, changes, OPTIONS)

    return repeated(call)


CASES = {
    "create a person": Case(_new_person, (ITS, HIS, NEW)),
    "create a group": Case(_new_group, (ITS, HIS, NEW)),
    "update a person": Case(_changed_person, (ITS, NEW)),
    "update many": Case(_changed_people, (ITS, HIS, NEW, NEW)),
    "delete a person": Case(lambda world: deleting(names.ACCOUNT, john(world)), (ITS,)),
    "delete a group": Case(lambda world: deleting(names.GROUP, group_id(world, KNOWN)), (HIS,)),
}


def _reset(database: Database, world: World) -> None:
    places = (
        (names.ACCOUNT, john(world), "externalId", HIS),
        (names.GROUP, group_id(world, KNOWN), "group_external_id", ITS),
    )
    columns = ("object_class", "uid", "attribute", "value")
    rows = [
        {**dict(zip(columns, each, strict=True)), "system": "webex", "position": 0, "folded": each[-1]}
        for each in places
    ]

    def work(link: Connection) -> None:
        link.execute(delete(LOCAL_VALUES))
        link.execute(insert(LOCAL_VALUES), rows)

    database.write_now(work)


async def _checked(case: Case, again: Asking, database: Database, facade: Facade) -> None:
    """
    Ask again, and see what the store has.
    """
    await again(facade)
    chosen = select(LOCAL_VALUES.c.value).order_by(LOCAL_VALUES.c.value)
    assert list(case.kept) == await database.read(lambda link: list(link.scalars(chosen)))


@pytest.mark.parametrize("name", CASES)
async def test_local_attributes_are_repaired_by_asking_again(
    name: str, database: Database, clock: VirtualClock
) -> None:
    """
    Whatever of the object and its local values was written before the end, the next call does the rest.
    """
    case = CASES[name]

    def plan(world: World) -> Plan:
        _reset(database, world)
        asked = case.plan(world)
        return Plan(asked.call, partial(_checked, case, asked.again, database))

    wrapped = {"wrapped": lambda connector: beside(connector, database)}
    killed = await killed_everywhere(Story(plan, settings=wrapped), clock)
    assert killed >= 2 * LEAST_REQUESTS + 1
