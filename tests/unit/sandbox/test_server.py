"""
Serving over real sockets.
"""

import asyncio
from urllib.parse import urlsplit

import httpx2
import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox.faults import Delay, Fault, HalfBody
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.server import serve


async def test_no_time_passes_while_nothing_happens(
    sandbox: Sandbox, api: httpx2.AsyncClient, clock: VirtualClock
) -> None:
    """
    A hundred requests over a kept connection take no virtual time, since the server has no timers of its own.
    """
    for _ in range(100):
        await api.get("/roles")

    assert 0.0 == clock.monotonic()


async def test_an_idle_connection_stays(sandbox: Sandbox, clock: VirtualClock) -> None:
    """
    A connection that was idle for an hour still answers.
    """
    async with sandbox.serving() as address:
        parts = urlsplit(address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for _ in range(2):
            writer.write(b"GET /v1/nothing HTTP/1.1\r\nHost: sandbox\r\n\r\n")
            assert b" 404 Not Found" in await reader.readline()
            await clock.sleep(3600)
            await reader.read(10_000)
        writer.close()


async def test_the_end_cuts_what_still_runs(
    sandbox: Sandbox, clock: VirtualClock, caplog: pytest.LogCaptureFixture
) -> None:
    """
    Leaving the block ends connections and delayed requests at once, without a complaint in the log.
    """
    sandbox.faults.add(Fault(Delay(3600)))
    async with sandbox.serving() as address, httpx2.AsyncClient() as client:
        waiting = asyncio.create_task(client.post(f"{address}/v1/groups", json={"displayName": "Choir"}, timeout=None))
        while not sandbox.faults.scheduled[0].fired:  # noqa: ASYNC110  # the schedule tells nobody; no time passes here
            await asyncio.sleep(0)
    with pytest.raises(httpx2.TransportError):
        await waiting
    assert clock.monotonic() < 3600
    assert (0, []) == (sandbox.world.writes, caplog.records)


async def test_a_taken_port_is_told(sandbox: Sandbox) -> None:
    """
    Two servers cannot share a port.
    """
    async with sandbox.serving() as address:
        with pytest.raises(OSError, match="in use"):
            async with sandbox.serving(port=urlsplit(address).port or 0):
                pass


async def test_serving_until_cancelled(sandbox: Sandbox) -> None:
    """
    `serve` answers until its task is cancelled, then frees the port.
    """
    async with sandbox.serving() as address:
        port = urlsplit(address).port or 0
    running = asyncio.create_task(serve(sandbox, "127.0.0.1", port))
    await asyncio.sleep(0.1)
    async with httpx2.AsyncClient() as client:
        assert 401 == (await client.get(f"{address}/v1/roles")).status_code
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    async with sandbox.serving(port=port):
        pass


async def test_other_servers_cannot_hang_up(sandbox: Sandbox) -> None:
    """
    Without the sandbox's own server a cut answer is an error of the test, not a whole answer.
    """
    sandbox.faults.add(Fault(HalfBody()))
    transport = httpx2.ASGITransport(sandbox)
    headers = {"Authorization": "Bearer sandbox-admin-token"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox/v1", headers=headers) as client:
        with pytest.raises(ConnectionAbortedError):
            await client.get("/roles")
        assert 200 == (await client.get("/roles")).status_code


async def test_ten_thousand_people_without_a_growing_answer(clock: VirtualClock) -> None:
    """
    A large organisation is listed in ten pages, and a page's cost does not depend on where it lies.
    """
    sandbox = Sandbox(people=10_000, clock=clock)
    headers = {"Authorization": "Bearer sandbox-admin-token"}
    async with sandbox.serving() as address, httpx2.AsyncClient(headers=headers) as client:
        following, sizes = f"{address}/v1/people?max=1000", []
        while following:
            answer = await client.get(following)
            sizes.append(len(answer.json()["items"]))
            following = answer.links["next"]["url"] if "next" in answer.links else ""
    assert [1000] * 10 == sizes
