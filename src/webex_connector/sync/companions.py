"""
Licences that come along with others by themselves: the free ones, which belong to no subscription. Webex takes them
from nobody who needs one, and by itself from whoever does not; so a mapping gives them and never takes them.
"""

from typing import Final

from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.sync.apply.ports import TargetSystem
from webex_connector.sync.decide.comparing import LICENSES
from webex_connector.sync.decide.definition import SyncMapping

_SUBSCRIPTION: Final = "subscriptionId"


async def companions_of(mapping: SyncMapping, target: TargetSystem, actor: Actor) -> frozenset[str]:
    """
    Return the uids of these licences, where a mapping gives licences each time; one walk of all licences.

    Raises any ConnectorError when they cannot be read.
    """
    info = target.schema.object_class(mapping.object_class)
    given = {info.attribute(each.target).refers_to for each in mapping.properties if not each.on_create_only}
    there = {each.name: each for each in target.schema.object_classes}
    if LICENSES not in given or LICENSES not in there or not there[LICENSES].has(_SUBSCRIPTION):
        return frozenset()
    options = OperationOptions(actor=actor, lane=Lane.BULK)
    found: set[str] = set()
    async for licenses in target.search(LICENSES, EVERYTHING, options):
        found.update(each.uid for each in licenses if not each.attributes.get(_SUBSCRIPTION))
    return frozenset(found)
