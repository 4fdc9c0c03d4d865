"""
The operations of a system as its callers have them. What a connector can do is in `operations.py`.
"""

from collections.abc import AsyncIterable, Sequence
from typing import Protocol

from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import Schema


class Operations(Protocol):
    """
    The operations of a system as its callers have them: those of the facade, or of what stands for it.
    """

    @property
    def system(self) -> str:
        """
        The system's name.
        """
        ...

    @property
    def schema(self) -> Schema:
        """
        What the system holds.
        """
        ...

    async def get(self, object_class: str, uid: str, options: OperationOptions) -> ConnectorObject:
        """
        Read an object.
        """
        ...

    def search(
        self, object_class: str, node: Filter, options: OperationOptions
    ) -> AsyncIterable[Sequence[ConnectorObject]]:
        """
        Look for objects, in batches.
        """
        ...

    async def create(self, object_class: str, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make an object.
        """
        ...

    async def update(
        self,
        object_class: str,
        uid: str,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
    ) -> WriteResult:
        """
        Change an object.
        """
        ...

    async def delete(self, object_class: str, uid: str, options: OperationOptions) -> WriteResult:
        """
        Remove an object.
        """
        ...
