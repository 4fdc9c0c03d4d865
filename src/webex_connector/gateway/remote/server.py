"""
The TCP server of the connector protocol.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from webex_connector.base.log import logger
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.conversation import Conversation, House
from webex_connector.gateway.remote.crowd import Crowd
from webex_connector.gateway.remote.wire import Wire

_log = logger("gateway")

CONNECTIONS: Final = 1_000
"""
How many connections are served at once. Of more, the oldest is closed that has not shown the key.
"""

_BACKLOG: Final = 300
_HANDSHAKE: Final = 20.0


@dataclass(frozen=True, slots=True)
class Address:
    """
    Where platforms reach the server.
    """

    host: str
    port: int


class _Connections:
    """
    The connections that are served, oldest first.
    """

    def __init__(self, house: House, at_most: int) -> None:
        self._house, self._crowd = house, Crowd(at_most)
        self.tasks: dict[asyncio.Task[None], Conversation] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """
        Serve a connection, unless everybody who is served has shown the key and there are too many of them.
        """
        if not self._crowd.has_room(self.tasks, self._let_go):
            writer.transport.abort()
            return
        conversation = Conversation(self._house, Wire(reader, writer), _peer(writer))
        task = asyncio.get_running_loop().create_task(self._served(conversation, writer))
        self.tasks[task] = conversation
        task.add_done_callback(self._gone)

    def _gone(self, task: asyncio.Task[None]) -> None:
        self.tasks.pop(task, None)
        self._leaving.discard(task)
        self._crowd.left(len(self.tasks))

    def _let_go(self, task: asyncio.Task[None]) -> None:
        del self.tasks[task]
        self._leaving.add(task)
        task.cancel()

    async def finish(self, within: float) -> None:
        """
        End connections that wait for a request at once, others when they are answered or so many seconds are over.
        """
        for task, each in list(self.tasks.items()):
            if not each.busy:
                self._let_go(task)
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=within)
        for task in list(self.tasks):
            self._let_go(task)
        await asyncio.gather(*self._leaving, return_exceptions=True)

    async def _served(self, conversation: Conversation, writer: asyncio.StreamWriter) -> None:
        try:
            await conversation.held()
        except Malformed as problem:
            _log.warning("remote.not_understood", peer=_peer(writer), reason=str(problem))
        except (ConnectionError, EOFError, ssl.SSLError):
            _log.info("remote.peer_gone", peer=_peer(writer))
        except TimeoutError:
            _log.info("remote.peer_silent", peer=_peer(writer))
        finally:
            writer.close()
            # Somebody who does not take the goodbye is not waited for.
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await writer.wait_closed()
            writer.transport.abort()


def _peer(writer: asyncio.StreamWriter) -> str:
    found = writer.get_extra_info("peername")
    return str(found[0]) if found else "unknown"


@asynccontextmanager
async def listening(
    house: House,
    listener: socket.socket,
    tls: ssl.SSLContext | None,
    stop_within: float,
    at_most: int = CONNECTIONS,
) -> AsyncIterator[Address]:
    """
    Serve connections on a listening socket while the block runs, so many at the same time. At its end, those in
    progress are given `stop_within` seconds.
    """
    connections = _Connections(house, at_most)
    server = await asyncio.start_server(
        connections.accept,
        sock=listener,
        backlog=_BACKLOG,
        ssl=tls,
        ssl_handshake_timeout=None if tls is None else _HANDSHAKE,
    )
    sweeping = asyncio.create_task(house.operations.facades.swept())
    host, port = listener.getsockname()[:2]
    try:
        yield Address(host, port)
    finally:
        server.close()
        sweeping.cancel()
        await connections.finish(stop_within)
        await house.operations.facades.aclose()
