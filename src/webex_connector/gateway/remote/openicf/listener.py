"""
The side that waits for platforms: a WebSocket server that asks for the key before it opens anything.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from websockets import Request, Response, Subprotocol
from websockets.asyncio.server import ServerConnection, serve

from webex_connector.base.log import logger
from webex_connector.gateway.authorization import basic_of
from webex_connector.gateway.remote.crowd import Crowd
from webex_connector.gateway.remote.key import Lock
from webex_connector.gateway.remote.openicf.groups import Groups
from webex_connector.gateway.remote.openicf.peer import Peer
from webex_connector.gateway.remote.openicf.socket import MESSAGE, PROTOCOL, SILENT, Socket
from webex_connector.gateway.remote.server import CONNECTIONS, Address

_log = logger("gateway")

PATH: Final = "/openicf"
"""
Where platforms find the server.
"""

_REALM: Final = "openicf.forgerock.org"
_BACKLOG: Final = 300
_GOODBYE: Final = 3.0


class _Guest(ServerConnection):
    """
    A connection from its first byte on, so that those are counted that never say a word.
    """

    def __init__(self, door: "_Door", *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._door = door
        self.proven = False
        self.refused = False
        self._heard = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """
        Come in, if there is room.
        """
        super().connection_made(transport)
        if not self._door.crowd.has_room(self._door.guests, _Guest.go):
            self.go()
            return
        self._door.guests[self] = self

    def data_received(self, data: bytes) -> None:
        """
        Take note that something was said.
        """
        self._heard = True
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """
        Leave. Those who have never been let in are told to the log, unless they were refused.
        """
        super().connection_lost(exc)
        if self._door.guests.pop(self, None) is not None:
            self._door.crowd.left(len(self._door.guests))
            reason = self.protocol.handshake_exc
            if not self._heard:
                _log.info("remote.peer_silent", peer=self.peer)
            elif not self.refused and (reason is not None or not self.proven):
                _log.warning(
                    "remote.not_understood", peer=self.peer, reason=str(reason or "no WebSocket was asked for")
                )

    def go(self) -> None:
        """
        Hang up.
        """
        self.refused = True
        self._door.guests.pop(self, None)
        self.transport.abort()

    async def bye(self) -> None:
        """
        Close the WebSocket; hang up on who has none yet.
        """
        if self.proven:
            await Socket(self, self.peer).close()
        else:
            self.go()

    @property
    def peer(self) -> str:
        """
        The address at the other end.
        """
        return str(self.remote_address[0]) if self.remote_address else "unknown"


class _Door:
    """
    Who may come in.
    """

    def __init__(self, lock: Lock, groups: Groups, at_most: int) -> None:
        self._lock, self._groups = lock, groups
        self.crowd = Crowd(at_most)
        self.guests: dict[_Guest, _Guest] = {}

    def asked(self, guest: ServerConnection, request: Request) -> Response | None:
        """
        Return what is said to a request that opens no WebSocket; None to open it.
        """
        assert isinstance(guest, _Guest)  # noqa: S101 - tells the checker of types what `create_connection` makes
        path = request.path.partition("?")[0]
        if path != PATH and not path.startswith(f"{PATH}/"):
            return self._refused(guest, HTTPStatus.NOT_FOUND, f"The connector server is at {PATH}\n")
        given = request.headers.get_all("Authorization")
        login = basic_of({"authorization": given[0]}) if len(given) == 1 else None
        if login is None:
            response = self._refused(guest, HTTPStatus.UNAUTHORIZED, "Log in with the key as the password\n")
            response.headers["WWW-Authenticate"] = f'Basic realm="{_REALM}", charset="UTF-8"'
            return response
        if not self._lock.opens(login.password, guest.peer):
            # The lock has told the log.
            guest.refused = True
            return guest.respond(HTTPStatus.FORBIDDEN, "The key is not the connector server's\n")
        guest.proven = True
        return None

    def _refused(self, guest: _Guest, status: HTTPStatus, text: str) -> Response:
        guest.refused = True
        _log.info("remote.refused", peer=guest.peer, status=int(status))
        return guest.respond(status, text)

    async def served(self, guest: ServerConnection) -> None:
        """
        Serve somebody who came in.
        """
        assert isinstance(guest, _Guest)  # noqa: S101 - tells the checker of types what `create_connection` makes
        await Peer(self._groups, Socket(guest, guest.peer)).held()


def _chosen(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return PROTOCOL if PROTOCOL in offered else None


@asynccontextmanager
async def listening(
    groups: Groups,
    lock: Lock,
    listener: socket.socket,
    tls: ssl.SSLContext | None,
    stop_within: float,
    at_most: int = CONNECTIONS,
) -> AsyncIterator[Address]:
    """
    Serve platforms on a listening socket while the block runs, on so many connections at the same time. At its end,
    operations in progress are given `stop_within` seconds.
    """
    door = _Door(lock, groups, at_most)
    server = await serve(
        door.served,
        sock=listener,
        backlog=_BACKLOG,
        ssl=tls,
        process_request=door.asked,
        select_subprotocol=_chosen,
        subprotocols=[PROTOCOL],
        create_connection=partial(_Guest, door),  # type: ignore[arg-type]  # a wrapper is as good, says its documentation
        compression=None,
        server_header=None,
        open_timeout=groups.patience.greeting,
        ping_interval=None,
        close_timeout=1,
        max_size=MESSAGE,
        logger=SILENT,
    )
    sweeping = asyncio.create_task(groups.operations.facades.swept())
    host, port = listener.getsockname()[:2]
    try:
        yield Address(host, port)
    finally:
        server.close(close_connections=False)
        sweeping.cancel()
        await groups.finish(stop_within)
        await asyncio.gather(*(each.bye() for each in list(door.guests)))
        # Who is in the middle of a TLS handshake is not waited for.
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE):
                await server.wait_closed()
        await groups.operations.facades.aclose()
