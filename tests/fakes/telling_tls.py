"""
A server that wants a client certificate and says so by an alert (RFC 8446, section 6.2) before it hangs up, as servers
do; asyncio's own hangs up without a word.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def telling_server(context: ssl.SSLContext) -> AsyncIterator[str]:
    """
    Serve while the block runs, and yield the address. Whom it accepts it answers with an empty list, once.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        secured = context.wrap_bio(incoming, outgoing, server_side=True)

        async def through(step: Callable[[], T]) -> T:
            while True:
                try:
                    return step()
                except ssl.SSLWantReadError:
                    writer.write(outgoing.read())
                    incoming.write(await reader.read(65536))
                finally:
                    writer.write(outgoing.read())

        with suppress(ssl.SSLError):
            await through(secured.do_handshake)
            await through(lambda: secured.read(65536))
            await through(lambda: secured.write(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"items":[]}'))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    finally:
        server.close()
