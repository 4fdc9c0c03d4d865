"""
The contract checks on every object class of the in-memory connector, with targets of several abilities.
"""

import pytest

from fakes.memory_connector import MemoryConnector, Pushdown, Traits
from fakes.memory_following import FollowedHandler
from fakes.memory_subjects import OBJECT_CLASSES, facade_of, inhabited, subject_of
from webex_connector.icf import names
from webex_connector.icf.contract.checks import CHECKS, Check, concerning
from webex_connector.icf.operations import schema_of
from webex_connector.icf.schema import Operation

TARGETS = {
    "evaluates no filter": Traits(),
    "evaluates identifiers, counts, small batches": Traits(Pushdown.IDENTIFIERS, batch_size=2, totals=True),
    "evaluates everything, small batches": Traits(Pushdown.EVERYTHING, batch_size=3),
    "evaluates everything and counts": Traits(Pushdown.EVERYTHING, totals=True),
}

CASES = [
    pytest.param(object_class, check, id=f"{object_class}: {check.name}")
    for object_class in OBJECT_CLASSES
    for check in concerning(schema_of(MemoryConnector()).operations[object_class])
]


@pytest.mark.parametrize("traits", TARGETS.values(), ids=TARGETS.keys())
@pytest.mark.parametrize(("object_class", "check"), CASES)
async def test_memory_connector_keeps_the_contract(object_class: str, check: Check, traits: Traits) -> None:
    """
    Whatever the target evaluates and counts, each object class keeps every promise that concerns it.
    """
    await check.run(subject_of(object_class, facade_of(inhabited(traits))))


FOLLOWING = [check for check in CHECKS if Operation.SYNC in check.needs]


@pytest.mark.parametrize("check", FOLLOWING, ids=lambda check: check.name)
async def test_memory_connector_tells_what_changed(check: Check) -> None:
    """
    An object class that notes every write keeps every promise about following it.
    """
    connector = inhabited()
    plain = connector.handlers[names.ACCOUNT]
    rows = connector.world[names.ACCOUNT]
    connector._handlers[names.ACCOUNT] = FollowedHandler(plain.info, rows, connector.traits, connector.traffic)
    await check.run(subject_of(names.ACCOUNT, facade_of(connector)))
