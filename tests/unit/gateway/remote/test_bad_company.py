"""
Peers that misbehave cost little: each is let go with one line in the log, and those who behave do not notice.
"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from structlog.testing import capture_logs

from fakes.memory_connector import MemoryConnector, staff
from fakes.remote_client import MemoryKind, Platform, Refused, Served, serving
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.framing import TRUSTED
from webex_connector.gateway.remote.codec.messages import HelloRequest, OperationRequestMoreData, OperationResponsePause
from webex_connector.gateway.remote.codec.objects import ObjectClass
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.gateway.remote.codec.values import Locale

ACCOUNT = ObjectClass("__ACCOUNT__")
GREETING = written(Locale("en"), Secret("changeit"), HelloRequest())


def _nested(depth: int) -> bytes:
    value: object = ()
    for _ in range(depth):
        value = (value,)
    return written(Locale("en"), Secret("changeit"), value)


async def _says(served: Served, content: bytes) -> None:
    reader, writer = await asyncio.open_connection(served.platform.host, served.platform.port)
    writer.write(content)
    await reader.read()
    writer.close()


async def _says_part(served: Served) -> None:
    _, writer = await asyncio.open_connection(served.platform.host, served.platform.port)
    writer.write(GREETING[:60])
    await writer.drain()
    writer.close()


async def _drips(served: Served) -> None:
    reader, writer = await asyncio.open_connection(served.platform.host, served.platform.port)
    over = asyncio.create_task(reader.read())
    for each in GREETING:
        writer.write(bytes([each]))
        await asyncio.wait([over], timeout=3)
        if over.done():
            break
    writer.close()


async def _guesses(served: Served) -> None:
    stranger = Platform(served.platform.host, served.platform.port, key="guess")
    with pytest.raises(Refused):
        await stranger.call("TestApiOp", "test")


async def _vanishes(served: Served) -> None:
    async with served.platform.connected() as wire:
        await served.platform.ask(wire, served.platform.request("SearchApiOp", "search", ACCOUNT, None, None))


BAD: dict[str, Callable[[Served], Awaitable[None]]] = {
    "remote.peer_gone, cut off": _says_part,
    "remote.not_understood, a huge length": lambda served: _says(served, GREETING[:12] + b"\x7f\xff\xff\xff"),
    "remote.not_understood, deep nesting": lambda served: _says(served, _nested(200)),
    "remote.not_understood, an unknown type": lambda served: _says(served, GREETING.replace(b"Locale", b"Localx")),
    "remote.not_understood, no key": lambda served: _says(served, written(Locale("en"), HelloRequest())),
    "remote.not_understood, another protocol": lambda served: _says(served, b"GET / HTTP/1.1\r\n\r\n"),
    "remote.wrong_key": _guesses,
    "remote.peer_silent, drop by drop": _drips,
    "remote.peer_silent, nothing at all": lambda served: _says(served, b""),
    "remote.peer_gone, in the middle of a search": _vanishes,
}
"""
What a bad peer does, by the line that tells of it.
"""


@pytest.mark.parametrize("bad", BAD)
async def test_a_bad_peer_costs_a_line_and_nobody_else_anything(clock: VirtualClock, bad: str) -> None:
    """
    While a platform is in the middle of a search, a bad peer comes and goes: the log has one line of it, within a
    minute, and the platform gets everything.
    """
    connector = MemoryConnector()
    staff(connector, 450)
    async with serving(clock, kind=MemoryKind(clock, connector)) as served, served.platform.connected() as wire:
        answer = await served.platform.ask(wire, served.platform.request("SearchApiOp", "search", ACCOUNT, None, None))
        count = 0
        while not isinstance(answer, OperationResponsePause):
            count += 1
            answer = await wire.read(TRUSTED, 10)

        began = clock.monotonic()
        with capture_logs() as lines:
            await BAD[bad](served)
            await clock.sleep(1)
        assert clock.monotonic() - began <= 61
        told = [each["event"] for each in lines if each["log_level"] != "debug" and each["event"].startswith("remote.")]
        assert [bad.partition(",")[0]] == told

        await wire.write(OperationRequestMoreData())
        await wire.flush()
        while count < 450:
            answer = await wire.read(TRUSTED, 10)
            if isinstance(answer, OperationResponsePause):
                await wire.write(OperationRequestMoreData())
                await wire.flush()
            else:
                count += 1
