"""
Running the doors: ready when told, stopped gently, and clear about what is in the way.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from fakes.virtual_time import VirtualClock
from webex_connector.app.serve import serve, serving, stopped
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.app.sockets import socket_on
from webex_connector.icf.errors import ConfigurationInvalid, SetupError

ANY_PORT = ServeSettings(port=0)


def _application(work: Callable[[], Awaitable[None]]) -> ASGIApp:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await work()
        await PlainTextResponse("done")(scope, receive, send)

    return application


async def _nothing() -> None:
    pass


async def _get(address: str) -> bytes:
    port = int(address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_the_address_answers_while_the_block_runs() -> None:
    """
    The address is told once the server listens, and is free again afterwards.
    """
    async with serving(_application(_nothing), ANY_PORT) as address:
        assert (await _get(address)).endswith(b"done")

    with pytest.raises(ConnectionRefusedError):
        await _get(address)


async def test_requests_in_progress_are_finished(clock: VirtualClock) -> None:
    """
    Stopping waits for the answer that somebody waits for.
    """
    begun = asyncio.Event()

    async def slow() -> None:
        begun.set()
        await clock.sleep(3)

    async with serving(_application(slow), ANY_PORT) as address:
        answer = asyncio.create_task(_get(address))
        await begun.wait()

    assert (await answer).endswith(b"done")


async def test_a_request_that_never_ends_does_not_hold_the_server_forever(clock: VirtualClock) -> None:
    """
    After `stop_within` seconds stopping waits no longer.
    """
    begun = asyncio.Event()

    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with serving(_application(endless), ServeSettings(port=0, stop_within=5.0)) as address:
        answer = asyncio.create_task(_get(address))
        await begun.wait()
        asked = clock.monotonic()

    assert 5 <= clock.monotonic() - asked < 7
    assert not (await answer).endswith(b"done")


async def test_a_taken_port_is_told_in_one_sentence() -> None:
    """
    Who starts it twice learns which port is the matter.
    """
    async with serving(_application(_nothing), ANY_PORT) as address:
        port = int(address.rpartition(":")[2])

        with pytest.raises(SetupError, match=f"Port {port} on 127.0.0.1 is taken by another program"):
            async with serving(_application(_nothing), ServeSettings(port=port)):
                pass


async def test_an_address_of_another_computer_is_refused() -> None:
    """
    Only an address of this computer can be listened on.
    """
    with pytest.raises(SetupError, match=r"Cannot listen on port 0 of 192\.0\.2\.1"):
        async with serving(_application(_nothing), ServeSettings("192.0.2.1", 0)):
            pass


async def test_a_file_that_is_no_certificate_is_refused(tmp_path: Path) -> None:
    """
    The message names the file, before anything listens.
    """
    file = tmp_path / "no.pem"
    file.write_text("nothing")

    with pytest.raises(ConfigurationInvalid, match=r"Cannot use the certificate .*no\.pem"):
        async with serving(_application(_nothing), ServeSettings(port=0, certificate=file)):
            pass


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
async def test_both_signals_stop(asked: signal.Signals) -> None:
    """
    Ctrl-C and a service manager's signal end the wait; afterwards a signal ends the process as ever.
    """
    waiting = asyncio.create_task(stopped())
    await asyncio.sleep(0)

    os.kill(os.getpid(), asked)
    await waiting

    assert signal.getsignal(asked) in {signal.SIG_DFL, signal.default_int_handler}


async def test_a_server_nobody_could_log_in_to_does_not_start(clock: VirtualClock) -> None:
    """
    Without clients every request would be refused, so that is said at once.
    """
    with pytest.raises(ConfigurationInvalid, match="Nobody could log in"):
        await serve(Settings(ANY_PORT, 50, (), {}), clock, lambda _: None)


def test_no_part_of_an_answer_waits_for_an_acknowledgement() -> None:
    """
    Head and body of an answer are sent one after the other; the body must not wait for the client to confirm the head.
    """
    with (
        socket_on("127.0.0.1", 0, "") as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
