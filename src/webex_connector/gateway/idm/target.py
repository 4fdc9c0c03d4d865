"""
A system as this door calls it: its facade, or the facade behind the shapes of a provisioner file.
"""

from collections.abc import AsyncIterator
from typing import Protocol

from webex_connector.icf.calling import Operations
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import ConnectorObject, SearchResult, TestReport
from webex_connector.icf.operations import SyncDelta
from webex_connector.icf.options import OperationOptions


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


class Target(Operations, Protocol):
    """
    The operations of a system. They promise what those of the facade do.
    """

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
