"""
Reading several objects by uid.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.objects import Batch, ConnectorObject


async def present(read: Callable[[str], Awaitable[ConnectorObject]], uids: Sequence[str]) -> Batch:
    """
    Return those of the objects that are there, each once, in however many spellings its uid was given.
    """
    found: dict[str, ConnectorObject] = {}
    for uid in uids:
        with suppress(UnknownUid):
            each = await read(uid)
            found[each.uid] = each
    return Batch(list(found.values()))
