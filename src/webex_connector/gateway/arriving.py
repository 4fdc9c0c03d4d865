"""
How a request begins and ends at an HTTP door, whatever the form of its answers: who it is, how fast they ask, one line
in the log.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.rights import Client

log = logger("gateway")


class Arrivals:
    """
    The requests to one door; its name is what the journal and the log call it.
    """

    def __init__(self, door: str, clock: Clock, pace: ClientPace) -> None:
        self._door, self._clock, self._pace = door, clock, pace
        self._event = f"{door}.request"

    async def attend(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        answer: Callable[[Request], Awaitable[Response]],
    ) -> None:
        """
        Have a request answered, log it, and send the answer with what the client may still ask. Raises ValueError when
        it is no request, as for the start of an application, and StreamCut when a stream breaks after it has begun.
        """
        if scope["type"] != "http":
            raise ValueError(f"the door {self._door} does not speak {scope['type']}")
        request = Request(scope, receive)
        started = self._clock.monotonic()
        response = await answer(request)
        standing = getattr(request.state, "standing", None)
        if standing is not None:
            response.headers.update(standing.headers)
        log.info(
            self._event,
            method=request.method,
            path=scope["path"],
            client=getattr(request.state, "client", None),
            status=response.status_code,
            seconds=round(self._clock.monotonic() - started, 3),
        )
        await response(scope, receive, send)

    def known(self, request: Request, client: Client) -> None:
        """
        Note who sent a request. Raises Throttled when they send too many.
        """
        request.state.client = client.name
        standing = self._pace.take(client.name)
        if standing is not None:
            request.state.standing = standing
            standing.refuse(client.name)


def address_of(request: Request) -> str:
    """
    Return the address that a request came from.
    """
    return request.client.host if request.client else "unknown"


def raw_path_of(request: Request) -> str:
    """
    Return the path below the place where the door is mounted, still percent-encoded, so that an encoded slash stays
    part of a name.
    """
    raw: bytes = request.scope["raw_path"]
    root: str = request.scope.get("root_path", "")
    return raw.decode("latin-1").partition("?")[0].removeprefix(root)
