"""
A system as this door calls it: its facade, or the facade behind the shapes of a provisioner file.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import ConnectorObject, SearchResult, TestReport, WriteResult
from webex_connector.icf.operations import SyncDelta
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import Schema


class Found(Protocol):
    """
    A search: iterate it for lists of objects; when it has ended, `result` tells about cookie and totals.
    """

    @property
    def result(self) -> SearchResult:
        """
        What is known at the end.
        """
        ...

    def __aiter__(self) -> AsyncIterator[list[ConnectorObject]]: ...


class Target(Protocol):
    """
    The operations of a system. They promise what those of the facade do.
    """

    @property
    def schema(self) -> Schema:
        """
        The object classes there are.
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

    async def get(self, object_class: str, uid: str, options: OperationOptions) -> ConnectorObject:
        """
        Read an object.
        """
        ...

    def search(self, object_class: str, node: Filter, options: OperationOptions) -> Found:
        """
        Look for objects.
        """
        ...

    def sync(self, object_class: str, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Stream what changed since the token.
        """
        ...

    async def latest_token(self, object_class: str, options: OperationOptions) -> str | None:
        """
        Return the sync token of now.
        """
        ...

    async def authenticate(self, object_class: str, name: str, password: str, options: OperationOptions) -> str:
        """
        Check somebody's password and return the uid.
        """
        ...

    async def test(self, options: OperationOptions) -> TestReport:
        """
        Test the connector.
        """
        ...
