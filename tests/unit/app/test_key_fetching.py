"""
The public keys of issuers, fetched over a socket.
"""

import asyncio
import socket

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from webex_connector.app.key_fetching import fetched
from webex_connector.app.serve import serving
from webex_connector.app.settings import ServeSettings
from webex_connector.gateway.key_sets import NotFetched


async def _answered(request: Request) -> Response:
    match request.url.path:
        case "/keys":
            return Response(b'{"keys": []}')
        case "/large":
            return Response(b"x" * 300_000)
        case "/moved":
            return RedirectResponse("/keys")
        case "/slow":
            await asyncio.sleep(6)
    return Response(status_code=502)


async def test_keys_are_fetched() -> None:
    """
    From where they are alone: no redirect, no error, nothing endless and nobody who is silent gives any.
    """
    application = Starlette(routes=[Route("/{path}", _answered)])
    async with serving(application, ServeSettings(port=0)) as address:
        assert b'{"keys": []}' == await fetched(f"{address}/keys")
        for path, why in (
            ("large", "larger than 262144 bytes"),
            ("moved", "the answer is 307"),
            ("broken", "the answer is 502"),
            ("slow", "there was no whole answer within 5 seconds"),
        ):
            with pytest.raises(NotFetched, match=why):
                await fetched(f"{address}/{path}")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NotFetched, match="ConnectError"):
        await fetched(f"http://127.0.0.1:{port}/keys")
