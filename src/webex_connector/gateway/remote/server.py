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
from webex_connector.gateway.remote.wire import Wire

_log = logger("gateway")

CONNECTIONS: Final = 1_000
"""
How many connections are served at once; of more, the newest is closed.
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
    def __init__(self, house: House) -> None:
        self._house = house
        self.tasks: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self.tasks) >= CONNECTIONS:
            _log.warning("remote.too_many_connections", served=len(self.tasks))
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._served(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await Conversation(self._house, Wire(reader, writer), _peer(writer)).held()
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
) -> AsyncIterator[Address]:
    """
    Serve connections on a listening socket while the block runs. At its end, those in progress are given so many
    seconds.
    """
    connections = _Connections(house)
    server = await asyncio.start_server(
        connections.accept,
        sock=listener,
        backlog=_BACKLOG,
        ssl=tls,
        ssl_handshake_timeout=None if tls is None else _HANDSHAKE,
    )
    sweeping = asyncio.create_task(house.facades.swept())
    host, port = listener.getsockname()[:2]
    try:
        yield Address(host, port)
    finally:
        server.close()
        sweeping.cancel()
        if connections.tasks:
            _, late = await asyncio.wait(connections.tasks, timeout=stop_within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await house.facades.aclose()
