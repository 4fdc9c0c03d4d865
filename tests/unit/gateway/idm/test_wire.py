"""
The REST door behind uvicorn's two HTTP parsers, byte by byte.
"""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from fakes.idm_door import PEOPLE, Rig

LOGIN = b"X-OpenIDM-Username: ida\r\nX-OpenIDM-Password: right\r\n"


@pytest.fixture(params=[H11Protocol, HttpToolsProtocol], ids=["h11", "httptools"])
async def port(rig: Rig, request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """
    The port of a server in this very loop.
    """
    config = uvicorn.Config(rig.app, http=request.param, lifespan="off", log_config=None)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: request.param(config=config, server_state=ServerState(), app_state={}),
        "127.0.0.1",
        0,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _sent(port: int, start: bytes, body: bytes = b"") -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(start + b" HTTP/1.1\r\nHost: door.example\r\nConnection: close\r\n" + LOGIN + b"\r\n" + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_raw_double_quotes_reach_the_filter(port: int) -> None:
    """
    The printed request line, with quotes that should have been encoded, finds its person.
    """
    start = f'GET {PEOPLE}?_queryFilter=emails%20eq%20"person2@example.com"&_fields=emails'
    answer = await _sent(port, start.encode())
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'{"result":[{"_id":"P-0002","emails":["person2@example.com"]}' in answer
    assert b'"resultCount":1,' in answer
    assert answer.endswith(b"0\r\n\r\n")


async def test_a_list_that_breaks_is_cut(rig: Rig, port: int) -> None:
    """
    After a failed second batch the connection closes without the end of the body, which any client notices.
    """
    rig.connector.traits.batch_size = 2
    rig.connector.traits.failing_batch = 2
    start = f"GET {PEOPLE}?_queryId=query-all-ids"
    answer = await _sent(port, start.encode())
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'{"result":[{"_id":"P-0001"},{"_id":"P-0002"}' in answer
    assert not answer.endswith(b"0\r\n\r\n")
    async with httpx2.AsyncClient() as client:
        with pytest.raises(httpx2.RemoteProtocolError):
            await client.get(f"http://127.0.0.1:{port}{PEOPLE}?_queryId=query-all-ids", headers=rig.http.headers)


async def test_a_known_revision_is_answered_without_a_body(rig: Rig, port: int) -> None:
    """
    A 304 leaves the connection in order with either parser.
    """
    revision = (await rig.send("GET", f"{PEOPLE}/P-0001")).headers["ETag"]
    start = f"GET {PEOPLE}/P-0001 HTTP/1.1\r\nIf-None-Match: {revision}\r\nX-Rest:"
    answer = await _sent(port, start.encode())
    assert answer.startswith(b"HTTP/1.1 304 Not Modified\r\n")
    assert answer.endswith(b"\r\n\r\n")


async def test_a_body_that_never_comes_changes_nothing(rig: Rig, port: int) -> None:
    """
    When a client leaves in the middle of its body, nothing is written, and the next client is served.
    """
    before = dict(rig.people["P-0001"])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"PUT {PEOPLE}/P-0001 HTTP/1.1\r\nHost: door.example\r\nContent-Length: 15\r\n".encode())
    writer.write(LOGIN + b'Content-Type: application/json\r\n\r\n{"title"')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await _sent(port, f"GET {PEOPLE}/P-0001".encode())).startswith(b"HTTP/1.1 200 OK\r\n")
    assert rig.people["P-0001"] == before
    assert not rig.journal.entries
