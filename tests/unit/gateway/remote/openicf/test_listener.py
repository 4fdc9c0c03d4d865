"""
Who is let in by a WebSocket, who is not, and how much bad behaviour costs.
"""

import asyncio
import ssl

import pytest
import trustme
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from fakes.memory_connector import MemoryConnector, Traits, staff
from fakes.openicf_client import Line, Served, basic, serving
from fakes.remote_client import KEY, MemoryKind, Refused
from fakes.virtual_time import VirtualClock
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.openicf.messages import new, parsed
from webex_connector.gateway.remote.openicf.socket import MESSAGE, PROTOCOL

OPENING = (
    b"GET /openicf HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


async def _said(served: Served, content: bytes) -> bytes:
    """
    Return all that the server says to some bytes until it hangs up.
    """
    reader, writer = await asyncio.open_connection(served.host, served.port)
    try:
        writer.write(content)
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def _told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """
    Return the names of the lines that the log was told about peers.
    """
    names = [line.split("]")[1].split()[0] for line in capsys.readouterr().out.splitlines()]
    return [each for each in names if each != "remote.connector_closed"]


async def _works(served: Served) -> None:
    async with served.line("ANOTHER") as line:
        await line.call(test=new("Nothing"))


async def test_a_stock_client_is_answered_as_it_expects(clock: VirtualClock) -> None:
    """
    A client that names the protocol twice, with a capital upgrade and an origin of its own, is let in with that
    protocol named once.
    """
    protocol = f"Sec-WebSocket-Protocol: {PROTOCOL}\r\n".encode() * 2
    shown = f"Origin: wss://127.0.0.1:1\r\nAuthorization: {basic(KEY)}\r\n\r\n".encode()
    async with serving(clock) as served:
        reader, writer = await asyncio.open_connection(served.host, served.port)
        writer.write(OPENING + protocol + shown)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.close()

    assert answer.startswith("HTTP/1.1 101 ")
    assert 1 == answer.count(PROTOCOL)
    assert "Sec-WebSocket-Extensions" not in answer


async def test_a_client_that_names_no_protocol_is_let_in(clock: VirtualClock) -> None:
    """
    The protocol's name is taken when it is offered, and not asked for.
    """
    async with serving(clock) as served, served.opened() as line:
        assert await line.greet()


@pytest.mark.parametrize(
    ("path", "authorization", "status"),
    [
        ("/openicf", "", 401),
        ("/openicf", "Authorization: Bearer changeit\r\n", 401),
        ("/openicf", "Authorization: Basic !\r\n", 401),
        ("/openicf", f"Authorization: {basic(KEY)}\r\n" * 2, 401),
        ("/openicf", f"Authorization: {basic('guess')}\r\n", 403),
        ("/", f"Authorization: {basic(KEY)}\r\n", 404),
        ("/openicfx", f"Authorization: {basic(KEY)}\r\n", 404),
    ],
)
async def test_who_shows_no_key_is_refused(
    clock: VirtualClock, capsys: pytest.CaptureFixture[str], path: str, authorization: str, status: int
) -> None:
    """
    No WebSocket is opened without the key, nor anywhere else; whoever showed nothing is told what to show. The log is
    told once.
    """
    request = OPENING.replace(b"/openicf", path.encode()) + authorization.encode() + b"\r\n"
    async with serving(clock) as served:
        answer = await _said(served, request)
        await _works(served)

    assert f"HTTP/1.1 {status} ".encode() == answer[: len("HTTP/1.1 401 ")]
    assert ["remote.wrong_key" if status == 403 else "remote.refused"] == _told(capsys)
    assert (status == 401) == (b'WWW-Authenticate: Basic realm="openicf.forgerock.org"' in answer)


async def test_guessing_is_stopped(clock: VirtualClock) -> None:
    """
    After ten wrong keys even the right one is refused to the same address, until a minute is over.
    """
    async with serving(clock) as served:
        for _ in range(10):
            with pytest.raises(InvalidStatus):
                async with served.opened("guess"):
                    pass
        with pytest.raises(InvalidStatus):
            await _works(served)
        await clock.sleep(61)
        await _works(served)


@pytest.mark.parametrize(
    "content",
    [
        b"\x00\x00\xfa\xfb\x00\x00\x00\x02",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 10_000,
        b"GET /" + b"x" * 100_000,
        f"GET /openicf HTTP/1.1\r\nAuthorization: {basic(KEY)}\r\n\r\n".encode(),
        OPENING.replace(b"13", b"8") + f"Authorization: {basic(KEY)}\r\n\r\n".encode(),
    ],
    ids=["older protocol", "many headers", "long line", "no upgrade", "other version"],
)
async def test_what_is_no_websocket_is_told_once(
    clock: VirtualClock, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    """
    Whoever speaks something else is hung up on, with one line in the log; others are served.
    """
    async with serving(clock) as served:
        answer = await _said(served, content)
        await _works(served)

    assert not answer.startswith(b"HTTP/1.1 101")
    assert ["remote.not_understood"] == _told(capsys)


@pytest.mark.parametrize("content", [b"", b"GET", OPENING], ids=["nothing", "three letters", "no end"])
async def test_who_is_silent_is_hung_up_on(clock: VirtualClock, content: bytes) -> None:
    """
    Whoever does not ask for a WebSocket within seconds is let go, however far they came.
    """
    async with serving(clock) as served:
        await _said(served, content)

        assert clock.monotonic() <= 60


async def test_a_slow_writer_gets_no_more_time(clock: VirtualClock) -> None:
    """
    A byte every ten seconds does not keep a connection open.
    """
    async with serving(clock) as served:
        reader, writer = await asyncio.open_connection(served.host, served.port)
        over = asyncio.create_task(reader.read())
        for each in OPENING:
            writer.write(bytes([each]))
            await asyncio.wait([over], timeout=10)
            if over.done():
                break
        writer.close()

        assert over.done()
        assert clock.monotonic() <= 61


async def test_who_never_greets_is_hung_up_on(clock: VirtualClock) -> None:
    """
    A WebSocket without a greeting is closed after seconds; one that greeted stays, however long nobody asks anything.
    """
    async with serving(clock) as served, served.opened() as silent, served.line() as line:
        with pytest.raises(ConnectionClosed):
            await silent.hear()
        assert clock.monotonic() <= 60
        await clock.sleep(10_000)
        await line.call(test=new("Nothing"))


async def test_nothing_is_done_before_the_greeting(clock: VirtualClock) -> None:
    """
    A request that comes first is refused, and the greeting may still follow.
    """
    async with serving(clock) as served, served.opened() as line:
        with pytest.raises(Refused, match="before the handshake"):
            await line.call(test=new("Nothing"))
        await line.greet()
        await line.call(test=new("Nothing"))


NOT_UNDERSTOOD = {
    "garbage": b"\xff" * 20,
    "truncated": new(
        "RemoteMessage", request=new("Request", handshake=new("Handshake", session="A"))
    ).SerializeToString()[:-1],
    "empty": b"",
    "neither": new("RemoteMessage", id=1).SerializeToString(),
    "both": new("RemoteMessage", request=new("Request"), response=new("Response")).SerializeToString(),
    "no request": new("RemoteMessage", id=1, request=new("Request")).SerializeToString(),
    "no session": new("RemoteMessage", request=new("Request", handshake=new("Handshake"))).SerializeToString(),
    "deep": b"\x1a" * 5_000,
}


@pytest.mark.parametrize("content", NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD)
async def test_who_is_not_understood_is_hung_up_on(
    clock: VirtualClock, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    """
    A message that is none closes its socket, with one line in the log; the platform's other socket goes on.
    """
    async with serving(clock) as served, served.line() as line:
        async with served.opened() as broken:
            if content != NOT_UNDERSTOOD["no session"]:
                await broken.greet()
            await broken.socket.send(content)
            with pytest.raises(ConnectionClosed):
                await broken.hear()
        await line.call(test=new("Nothing"))

    assert ["remote.not_understood"] == _told(capsys)


@pytest.mark.parametrize("size", [MESSAGE + 1, 2**62, 2**63])
async def test_a_huge_length_is_not_waited_for(
    clock: VirtualClock, capsys: pytest.CaptureFixture[str], size: int
) -> None:
    """
    A frame that announces more than a message may have closes its socket before any of it has come.
    """
    async with serving(clock) as served, served.line() as line:
        async with served.line() as broken:
            broken.socket.transport.write(b"\x82\xff" + size.to_bytes(8, "big") + bytes(4))
            with pytest.raises(ConnectionClosed):
                await broken.hear()
        await line.call(test=new("Nothing"))

    assert ["remote.not_understood"] == _told(capsys)


@given(st.binary(max_size=300))
def test_bytes_are_a_message_or_none(content: bytes) -> None:
    """
    Whatever comes is read, or refused as malformed.
    """
    try:
        message = parsed(content)
    except Malformed:
        return
    assert parsed(message.SerializeToString()) == message


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.binary(max_size=40)), max_size=5))
async def test_no_request_breaks_the_server(pieces: list[tuple[int, bytes]]) -> None:
    """
    Whatever is asked for in fields of bytes, the answer is an outcome or an error, and the next platform is served.
    """
    kinds = ("create", "delete", "get", "script", "search", "sync", "update", "authenticate", "resolve", "schema")
    clock = VirtualClock()
    async with serving(clock) as served, served.line() as line:
        for kind, content in pieces:
            asked = new("Operation", facade_key=content)
            getattr(asked, kinds[kind]).SetInParent()
            for field in getattr(asked, kinds[kind]).DESCRIPTOR.fields:
                if field.type == field.TYPE_BYTES:
                    setattr(getattr(asked, kinds[kind]), field.name, content)
            line.number += 1
            await line.say(line.number, operation=asked)
            message = await line.hear()
            assert line.number == message.id
        await _works(served)


async def test_texts_and_answers_to_nothing_are_passed_over(clock: VirtualClock) -> None:
    """
    What nobody asked for changes nothing: texts, answers, events of a changed configuration.
    """
    async with serving(clock) as served, served.line() as line:
        await line.socket.send("hello")
        await line.socket.send(
            new("RemoteMessage", id=9, response=new("Response", operation=new("Outcome"))).SerializeToString()
        )
        event = new("Operation", configuration_change=new("Nothing"))
        await line.say(0, operation=event)
        await line.call(test=new("Nothing"))


async def test_a_message_may_come_in_pieces(clock: VirtualClock) -> None:
    """
    The frames of a message are joined.
    """
    async with serving(clock) as served, served.opened() as line:
        content = new(
            "RemoteMessage", request=new("Request", handshake=new("Handshake", session="A"))
        ).SerializeToString()
        await line.socket.send([content[:2], content[2:3], content[3:]])
        assert served.groups.session == (await line.hear()).response.handshake.session


async def test_a_crowd_of_strangers_keeps_nobody_out(clock: VirtualClock) -> None:
    """
    When there are more idle connections than may be, the oldest that has not shown the key makes room; a platform in
    the middle of its work stays.
    """
    async with serving(clock, at_most=5) as served, served.line() as line:
        crowd = [await asyncio.open_connection(served.host, served.port) for _ in range(30)]
        await _works(served)
        await line.call(test=new("Nothing"))
        for _, writer in crowd:
            writer.close()


async def test_where_all_have_shown_the_key_nobody_more_comes_in(clock: VirtualClock) -> None:
    """
    The number of connections has a bound for platforms, too.
    """
    async with serving(clock, at_most=1) as served, served.line() as line:
        with pytest.raises(WebSocketException):
            await _works(served)
        await line.call(test=new("Nothing"))


async def test_a_server_that_stops_waits_for_nobody_idle(clock: VirtualClock) -> None:
    """
    Neither a platform that asks nothing nor a stranger keeps the server from stopping, and the platform is told.
    """
    async with serving(clock) as served:
        _, writer = await asyncio.open_connection(served.host, served.port)
        idle = await connect(served.url, additional_headers={"Authorization": basic(KEY)}, proxy=None)
        await Line(idle).greet()
    writer.close()
    await idle.wait_closed()

    assert clock.monotonic() < 3
    assert 1001 == idle.close_code


async def test_a_server_that_stops_finishes_what_is_asked(clock: VirtualClock) -> None:
    """
    An answer that somebody waits for is given before the server ends.
    """
    kind = MemoryKind(clock, MemoryConnector(Traits(seconds=3.0)))
    staff(kind.connector, 3)
    async with serving(clock, kind=kind) as served:
        socket = await connect(served.url, additional_headers={"Authorization": basic(KEY)}, proxy=None)
        line = Line(socket)
        await line.greet()
        asked = asyncio.create_task(line.search())
        await clock.sleep(1)
    found, _ = await asked

    assert 3 == len(found)


async def test_a_server_that_cannot_wait_says_so(clock: VirtualClock) -> None:
    """
    A stream that is not at its end when the time to stop is over ends with an error, not politely.
    """
    kind = MemoryKind(clock, MemoryConnector(Traits(seconds=30.0)))
    staff(kind.connector, 3)
    async with serving(clock, kind=kind, stop_within=5) as served:
        socket = await connect(served.url, additional_headers={"Authorization": basic(KEY)}, proxy=None)
        line = Line(socket)
        await line.greet()
        asked = asyncio.create_task(line.search())
        await clock.sleep(1)
    with pytest.raises(Refused, match="server stops") as refused:
        await asked

    assert "ConnectionBrokenException" == refused.value.java_class
    assert clock.monotonic() < 10


@pytest.mark.real_time
async def test_tls_protects_all_of_it() -> None:
    """
    By TLS the same is said; a platform that does not trust the certificate says nothing.
    """
    authority = trustme.CA()
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(ours)
    theirs, stranger = ssl.create_default_context(), ssl.create_default_context()
    authority.configure_trust(theirs)
    async with serving(VirtualClock(), tls=(ours, theirs)) as served:
        async with served.line() as line:
            await line.call(test=new("Nothing"))
        with pytest.raises(ssl.SSLCertVerificationError):
            await connect(served.url, ssl=stranger, proxy=None)
