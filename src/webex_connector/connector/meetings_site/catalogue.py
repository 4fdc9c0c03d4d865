"""
Object classes that are listed in one answer, and none of whose objects is written.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

from webex_connector.connector.calls import call_of
from webex_connector.connector.meetings_site.refusals import reading
from webex_connector.connector.queries import ByUid, Listing, translated
from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.call import Call

Read = Callable[[Call], Awaitable[list[ConnectorObject]]]
"""
Reads all objects of the class.
"""


class Catalogue:
    """
    The handler of such a class.
    """

    def __init__(self, info: ObjectClassInfo, read: Read) -> None:
        self.info = info
        self._read = read

    async def get(
        self,
        uid: str,
        wanted: frozenset[str],  # noqa: ARG002 - everything comes at once
        options: OperationOptions,
    ) -> ConnectorObject:
        """
        Return one of those that are listed.
        """
        for each in await self._all(options):
            if each.uid == uid:
                return each
        raise UnknownUid(f"There is no {uid} in {self.info.name}")

    def translate(self, node: Filter) -> Translation:
        """
        Nothing but the uid narrows the list.
        """
        return translated(node, {}, self.info.name_attribute)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],  # noqa: ARG002 - as above
        resume: str | None,  # noqa: ARG002 - there is one page
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Yield the objects in one batch.
        """
        if isinstance(native, ByUid | Listing):
            found = await self._all(options)
            among = [each for each in found if not isinstance(native, ByUid) or each.uid in native.uids]
            yield Batch(among, total=len(among))

    async def _all(self, options: OperationOptions) -> list[ConnectorObject]:
        with reading():
            return await self._read(call_of(options))
