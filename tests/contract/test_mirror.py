"""
The contract checks on connectors with a mirror in front of them.
"""

import pytest

from fakes.beside import empty_database, with_local_values
from fakes.hub import running_hub
from fakes.hub_subjects import WITH_TEAMS
from fakes.hub_subjects import subject_of as hub_subject_of
from fakes.memory_connector import MemoryConnector, Pushdown, Traits
from fakes.memory_subjects import OBJECT_CLASSES, facade_of, inhabited, subject_of
from fakes.mirrors import CLASSES, Mirrors
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import SystemClock
from webex_connector.connector.control_hub.connector import opened
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf import names
from webex_connector.icf.configuration import configured
from webex_connector.icf.contract.checks import Check, concerning
from webex_connector.icf.operations import schema_of
from webex_connector.icf.schema import Schema
from webex_connector.sandbox.quirks import Quirks
from webex_connector.webex.tokens import MemoryVault

pytestmark = pytest.mark.long

TARGETS = {
    "evaluates no filter": (Traits(), False, True),
    "evaluates everything, in bulk": (Traits(Pushdown.EVERYTHING, totals=True), True, True),
    "small batches, not filled yet": (Traits(Pushdown.IDENTIFIERS, batch_size=2, totals=True), False, False),
}
"""
What the target evaluates, whether it takes many changes at once, and whether there are pictures.
"""

MEMORY = [
    pytest.param(object_class, target, check, id=f"{object_class}, {name}: {check.name}")
    for object_class in OBJECT_CLASSES
    for name, target in TARGETS.items()
    for check in concerning(schema_of(MemoryConnector(bulk=target[1])).operations[object_class])
]


@pytest.mark.parametrize(("object_class", "target", "check"), MEMORY)
async def test_a_connector_in_memory_keeps_the_contract(
    object_class: str, target: tuple[Traits, bool, bool], check: Check, clock: VirtualClock
) -> None:
    """
    Whatever the target evaluates, objects are the same with pictures of them and while there are none.
    """
    traits, bulk, is_filled = target
    with empty_database() as database:
        mirrors = Mirrors(database, clock)
        facade = facade_of(mirrors(inhabited(traits, bulk=bulk)))
        if is_filled:
            await mirrors.fill()
        await check.run(with_local_values(subject_of(object_class, facade), check))


def _schema(road: str, **more: object) -> Schema:
    given = {"authenticationMethod": "TOKEN", "authToken": "nobody is asked", "road": road, **more}
    return schema_of(opened(configured(PROPERTIES, given), SystemClock(), MemoryVault()))


HUB = [
    pytest.param(road, object_class, check, id=f"{road} road, {object_class}: {check.name}")
    for road, classes in (("people", CLASSES[:4]), ("scim", CLASSES[:2]), ("auto", CLASSES[:1]))
    for object_class in classes
    for check in concerning(_schema(road).operations[object_class])
]


@pytest.mark.parametrize(("road", "object_class", "check"), HUB)
async def test_control_hub_keeps_the_contract(road: str, object_class: str, check: Check, clock: VirtualClock) -> None:
    """
    On either road, every object class keeps every promise that concerns it when it is read from its picture.
    """
    quirks = Quirks(duplicate_groups=False)
    with empty_database() as database:
        mirrors = Mirrors(database, clock)
        async with running_hub(clock, people=6, quirks=quirks, wrapped=mirrors, road=road) as hub:
            await mirrors.fill()
            await check.run(with_local_values(hub_subject_of(object_class, hub), check))


OPTIONAL = [
    pytest.param(object_class, check, id=f"{object_class}: {check.name}")
    for object_class in ("TEAMS", "LOCATIONS")
    for check in concerning(_schema("people", objectClasses=[object_class]).operations[object_class])
]


@pytest.mark.parametrize(("object_class", "check"), OPTIONAL)
async def test_optional_classes_keep_the_contract(object_class: str, check: Check, clock: VirtualClock) -> None:
    """
    Teams and locations keep every promise too.
    """
    with empty_database() as database:
        mirrors = Mirrors(database, clock, classes=(names.ACCOUNT, object_class))
        given = {**WITH_TEAMS, "objectClasses": [object_class]}
        async with running_hub(clock, people=6, wrapped=mirrors, road="people", **given) as hub:
            await mirrors.fill()
            await check.run(hub_subject_of(object_class, hub))
