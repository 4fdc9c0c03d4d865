"""
One connection as a sequence of values.
"""

import asyncio
from collections.abc import Container
from typing import Final

from webex_connector.gateway.remote.codec.decoder import decoded
from webex_connector.gateway.remote.codec.encoder import Encoder
from webex_connector.gateway.remote.codec.framing import Bounds, Stream
from webex_connector.gateway.remote.codec.values import Value

BATCH: Final = 64 * 2**10
"""
How many bytes are gathered before they are sent, unless somebody waits for them.
"""


class Wire:
    """
    Values to and from a peer, one after the other.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._stream, self._encoder = Stream(), Encoder()
        self._gathered = bytearray()

    async def read(self, bounds: Bounds, within: float, types: Container[str] | None = None) -> Value:
        """
        Return the next value. Raises Malformed, TimeoutError when it has not come whole within so many seconds, and
        EOFError when the peer has ended the connection before its first byte, ConnectionError within it.
        """
        async with asyncio.timeout(within):
            body = await self._body(bounds)
        return decoded(body, self._stream.names, bounds, types)

    async def _body(self, bounds: Bounds) -> bytes:
        steps = self._stream.frame(bounds)
        size, first = next(steps), True
        while True:
            try:
                piece = await self._reader.readexactly(size)
            except asyncio.IncompleteReadError as end:
                if first and not end.partial:
                    raise EOFError from None
                raise ConnectionResetError("the peer has gone") from None
            first = False
            try:
                size = steps.send(piece)
            except StopIteration as done:
                body: bytes = done.value
                return body

    async def write(self, value: Value) -> None:
        """
        Write a value; it may be sent later, with others. Raises ConnectionError.
        """
        self._gathered += self._encoder.encode(value)
        if len(self._gathered) >= BATCH:
            await self.flush()

    async def flush(self) -> None:
        """
        Send everything, and wait while the peer does not take it. Raises ConnectionError.
        """
        if self._gathered:
            self._writer.write(bytes(self._gathered))
            self._gathered.clear()
        await self._writer.drain()
