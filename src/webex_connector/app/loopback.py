"""
Waiting on this computer for the browser's return from a consent page (RFC 8252, section 7.3).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from webex_connector.app.serve import serving
from webex_connector.app.settings import ServeSettings

HOST = "127.0.0.1"
"""
The address, as RFC 8252, section 8.3 recommends: the name `localhost` may lead elsewhere.
"""

PATH = "/callback"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Webex Connector</title></head>
<body><main><h1>Back from Webex</h1><p>Go on in the terminal: it says whether the system is connected. This page can be
closed.</p></main></body></html>
"""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # The code is in this page's address.
    "Referrer-Policy": "no-referrer",
}


def redirect_uri(port: int) -> str:
    """
    Return where the consent page leads back to; exactly this has to be registered with the integration.
    """
    return f"http://{HOST}:{port}{PATH}"


@asynccontextmanager
async def listening(port: int) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """
    Listen while the block runs, and yield what waits for the address that the browser comes to first.

    Raises SetupError when the port is taken.
    """
    came: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def callback(request: Request) -> Response:
        if not came.done():
            came.set_result(str(request.url))
        return HTMLResponse(_PAGE, headers=_HEADERS)

    application = Starlette(routes=[Route(PATH, callback)])
    async with serving(application, ServeSettings(HOST, port, stop_within=1)):

        async def first() -> str:
            return await came

        yield first
