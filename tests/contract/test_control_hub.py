"""
The contract checks on every object class of the Control Hub connector, over HTTP against a simulated organisation.
"""

import pytest

from fakes.hub import running_hub
from fakes.hub_subjects import WITH_TEAMS, subject_of
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


def _schema(road: str, **more: object) -> Schema:
    given = {"authenticationMethod": "TOKEN", "authToken": "nobody is asked", "road": road, **more}
    return schema_of(opened(configured(PROPERTIES, given), SystemClock(), MemoryVault()))


ROADS = (
    ("people", None),
    ("scim", None),
    ("auto", {names.ACCOUNT}),
)
"""
The roads, and the object classes that are tried on each; None for all.
"""

CASES = [
    pytest.param(road, object_class, check, id=f"{road} road, {object_class}: {check.name}")
    for road, classes in ROADS
    for object_class, operations in _schema(road).operations.items()
    if classes is None or object_class in classes
    for check in concerning(operations)
]


@pytest.mark.parametrize(("road", "object_class", "check"), CASES)
async def test_control_hub_keeps_the_contract(
    road: str,
    object_class: str,
    check: Check,
    clock: VirtualClock,
) -> None:
    """
    Each object class keeps every promise that concerns it on either road, in an organisation where names of groups are
    unique.
    """
    async with running_hub(clock, people=6, quirks=Quirks(duplicate_groups=False), road=road) as hub:
        await check.run(subject_of(object_class, hub))


OPTIONAL_CASES = [
    pytest.param(road, object_class, check, id=f"{road} road, {object_class}: {check.name}")
    for road in ("people", "scim")
    for object_class in ("TEAMS", "LOCATIONS")
    for check in concerning(_schema("people", objectClasses=[object_class]).operations[object_class])
]


@pytest.mark.parametrize(("road", "object_class", "check"), OPTIONAL_CASES)
async def test_optional_classes_keep_the_contract(
    road: str, object_class: str, check: Check, clock: VirtualClock
) -> None:
    """
    Teams and locations are there only when the settings name them, and keep every promise too.
    """
    async with running_hub(clock, people=6, road=road, **{**WITH_TEAMS, "objectClasses": [object_class]}) as hub:
        await check.run(subject_of(object_class, hub))
