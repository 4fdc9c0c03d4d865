"""
What the target did not take of a write.
"""

from collections.abc import Sequence
from dataclasses import replace

from fakes.memory_connector import MemoryConnector, WritingHandler
from fakes.remote_client import MemoryKind, serving
from fakes.virtual_time import VirtualClock
from webex_connector.gateway.remote.codec.objects import Attribute, AttributeDelta, Name, ObjectClass
from webex_connector.gateway.remote.codec.values import Set
from webex_connector.icf import attributes as model
from webex_connector.icf import names
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions

ACCOUNT = ObjectClass(names.ACCOUNT)


class _Reluctant(WritingHandler):
    """
    Takes no licence but the first.
    """

    async def update(self, uid: str, deltas: Sequence[model.AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change everything but the licences.
        """
        taken = [each for each in deltas if each.name != "licenses"]
        result = await super().update(uid, taken, options)
        return replace(result, not_applied=(NotApplied("licenses", ("L2",), "none left"),))


async def test_what_was_not_taken_is_a_side_effect_and_no_error(clock: VirtualClock) -> None:
    """
    A delta that was taken in part returns the values that the attribute really has; an exception would make the
    platform write again what is already there.
    """
    connector = MemoryConnector()
    person = Set((Name("a@example.com"), Attribute("displayName", ("A",)), Attribute("licenses", ("L1",))))
    deltas = Set((AttributeDelta("licenses", add=("L2",)), AttributeDelta("title", replace=("Lead",))))
    bare = connector._handlers[names.ACCOUNT]
    assert isinstance(bare, WritingHandler)
    connector._handlers[names.ACCOUNT] = _Reluctant(bare.info, bare.rows, bare.traits, bare.traffic)
    async with serving(clock, kind=MemoryKind(clock, connector)) as served:
        uid = await served.platform.call("CreateApiOp", "create", ACCOUNT, person, None)
        effects = await served.platform.call("UpdateDeltaApiOp", "updateDelta", ACCOUNT, uid, deltas, None)

    assert Set((AttributeDelta("licenses", replace=("L1",)),)) == effects
    assert "Lead" == connector.world[names.ACCOUNT][uid.uid]["title"]
