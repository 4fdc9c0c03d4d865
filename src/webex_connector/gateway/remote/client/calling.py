"""
The operations of one configured connector elsewhere.
"""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from webex_connector.gateway.remote import options as wire_options
from webex_connector.gateway.remote.client.server import Server, Stream
from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.gateway.remote.codec.messages import OperationRequest
from webex_connector.gateway.remote.codec.objects import OperationOptions as WireOptions
from webex_connector.gateway.remote.codec.objects import SearchResult
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import JavaClass, Map, Value
from webex_connector.icf.errors import ConnectionBroken, UnsupportedOperation
from webex_connector.icf.options import OperationOptions


@dataclass(frozen=True, slots=True)
class Calling:
    """
    A server, one of its connectors, and how it is configured.
    """

    server: Server
    connector: ConnectorKey
    facade_key: str = field(repr=False)
    """
    The configuration; it holds secrets.
    """

    async def call(self, operation: str, method: str, *arguments: Value, writing: bool = False) -> Value:
        """
        Return what an operation without a stream answers. Raises what `Server.call` raises.
        """
        return await self.server.call(self._request(operation, method, *arguments), writing=writing)

    def stream(self, operation: str, method: str, *arguments: Value) -> Stream:
        """
        Return the stream of an operation.
        """
        return self.server.stream(self._request(operation, method, *arguments))

    def _request(self, operation: str, method: str, *arguments: Value) -> OperationRequest:
        return OperationRequest(JavaClass(operation), method, self.connector, self.facade_key, arguments)


async def objects_of(stream: Stream) -> AsyncGenerator[Value, None]:
    """
    Yield the objects of a stream without the result of the search, which Java puts among them.
    """
    async with aclosing(aiter(stream)) as objects:
        async for each in objects:
            if not isinstance(each, SearchResult):
                yield each


def writing_options(options: OperationOptions, known: frozenset[str]) -> Value:
    """
    Return what accompanies a write. Raises UnsupportedOperation for a dry run where the server knows none: it would
    make the change.
    """
    if not options.dry_run:
        return None
    if wire_options.DRY_RUN not in known:
        raise UnsupportedOperation("The connector server cannot try a change without making it")
    return WireOptions(Map(((wire_options.DRY_RUN, True),)))


@contextmanager
def understood() -> Iterator[None]:
    """
    Turn Malformed into ConnectionBroken: the server said something that nobody understands.
    """
    try:
        yield
    except Malformed as problem:
        raise ConnectionBroken(f"What the connector server answers is not understood: {problem}") from problem
