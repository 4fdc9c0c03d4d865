"""
Connector servers that do not answer as they should.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from fakes.memory_connector import MemoryConnector, staff
from fakes.remote_client import CONNECTOR, KEY, MemoryKind, serving
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.client.calling import Calling
from webex_connector.gateway.remote.client.server import Server
from webex_connector.gateway.remote.codec.exceptions import ExceptionName, PlainException
from webex_connector.gateway.remote.codec.messages import ErrorResponse, HelloResponse
from webex_connector.gateway.remote.codec.objects import ConnectorObject, ObjectClass, Uid
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.icf import errors as icf

ACCOUNT = ObjectClass("__ACCOUNT__")


@asynccontextmanager
async def _answering(answer: bytes | None) -> AsyncIterator[Calling]:
    """
    Serve whoever comes with these bytes; None is silence.
    """
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        if answer is None:
            await done.wait()
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield Calling(Server("127.0.0.1", port, Secret(KEY)), CONNECTOR, "")
    finally:
        done.set()
        server.close()


STRANGE = {
    "hangs up": b"",
    "hangs up half-way": written(HelloResponse())[:30],
    "speaks otherwise": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "says something else": written(Uid("1")),
}


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
async def test_what_is_no_answer_is_told(answer: bytes) -> None:
    """
    A server that hangs up or speaks something else breaks a read; of a write nobody knows then whether it happened.
    """
    async with _answering(answer) as calling:
        with pytest.raises(icf.ConnectionBroken, match=r"127\.0\.0\.1"):
            await calling.server.hello()
        with pytest.raises(icf.ConnectionBroken):
            await calling.call("TestApiOp", "test")
        with pytest.raises(icf.Ambiguous):
            await calling.call("DeleteApiOp", "delete", ACCOUNT, Uid("1"), None, writing=True)
        with pytest.raises(icf.ConnectionBroken):
            [each async for each in calling.stream("SearchApiOp", "search", ACCOUNT, None, None)]


async def test_silence_is_not_waited_out(clock: VirtualClock) -> None:
    """
    A server that says nothing is given up after a minute.
    """
    async with _answering(None) as calling:
        began = clock.monotonic()
        with pytest.raises(icf.OperationTimeout, match="said nothing for 60 seconds"):
            await calling.call("TestApiOp", "test")
        assert 60 == pytest.approx(clock.monotonic() - began)
        with pytest.raises(icf.Ambiguous):
            await calling.call("TestApiOp", "test", writing=True)


async def test_a_request_that_could_not_be_read_is_told() -> None:
    """
    ConnId's answer to a request that it could not read is the error that it names.
    """
    told = ErrorResponse(PlainException(ExceptionName.CONFIGURATION, "no such connector"))
    async with _answering(written(told)) as calling:
        with pytest.raises(icf.ConfigurationInvalid, match="no such connector"):
            await calling.call("TestApiOp", "test")


async def test_a_wrong_key_reads_nothing(clock: VirtualClock) -> None:
    """
    A greeting with a wrong key is refused access.
    """
    async with serving(clock) as served:
        with pytest.raises(icf.AccessRefused, match="key"):
            await Server(served.platform.host, served.platform.port, Secret("guess")).hello()


async def test_leaving_a_stream_ends_it(clock: VirtualClock) -> None:
    """
    Whoever has enough of a stream hangs up; the target is asked for no more.
    """
    connector = MemoryConnector()
    staff(connector, 5_000)
    async with serving(clock, kind=MemoryKind(clock, connector)) as served:
        server = Server(served.platform.host, served.platform.port, Secret(KEY))
        stream = Calling(server, CONNECTOR, served.platform.facade_key).stream("SearchApiOp", "search", ACCOUNT, None)
        async with aclosing(aiter(stream)) as objects:
            assert isinstance(await anext(objects), ConnectorObject)
        await clock.sleep(1)
        assert connector.traffic.calls["batch"] < 10
    assert stream.returned is None


async def test_nothing_was_asked_where_nobody_listens() -> None:
    """
    Where no connection is made nothing happened, of a write neither.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(icf.ConnectionFailed, match="cannot be reached"):
        await Calling(Server("127.0.0.1", port, Secret(KEY)), CONNECTOR, "").call("DeleteApiOp", "delete", writing=True)
