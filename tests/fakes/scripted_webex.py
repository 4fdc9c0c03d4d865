"""
A server on a real socket that answers as a test tells it to, also as no healthy server would.
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import msgspec


@dataclass(frozen=True)
class Seen:
    """
    One request as it arrived.
    """

    method: str
    target: str
    headers: dict[str, str]
    """With lower-case names."""

    body: bytes

    @property
    def path(self) -> str:
        """
        The path, without the query.
        """
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """
        The parameters of the query.
        """
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def json(self) -> Any:
        """
        Return the body, decoded.
        """
        return msgspec.json.decode(self.body)

    def form(self) -> dict[str, str]:
        """
        Return the fields of a posted form.
        """
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Reply:
    """
    One answer, good or broken.
    """

    status: int = 200
    body: bytes | dict[str, Any] | list[Any] = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Virtual seconds before the first byte."""

    cut_after: int | None = None
    """Reset the connection after that many bytes of the whole answer; with 0 nothing is answered."""

    def encoded(self) -> bytes:
        """
        Return the bytes on the wire.
        """
        content = self.body if isinstance(self.body, bytes) else msgspec.json.encode(self.body)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content))} | self.headers
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 {self.status} Scripted\r\n{head}\r\n".encode() + content


Script = Callable[[Seen], Reply]


class ScriptedWebex:
    """
    The server. `seen` holds every request that arrived, in order.
    """

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self._script, self._tls = script, tls
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.seen: list[Seen] = []

    @property
    def origin(self) -> str:
        """
        Scheme, host and port.
        """
        assert self._server is not None
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    @property
    def uri(self) -> str:
        """
        The service address for the client's settings.
        """
        return self.origin + "/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, target, _ = head[0].split(" ")
                pairs = (line.split(":", 1) for line in head[1:] if line)
                headers = {name.lower(): value.strip() for name, value in pairs}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.seen.append(Seen(method, target, headers, body))
                reply = self._script(self.seen[-1])
                if reply.delay:
                    await asyncio.sleep(reply.delay)
                writer.write(reply.encoded()[: reply.cut_after])
                await writer.drain()
                if reply.cut_after is not None:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()
