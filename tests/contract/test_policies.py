"""
The contract checks on connectors with provisioning policies in front of them.
"""

import pytest

from fakes.hub import running_hub
from fakes.hub_subjects import subject_of as hub_subject_of
from fakes.memory_connector import MemoryConnector, Pushdown, Traits
from fakes.memory_subjects import facade_of, inhabited, subject_of
from fakes.policies import holding, with_policies
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import SystemClock
from webex_connector.connector.control_hub.connector import opened
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf import names
from webex_connector.icf.configuration import configured
from webex_connector.icf.contract.checks import Check, concerning
from webex_connector.icf.operations import Connector, schema_of
from webex_connector.policy.provisioning import Otherwise, Policy
from webex_connector.sandbox.quirks import Quirks
from webex_connector.webex.tokens import MemoryVault

pytestmark = pytest.mark.long

# It looks at what the checks change, so that each change is thought about; and gives nothing, so that they find what
# they wrote.
POLICIES = (Policy("all", holding('source["displayName"]'), follow=True, otherwise=Otherwise.REMOVE),)

MEMORY = [
    pytest.param(bulk, check, id=f"{'in bulk: ' if bulk else ''}{check.name}")
    for bulk in (False, True)
    for check in concerning(schema_of(MemoryConnector(bulk=bulk)).operations[names.ACCOUNT])
]


@pytest.mark.parametrize(("bulk", "check"), MEMORY)
async def test_a_connector_in_memory_keeps_the_contract(check: Check, clock: VirtualClock, *, bulk: bool) -> None:
    """
    People with policies keep every promise that concerns them.
    """
    async with with_policies(POLICIES, clock) as wrapped:
        facade = facade_of(wrapped(inhabited(Traits(Pushdown.IDENTIFIERS, batch_size=2, totals=True), bulk=bulk)))
        await check.run(subject_of(names.ACCOUNT, facade))


def _hub(road: str) -> Connector:
    given = {"authenticationMethod": "TOKEN", "authToken": "nobody is asked", "road": road}
    return opened(configured(PROPERTIES, given), SystemClock(), MemoryVault())


HUB = [
    pytest.param(road, object_class, check, id=f"{road} road, {object_class}: {check.name}")
    for road, object_class in (("people", names.ACCOUNT), ("scim", names.ACCOUNT))
    for check in concerning(schema_of(_hub(road)).operations[object_class])
]


@pytest.mark.parametrize(("road", "object_class", "check"), HUB)
async def test_control_hub_keeps_the_contract(road: str, object_class: str, check: Check, clock: VirtualClock) -> None:
    """
    On either road, with policies in front.
    """
    quirks = Quirks(duplicate_groups=False)
    async with (
        with_policies(POLICIES, clock) as wrapped,
        running_hub(clock, people=6, quirks=quirks, wrapped=wrapped, road=road) as hub,
    ):
        await check.run(hub_subject_of(object_class, hub))
