"""
The contract checks on every object class of the connector of classic meeting sites, over HTTP against a simulated one.
"""

from dataclasses import replace

import pytest

from fakes.classic_site import running_site, subject_of
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import SystemClock
from webex_connector.connector.meetings_site.connector import opened
from webex_connector.connector.meetings_site.properties import PROPERTIES
from webex_connector.icf.attributes import replaced
from webex_connector.icf.configuration import configured
from webex_connector.icf.contract import following
from webex_connector.icf.contract.checks import Check, concerning
from webex_connector.icf.contract.subject import Alteration
from webex_connector.icf.operations import schema_of

pytestmark = pytest.mark.long

_GIVEN = {"siteName": "acme", "webExId": "admin", "password": "nobody is asked"}
_SCHEMA = schema_of(opened(configured(PROPERTIES, _GIVEN), SystemClock()))

CASES = [
    pytest.param(object_class, check, id=f"{object_class}: {check.name}")
    for object_class, operations in _SCHEMA.operations.items()
    for check in concerning(operations)
]

IN_LIST = Alteration(replaced("lastName", "Otherwise"), ("Otherwise",))
"""
A change that the listing shows; any other is not noticed by who follows changes.
"""


@pytest.mark.parametrize(("object_class", "check"), CASES)
async def test_a_site_keeps_the_contract(object_class: str, check: Check, clock: VirtualClock) -> None:
    """
    Each object class keeps every promise that concerns it; a deleted user stays, and is not enabled.
    """
    async with running_site(clock, users=6) as running:
        subject = subject_of(object_class, running)
        followed = check.run is following.an_update_is_told_until_acknowledged
        await check.run(replace(subject, alteration=IN_LIST) if followed else subject)
