"""
How an answer reaches the caller: whole, cut off in the middle, or not at all, on a real connection.
"""

import os
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from webex_connector.sandbox.exchange import Reply, Request

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]
"""
An ASGI application.
"""

CONNECTION: Final = "connection"
"""
Where the server leaves the connection's transport in the state of the ASGI scope.
"""


class Manner(Enum):
    """
    What becomes of the answer.
    """

    WHOLE = "whole"
    HALF = "half"
    """The head promises the whole body, half of it comes, then the connection closes. No body: closed at once."""
    CLOSED = "closed"
    """The connection closes without a byte."""
    RESET = "reset"
    """The connection is reset (TCP RST) without a byte."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    An operation of a bulk request, and what became of it.
    """

    request: Request
    status: int
    """Zero for one that had no effect and no answer."""
    fault: str = ""
    """The kind of fault that befell it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    An answer and its way.
    """

    reply: Reply
    manner: Manner = Manner.WHOLE
    fault: str = ""
    """The kind of fault that befell the request."""
    actor: str = ""
    """Whose token it was."""
    parts: tuple[Part, ...] = ()
    """The operations of a bulk request, as far as it came."""


async def deliver(delivery: Delivery, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """
    Send the answer the way it is meant to arrive.
    """
    reply, manner = delivery.reply, delivery.manner
    if manner is Manner.HALF and not reply.body:
        manner = Manner.CLOSED
    if manner in {Manner.WHOLE, Manner.HALF}:
        await send({"type": "http.response.start", "status": reply.status, "headers": _raw_headers(reply)})
    if manner is Manner.WHOLE:
        await send({"type": "http.response.body", "body": reply.body})
        return
    if manner is Manner.HALF:
        half = reply.body[: len(reply.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
    await _hang_up(scope, receive, reset=manner is Manner.RESET)


async def _hang_up(scope: Mapping[str, Any], receive: Receive, *, reset: bool) -> None:
    transport = scope.get("state", {}).get(CONNECTION)
    if transport is None:
        raise ConnectionAbortedError("only the sandbox's own server can hang up in the middle of an answer")
    if reset:
        # Closing a socket that lingers for zero seconds sends RST in place of FIN (socket(7), SO_LINGER). The option
        # is set through a second handle, since uvloop's sockets know no options.
        with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as handle:
            handle.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
    # The server takes a return before it has noticed for a mistake and would try to answer 500.
    while (await receive())["type"] != "http.disconnect":
        pass


def _raw_headers(reply: Reply) -> list[tuple[bytes, bytes]]:
    headers = {"Content-Type": "application/json;charset=UTF-8"} if reply.body else {}
    headers |= reply.headers
    if reply.status != 204:  # noqa: PLR2004  # no content, and so no length of it (RFC 9110 section 8.6)
        headers["Content-Length"] = str(len(reply.body))
    return [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
