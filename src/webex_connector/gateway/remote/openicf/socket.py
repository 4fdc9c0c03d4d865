"""
One WebSocket, as the rest of this protocol sees it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from websockets import Subprotocol
from websockets.asyncio.connection import Connection
from websockets.exceptions import ConnectionClosed, ConnectionClosedError
from websockets.frames import CloseCode
from websockets.protocol import State

from webex_connector.gateway.remote.codec.framing import TRUSTED
from webex_connector.gateway.remote.codec.primitives import Malformed

PROTOCOL: Final = Subprotocol("v1.openicf.forgerock.org")
"""
What the protocol is called when a WebSocket is opened.
"""

MESSAGE: Final = TRUSTED.size
"""
How many bytes a message may have.
"""

SILENT: Final = logging.Logger("websockets", logging.CRITICAL + 1)  # noqa: LOG001 - it is nobody else's, and says nothing
"""
Where the library of WebSockets tells what it thinks; what matters of it is told by this room, in one line each.
"""

_GOODBYE: Final = 2.0
_REASON: Final = 123
"""
How many bytes the reason of a closed socket may have (RFC 6455, section 5.5).
"""

_FAULTS: Final = {CloseCode.PROTOCOL_ERROR, CloseCode.INVALID_DATA, CloseCode.MESSAGE_TOO_BIG}


class Socket:
    """
    A WebSocket that is open, from whichever side.
    """

    def __init__(self, connection: Connection, peer: str) -> None:
        self._connection = connection
        self.peer = peer
        """
        The address at the other end.
        """

    async def messages(self) -> AsyncIterator[bytes]:
        """
        Yield what the peer says, until it closes the socket or we do; texts are passed over.

        Raises Malformed when it does not keep to the protocol of WebSockets or says too much at once, ConnectionError
        when it is gone.
        """
        try:
            async for content in self._connection:
                if isinstance(content, bytes):
                    yield content
        except ConnectionClosedError as end:
            if end.sent is not None and end.sent.code in _FAULTS and not end.rcvd_then_sent:
                raise Malformed(end.sent.reason or f"not WebSocket ({end.sent.code})") from None
            raise ConnectionResetError("the peer has gone") from None

    async def send(self, content: bytes) -> None:
        """
        Send a message, and wait while the peer does not take it. Raises ConnectionError when the socket is closed.
        """
        try:
            await self._connection.send(content)
        except ConnectionClosed:
            raise ConnectionResetError("the peer has gone") from None

    async def answered(self, within: float) -> None:
        """
        Ask whether the peer is still there. Raises TimeoutError when it says nothing for so many seconds, and
        ConnectionError when it is gone.
        """
        try:
            async with asyncio.timeout(within):
                # The Java framework takes what comes along for a message, and knows only one, which is empty.
                await (await self._connection.ping(b""))
        except ConnectionClosed:
            raise ConnectionResetError("the peer has gone") from None

    async def close(self, reason: str = "", *, wrong: bool = False) -> None:
        """
        Close the socket with a reason; `wrong` when the peer does not keep to the protocol.
        """
        code = CloseCode.PROTOCOL_ERROR if wrong else CloseCode.GOING_AWAY
        # Somebody who does not take the goodbye is not waited for. A transport of asyncio that was lost with something
        # still to send has no loop any more, which the library stumbles over when it hangs up.
        with suppress(TimeoutError, AttributeError):
            async with asyncio.timeout(_GOODBYE):
                await self._connection.close(code, reason.encode()[:_REASON].decode("utf-8", "ignore"))
        if self._connection.state is not State.CLOSED:
            self._connection.transport.abort()
