"""
The contract checks on connectors with local attributes in front of them.
"""

import pytest

from fakes.beside import beside, empty_database, with_local_values
from fakes.hub import running_hub
from fakes.hub_subjects import subject_of as hub_subject_of
from fakes.memory_connector import MemoryConnector, Pushdown, Traits
from fakes.memory_subjects import OBJECT_CLASSES, facade_of, inhabited, subject_of
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import SystemClock
from webex_connector.connector.control_hub.connector import opened
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf import names
from webex_connector.icf.configuration import configured
from webex_connector.icf.contract.checks import Check, concerning
from webex_connector.icf.operations import Connector, schema_of
from webex_connector.sandbox.quirks import Quirks
from webex_connector.webex.tokens import MemoryVault

pytestmark = pytest.mark.long

TARGETS = {
    "evaluates no filter": (Traits(), False),
    "evaluates identifiers, counts, small batches": (Traits(Pushdown.IDENTIFIERS, batch_size=2, totals=True), False),
    "evaluates everything, in bulk": (Traits(Pushdown.EVERYTHING, totals=True), True),
}
"""
What the target evaluates, and whether it takes many changes at once.
"""

MEMORY = [
    pytest.param(object_class, target, check, id=f"{object_class}, {name}: {check.name}")
    for object_class in OBJECT_CLASSES
    for name, target in TARGETS.items()
    for check in concerning(schema_of(MemoryConnector(bulk=target[1])).operations[object_class])
]


@pytest.mark.parametrize(("object_class", "target", "check"), MEMORY)
async def test_a_connector_in_memory_keeps_the_contract(
    object_class: str,
    target: tuple[Traits, bool],
    check: Check,
) -> None:
    """
    Whatever the target evaluates, objects with local values keep every promise that concerns them.
    """
    traits, bulk = target
    with empty_database() as database:
        facade = facade_of(beside(inhabited(traits, bulk=bulk), database))
        await check.run(with_local_values(subject_of(object_class, facade), check))


def _hub(road: str) -> Connector:
    given = {"authenticationMethod": "TOKEN", "authToken": "nobody is asked", "road": road}
    return opened(configured(PROPERTIES, given), SystemClock(), MemoryVault())


HUB = [
    pytest.param(road, object_class, check, id=f"{road} road, {object_class}: {check.name}")
    for road, object_class in (("people", names.ACCOUNT), ("people", names.GROUP), ("scim", names.GROUP))
    for check in concerning(schema_of(_hub(road)).operations[object_class])
]


@pytest.mark.parametrize(("road", "object_class", "check"), HUB)
async def test_control_hub_keeps_the_contract(road: str, object_class: str, check: Check, clock: VirtualClock) -> None:
    """
    On either road, people and groups with local values keep every promise that concerns them. People of the SCIM road
    have none.
    """
    quirks = Quirks(duplicate_groups=False)
    with empty_database() as database:
        front = running_hub(clock, people=6, quirks=quirks, wrapped=lambda each: beside(each, database), road=road)
        async with front as hub:
            await check.run(with_local_values(hub_subject_of(object_class, hub), check))
