"""
Who is served, who is not, and how much bad behaviour costs.
"""

import asyncio

import pytest

from fakes.memory_connector import MemoryConnector, Traits
from fakes.remote_client import MemoryKind, Platform, Refused, Served, serving
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.exceptions import ExceptionName
from webex_connector.gateway.remote.codec.framing import STRANGER, TRUSTED
from webex_connector.gateway.remote.codec.messages import EchoMessage, HelloRequest, HelloResponse
from webex_connector.gateway.remote.codec.objects import Attribute, Name, ObjectClass
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.gateway.remote.codec.values import Locale, Map, Set
from webex_connector.gateway.remote.key import digest_of, fits


def test_the_digest_is_that_of_java() -> None:
    """
    `changeit` has the digest that a Java connector server comes with.
    """
    assert "lmA6bMfENJGlIDbfrVtklXFK32s=" == digest_of("changeit")
    assert fits(Secret("changeit"), Secret(" lmA6bMfENJGlIDbfrVtklXFK32s=\n"))
    assert not fits(Secret("changeIt"), Secret("lmA6bMfENJGlIDbfrVtklXFK32s="))
    assert not fits(Secret(""), Secret("lmA6bMfENJGlIDbfrVtklXFK32s="))


async def test_several_requests_may_share_a_connection(clock: VirtualClock) -> None:
    """
    One request follows the other on the same connection, each with the key.
    """
    async with serving(clock) as served, served.platform.connected() as wire:
        for number in range(3):
            assert EchoMessage(number) == await served.platform.ask(wire, EchoMessage(number))


async def test_a_wrong_key_is_told_in_the_form_of_the_question(clock: VirtualClock) -> None:
    """
    A greeting with a wrong key is answered by a greeting that failed, an operation by an operation that failed.
    """
    async with serving(clock) as served:
        stranger = Platform(served.platform.host, served.platform.port, key="guess")
        async with stranger.connected() as wire:
            greeting = await stranger.ask(wire, HelloRequest())
        with pytest.raises(Refused) as refused:
            await stranger.call("TestApiOp", "test")

    assert isinstance(greeting, HelloResponse)
    assert greeting.exception is not None
    assert ExceptionName.INVALID_CREDENTIAL is greeting.exception.kind
    assert () == greeting.connectors
    assert "InvalidCredentialException" == refused.value.java_class
    assert not served.kind.seen


async def test_guessing_is_stopped(clock: VirtualClock) -> None:
    """
    After ten wrong keys even the right one is refused to the same address, until a minute is over.
    """
    async with serving(clock) as served:
        stranger = Platform(served.platform.host, served.platform.port, key="guess")
        for _ in range(10):
            with pytest.raises(Refused):
                await stranger.call("TestApiOp", "test")
        with pytest.raises(Refused):
            await served.platform.call("TestApiOp", "test")
        await clock.sleep(61)
        assert await served.platform.call("TestApiOp", "test") is None


GREETING = written(Locale("en"), Secret("changeit"), HelloRequest())


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        GREETING[:-1] + b"\x00",
        written(Map()),
        written(Locale("en"), "changeit", HelloRequest()),
        written(Locale("en"), Secret("changeit"), Locale("en")),
        written(Locale("x" * 70_000)),
        written(Locale("en"), Secret("guess"), EchoMessage("x" * 70_000)),
        GREETING[:12] + b"\x7f\xff\xff\xff",
    ],
    ids=[
        "http",
        "no end",
        "no locale",
        "no key",
        "no request",
        "too long",
        "too long for a stranger",
        "too many names",
    ],
)
async def test_who_is_not_understood_is_hung_up_on(clock: VirtualClock, sent: bytes) -> None:
    """
    What is no request ends its connection without a word; the next one is served.
    """
    async with serving(clock) as served:
        assert b"" == await _all_that_is_said(served, sent)
        assert await served.platform.call("TestApiOp", "test") is None


async def _all_that_is_said(served: Served, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(served.platform.host, served.platform.port)
    try:
        writer.write(sent)
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("said", [b"", GREETING[:3], GREETING[:60], GREETING[:-1]])
async def test_who_is_silent_is_hung_up_on(clock: VirtualClock, said: bytes) -> None:
    """
    Whoever does not say a whole request within seconds is let go, however far they came.
    """
    async with serving(clock) as served:
        await _all_that_is_said(served, said)

        assert clock.monotonic() <= 60


async def test_a_slow_writer_gets_no_more_time(clock: VirtualClock) -> None:
    """
    A byte every ten seconds does not keep a connection open.
    """
    async with serving(clock) as served:
        reader, writer = await asyncio.open_connection(served.platform.host, served.platform.port)
        over = asyncio.create_task(reader.read())
        for each in GREETING:
            writer.write(bytes([each]))
            await asyncio.wait([over], timeout=10)
            if over.done():
                break
        writer.close()

        assert over.done()
        assert clock.monotonic() <= 61


async def test_a_crowd_of_strangers_keeps_nobody_out(clock: VirtualClock) -> None:
    """
    When there are more idle connections than may be, the oldest that has not shown the key makes room; a platform in
    the middle of its work stays.
    """
    async with serving(clock, at_most=5) as served, served.platform.connected() as wire:
        assert EchoMessage("a") == await served.platform.ask(wire, EchoMessage("a"))
        crowd = [await asyncio.open_connection(served.platform.host, served.platform.port) for _ in range(30)]
        assert await served.platform.call("TestApiOp", "test") is None
        assert EchoMessage("b") == await served.platform.ask(wire, EchoMessage("b"))
        for _, writer in crowd:
            writer.close()


async def test_a_server_that_stops_waits_for_nobody_idle(clock: VirtualClock) -> None:
    """
    A connection that is idle when the server stops does not keep it from stopping.
    """
    async with serving(clock) as served:
        _, writer = await asyncio.open_connection(served.platform.host, served.platform.port)
        await clock.sleep(1)
    writer.close()

    assert clock.monotonic() < 2


async def test_a_server_that_stops_finishes_what_is_asked(clock: VirtualClock) -> None:
    """
    An answer that somebody waits for is given before the server ends.
    """
    kind = MemoryKind(clock, MemoryConnector(Traits(seconds=3.0)))
    async with serving(clock, kind=kind) as served:
        given = Set((Name("a@b"), Attribute("displayName", ("A",)), Attribute("licenses", ("L",))))
        call = served.platform.call("CreateApiOp", "create", ObjectClass("__ACCOUNT__"), given, None)
        asked = asyncio.create_task(call)
        await clock.sleep(1)

    assert (await asked).uid in kind.connector.world["__ACCOUNT__"]


def test_strangers_have_less_room() -> None:
    """
    Before the key is known, far less is taken.
    """
    assert STRANGER.size * 100 < TRUSTED.size
