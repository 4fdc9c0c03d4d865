"""
The contract checks on every object class of the Control Hub connector, over HTTP against a simulated organisation.
"""

import pytest

from fakes.hub import running_hub
from fakes.hub_subjects import subject_of
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import SystemClock
from webex_connector.connector.configuration import PROPERTIES
from webex_connector.connector.control_hub.connector import opened
from webex_connector.icf.configuration import configured
from webex_connector.icf.contract.checks import Check, concerning
from webex_connector.icf.operations import schema_of
from webex_connector.sandbox.quirks import Quirks
from webex_connector.webex.tokens import MemoryVault

_UNUSED = configured(PROPERTIES, {"authenticationMethod": "TOKEN", "authToken": "nobody is asked"})
_SCHEMA = schema_of(opened(_UNUSED, SystemClock(), MemoryVault()))

CASES = [
    pytest.param(object_class, check, id=f"{object_class}: {check.name}")
    for object_class, operations in _SCHEMA.operations.items()
    for check in concerning(operations)
]


@pytest.mark.parametrize(("object_class", "check"), CASES)
async def test_control_hub_keeps_the_contract(object_class: str, check: Check, clock: VirtualClock) -> None:
    """
    Each object class keeps every promise that concerns it, in an organisation where names of groups are unique.
    """
    async with running_hub(clock, people=6, quirks=Quirks(duplicate_groups=False)) as hub:
        await check.run(subject_of(object_class, hub))
