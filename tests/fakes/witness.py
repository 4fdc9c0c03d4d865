"""
Somebody who reads along between a client and the sandbox, and remembers what does not fit the published definitions.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

from fakes.published import Exchange, Published
from webex_connector.sandbox import server
from webex_connector.sandbox.delivery import Application, Receive, Send


class Witness:
    """
    Stands in front of the sandbox as an ASGI application and passes everything on as it is.
    """

    def __init__(self, application: Application) -> None:
        self.exchanges: list[Exchange] = []
        """What was said, oldest first."""
        self._application = application

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """
        Pass one request on and note it with its answer.
        """
        sent, received = bytearray(), bytearray()
        status, link = 0, b""

        async def heard() -> Any:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def said(message: Any) -> None:
            nonlocal status, link
            status = message.get("status", status)
            link = dict(message.get("headers", ())).get(b"link", link)
            received.extend(message.get("body", b""))
            await send(message)

        await self._application(scope, heard, said)
        self.exchanges.append(
            Exchange(
                method=scope["method"],
                path=scope["path"],
                query=scope["query_string"].decode(),
                sent=bytes(sent),
                status=status,
                received=bytes(received),
                link=link.decode(),
            )
        )

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """
        Serve while the block runs and yield the address.
        """
        async with server.serving(self) as address:
            yield address


def complaints(exchanges: Iterable[Exchange], published: Published, *, requests: bool = True) -> Iterator[str]:
    """
    Say what does not fit: answers and, unless they were wrong on purpose, requests. Unpublished calls are passed over.

    What stands behind the question mark of a link to the next page is the server's affair, not the caller's.
    """
    links = ""
    for exchange in exchanges:
        links += exchange.link
        call = published.find(exchange.method, exchange.path)
        if call is None:
            continue
        faults = list(call.faults_of_answer(exchange))
        if requests:
            faults += call.faults_of_body(exchange)
            if f"{exchange.path}?{exchange.query}>" not in links:
                faults += call.faults_of_query(exchange)
        yield from (f"{call.name} ({exchange.status}): {fault}" for fault in faults)
