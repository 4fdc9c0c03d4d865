"""
A small HTTP proxy that wants a log-in: it opens tunnels (RFC 9110, section 9.3.6) and carries nothing else.
"""

import asyncio
import base64
from contextlib import suppress
from types import TracebackType
from typing import Self


class TunnelProxy:
    """
    The proxy. `asked` holds where each tunnel was to lead, `credentials` what was shown for it.
    """

    def __init__(self, login: str = "", *, dead_end: bool = False) -> None:
        self._expected = f"Basic {base64.b64encode(login.encode()).decode()}" if login else ""
        self._dead_end = dead_end
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.asked: list[str] = []
        self.credentials: list[str] = []

    @property
    def port(self) -> int:
        """
        Where it listens.
        """
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self._tunnel(reader, writer)
        self._writers.discard(writer)
        writer.close()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        target = head[0].split(" ")[1]
        self.asked.append(target)
        self.credentials.append(headers.get("proxy-authorization", ""))
        if self.credentials[-1] != self._expected:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        if self._dead_end:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        host, _, port = target.rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        self._writers.add(far_writer)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        ways = ((reader, far_writer), (far_reader, writer))
        tasks = [asyncio.create_task(_carry(*way)) for way in ways]
        self._tasks.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
