"""
Reading several objects by uid.
"""

from collections.abc import Awaitable, Callable, Sequence

from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.objects import Batch, ConnectorObject


async def present(read: Callable[[str], Awaitable[ConnectorObject]], uids: Sequence[str]) -> Batch:
    """
    Return those of the objects that are there.
    """
    found = []
    for uid in uids:
        try:
            found.append(await read(uid))
        except UnknownUid:
            continue
    return Batch(found)
