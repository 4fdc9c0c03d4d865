"""
Taking an inventory: every object of a class is looked at, and whoever is otherwise than before gets a new version.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from webex_connector.icf import names
from webex_connector.icf.calling import Operations
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.masking import masked_json
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.store.snapshots import Seen, Snapshot, SnapshotTable
from webex_connector.sync.records import canonical, digest

VOLATILE: Final = frozenset({"lastActivity", "lastModified", "status", "presence"})
"""
Attributes that change by themselves; they are in no version.
"""


Watch = Callable[[int], Awaitable[None]]
"""
Is told from time to time how many objects were looked at; what it raises breaks the inventory off.
"""


async def _nobody(_: int) -> None:
    """
    Do not watch.
    """


async def take(
    target: Operations, object_class: str, table: SnapshotTable, actor: str, watch: Watch = _nobody
) -> Snapshot:
    """
    Take an inventory of an object class. A mirror answers without asking Webex anything.

    Raises what the target, the store and `watch` raise; then the look is not finished, and nobody counts as gone.
    """
    info = target.schema.object_class(object_class)
    wanted = tuple(sorted({*info.defaults, names.ENABLE} & {each.name for each in info.attributes} - VOLATILE))
    options = OperationOptions(attributes_to_get=wanted, actor=Actor(actor, "inventory"), lane=Lane.BULK)
    look, count = await table.begin(), 0
    async for objects in target.search(object_class, EVERYTHING, options):
        await table.see(look, [_seen(each) for each in objects])
        count += len(objects)
        await watch(count)
    return await table.finish(look)


def _seen(found: ConnectorObject) -> Seen:
    attributes = {name: values for name, values in found.attributes.items() if name not in VOLATILE and values}
    return Seen(found.uid, found.name, digest(canonical(attributes)), masked_json(attributes))
