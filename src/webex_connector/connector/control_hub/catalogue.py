"""
Object classes that Webex only lists: all of them in one answer, each to be read by itself, none to be written.
"""

from collections.abc import AsyncIterator
from typing import Any, Protocol

from webex_connector.connector.by_uid import present
from webex_connector.connector.calls import call_of
from webex_connector.connector.faults import reading, reading_one
from webex_connector.connector.queries import ByUid, Listing, translated
from webex_connector.icf.attributes import Values
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.call import Call


class Shelf(Protocol):
    """
    The drawer of the Webex client that holds the objects.
    """

    async def list(self, call: Call) -> list[dict[str, Any]]:
        """
        Return them all.
        """
        ...

    async def get(self, uid: str, call: Call, /) -> dict[str, Any]:
        """
        Return one.
        """
        ...


class Catalogue:
    """
    The handler of such a class.
    """

    def __init__(self, info: ObjectClassInfo, shelf: Shelf) -> None:
        self.info = info
        self._shelf = shelf

    async def get(
        self,
        uid: str,
        wanted: frozenset[str],  # noqa: ARG002 - everything comes at once
        options: OperationOptions,
    ) -> ConnectorObject:
        """
        Read one object.
        """
        with reading_one(self.info.name, uid):
            return self._object(await self._shelf.get(uid, call_of(options)))

    def translate(self, node: Filter) -> Translation:
        """
        Webex finds these objects by uid alone.
        """
        return translated(node, {}, self.info.name_attribute)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,  # noqa: ARG002 - there is one page
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Yield the objects in one batch.
        """
        if isinstance(native, ByUid):
            yield await present(lambda uid: self.get(uid, wanted, options), native.uids)
        elif isinstance(native, Listing):
            with reading():
                found = await self._shelf.list(call_of(options))
            yield Batch([self._object(each) for each in found], total=len(found))

    def _object(self, sent: dict[str, Any]) -> ConnectorObject:
        attributes: dict[str, Values] = {
            fact.name: (sent[fact.name],) for fact in self.info.attributes if sent.get(fact.name) is not None
        }
        return ConnectorObject(self.info.name, sent["id"], sent.get("name"), attributes)
