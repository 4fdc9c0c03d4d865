"""
A platform that waits to be called by connector servers, as PingIDM does for those behind a firewall.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from websockets import Request, Response
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from fakes.openicf_client import Line
from webex_connector.base.clock import Clock
from webex_connector.gateway.remote.openicf.messages import new
from webex_connector.gateway.remote.openicf.socket import PROTOCOL


@dataclass
class CalledPlatform:
    """
    What it sees of connector servers, and how it treats them.
    """

    clock: Clock
    tls: ssl.SSLContext | None = None
    port: int = 0
    refusing: bool = False
    """
    Whether it answers 503 to whoever calls.
    """
    mute: bool = False
    """
    Whether it says no greeting.
    """
    calls: list[float] = field(default_factory=list)
    """
    When it was called.
    """
    shown: list[str | None] = field(default_factory=list)
    """
    The `Authorization` headers that came.
    """
    sessions: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """
    The sockets that are open, oldest first.
    """
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """
        Where it is.
        """
        return f"{'ws' if self.tls is None else 'wss'}://127.0.0.1:{self.port}/openicf"

    async def line(self, count: int = 1) -> Line:
        """
        Return the newest socket as soon as there are so many.
        """
        while len(self.lines) < count:
            self.came.clear()
            await self.came.wait()
        return self.lines[-1]

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator["CalledPlatform"]:
        """
        Be there while the block runs.
        """
        with socket.create_server(("127.0.0.1", self.port)) as listener:
            # Virtual time would run ahead while the kernel gathers small messages.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.port = listener.getsockname()[1]
            async with serve(
                self._served,
                sock=listener,
                ssl=self.tls,
                subprotocols=[PROTOCOL],
                process_request=self._asked,
                ping_interval=None,
                max_size=None,
            ):
                yield self

    def _asked(self, connection: ServerConnection, request: Request) -> Response | None:
        self.calls.append(self.clock.monotonic())
        self.shown.append(request.headers.get("Authorization"))
        return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "") if self.refusing else None

    async def _served(self, connection: ServerConnection) -> None:
        line = Line(connection)
        try:
            greeting = await line.hear()
        except ConnectionClosed:
            return
        self.sessions.append(greeting.request.handshake.session)
        if not self.mute:
            answer = new("Response", handshake=new("Handshake", session="PLATFORM", server_type=1))
            await connection.send(new("RemoteMessage", id=greeting.id, response=answer).SerializeToString())
            self.lines.append(line)
            self.came.set()
        await connection.wait_closed()
        if line in self.lines:
            self.lines.remove(line)
