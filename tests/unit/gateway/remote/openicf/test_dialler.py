"""
A platform that cannot call is called, again and again.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trustme

from fakes.called_platform import CalledPlatform
from fakes.memory_connector import MemoryConnector, Traits, staff
from fakes.openicf_client import groups_for
from fakes.remote_client import MemoryKind, Refused
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import SystemClock
from webex_connector.gateway.remote.openicf.dialler import Called, calling
from webex_connector.gateway.remote.openicf.messages import new
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectionFailed

SEARCH = new("Search", object_class=names.ACCOUNT)


async def shown() -> str:
    """
    Return what logs in.
    """
    return "Basic YTpi"


@asynccontextmanager
async def called(
    platform: CalledPlatform, kind: MemoryKind | None = None, stop_within: float = 5.0, **settings: Any
) -> AsyncIterator[MemoryKind]:
    """
    Call a platform while the block runs, and serve it the in-memory connector.
    """
    behind = kind or MemoryKind(platform.clock)
    groups = groups_for(platform.clock, behind)
    facts = {"authorization": shown, "tls": None, "connections": 1, **settings}
    async with calling(groups, Called(platform.url, **facts), platform.clock, stop_within):
        yield behind


async def test_a_called_platform_uses_the_connector(clock: VirtualClock) -> None:
    """
    By the socket that we opened, the platform lists connectors and does what it likes; we showed what logs in.
    """
    async with CalledPlatform(clock).waiting() as platform, called(platform) as kind:
        staff(kind.connector, 3)
        line = await platform.line()
        assert 1 == len(await line.connectors())
        await line.call(test=new("Nothing"))
        found, _ = await line.search()

    assert 3 == len(found)
    assert ["Basic YTpi"] == platform.shown


async def test_several_sockets_are_one_server(clock: VirtualClock) -> None:
    """
    All sockets name the same session, and what was asked for by one of them may be cancelled by another.
    """
    kind = MemoryKind(clock, MemoryConnector(Traits(seconds=1.0)))
    staff(kind.connector, 5_000)
    async with CalledPlatform(clock).waiting() as platform, called(platform, kind, connections=3):
        await platform.line(3)
        number = await platform.lines[0].begin(search=SEARCH)
        await platform.lines[0].hear()
        await platform.lines[2].say(number, cancel=new("Nothing"))
        await clock.sleep(20)
        batches = kind.connector.traffic.calls["batch"]

    assert 1 == len(set(platform.sessions))
    assert batches < 10


async def test_a_lost_platform_is_called_again_and_again(
    clock: VirtualClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    While a platform refuses us, we wait longer and longer, up to a minute, never twice the same, and tell the log once;
    when it takes us again, we are there.
    """
    async with CalledPlatform(clock, refusing=True).waiting() as platform, called(platform):
        await clock.sleep(600)
        platform.refusing = False
        await (await platform.line()).call(test=new("Nothing"))
    waits = [after - before for before, after in zip(platform.calls, platform.calls[1:], strict=False)]

    assert waits[0] <= 1
    assert all(30 <= each <= 60 for each in waits[6:])
    assert len(waits) == len(set(waits))
    assert 1 == capsys.readouterr().out.count("remote.not_reached")


async def test_a_platform_that_hangs_up_is_called_again(clock: VirtualClock) -> None:
    """
    A socket that the platform closes is replaced; one that closes every socket at once is not called without end.
    """
    async with CalledPlatform(clock).waiting() as platform, called(platform):
        for _ in range(8):
            await (await platform.line()).socket.close()
        await (await platform.line()).call(test=new("Nothing"))

    assert 9 == len(platform.calls)
    assert clock.monotonic() > 60


async def test_a_platform_that_is_not_there_yet_is_found(clock: VirtualClock) -> None:
    """
    It does not matter who is started first.
    """
    platform = CalledPlatform(clock)
    async with platform.waiting():
        pass
    async with called(platform):
        await clock.sleep(100)
        async with platform.waiting():
            await (await platform.line()).call(test=new("Nothing"))


async def test_a_mute_platform_is_left(clock: VirtualClock) -> None:
    """
    A platform that opens a socket and does not greet is called again, not waited for.
    """
    async with CalledPlatform(clock, mute=True).waiting() as platform, called(platform):
        await clock.sleep(100)
        platform.mute = False
        await (await platform.line()).call(test=new("Nothing"))

    assert 2 < len(platform.calls) < 10


async def test_without_a_token_nobody_is_called(clock: VirtualClock, capsys: pytest.CaptureFixture[str]) -> None:
    """
    When there is nothing to log in with, the platform is not called, and the log says why.
    """

    async def missing() -> str:
        raise ConnectionFailed("no token to be had")

    async with CalledPlatform(clock).waiting() as platform, called(platform, authorization=missing):
        await clock.sleep(100)

    assert not platform.calls
    assert "no token to be had" in capsys.readouterr().out


async def test_sockets_are_replaced_in_time(clock: VirtualClock) -> None:
    """
    A socket of a certain age makes place for a new one, which is open before the old one closes; a stream on the old
    one comes to its end.
    """
    kind = MemoryKind(clock, MemoryConnector(Traits(seconds=10.0)))
    staff(kind.connector, 1_000)
    async with CalledPlatform(clock).waiting() as platform, called(platform, kind, lifetime=60):
        line = await platform.line()
        await clock.sleep(50)
        found, _ = await line.search()
        await platform.line()
        await clock.sleep(300)

        assert 1 <= len(platform.lines) <= 2
        assert line not in platform.lines
    assert 1_000 == len(found)
    assert 5 < len(platform.calls) < 10


async def test_a_server_that_stops_says_goodbye(clock: VirtualClock) -> None:
    """
    What goes on is finished, or told to have failed, and the sockets are closed.
    """
    kind = MemoryKind(clock, MemoryConnector(Traits(seconds=30.0)))
    staff(kind.connector, 1)
    async with CalledPlatform(clock).waiting() as platform:
        async with called(platform, kind):
            line = await platform.line()
            asked = asyncio.create_task(line.search())
            await clock.sleep(1)
        with pytest.raises(Refused, match="server stops"):
            await asked
        await line.socket.wait_closed()

    assert 1001 == line.socket.close_code


@pytest.mark.real_time
async def test_the_platforms_certificate_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """
    A platform whose certificate nobody vouches for learns nothing that logs in; one that is known is served.
    """
    authority = trustme.CA()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(theirs)
    trusting = ssl.create_default_context()
    async with CalledPlatform(SystemClock(), theirs).waiting() as platform:
        async with called(platform, tls=ssl.create_default_context()):
            async with asyncio.timeout(20):
                while "CERTIFICATE_VERIFY_FAILED" not in capsys.readouterr().out:  # noqa: ASYNC110 - a log has no event
                    await asyncio.sleep(0)
        assert not platform.shown
        authority.configure_trust(trusting)
        async with called(platform, tls=trusting):
            await (await platform.line()).call(test=new("Nothing"))
