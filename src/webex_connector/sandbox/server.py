"""
Serving the organisation over real HTTP.

uvicorn's own server ticks ten times a second and closes idle connections after five; where tests let time jump
whenever everybody waits, that would let hours pass unseen. So its protocol is used without its server.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from webex_connector.sandbox.delivery import CONNECTION, Application


class _Connection(HttpToolsProtocol):
    """
    A connection that applications can hang up and that never ends for being idle.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self.app_state = {CONNECTION: transport}

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._unset_keepalive_if_required()


@asynccontextmanager
async def serving(application: Application, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """
    Serve while the block runs, and yield the address (`http://host:port`); port 0 takes any free one.

    At the end all connections are cut, and what still runs is cancelled. Raises OSError when the port is taken.
    """
    config = Config(
        _ending_quietly(application), lifespan="off", log_config=None, access_log=False, proxy_headers=False, ws="none"
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: _Connection(config, state, {}), host, port)
    try:
        yield f"http://{_shown(host)}:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        await _cut(state)
        await listener.wait_closed()


async def serve(application: Application, host: str, port: int) -> None:
    """
    Serve until cancelled. Raises OSError when the port is taken.
    """
    async with serving(application, host, port):
        await asyncio.get_running_loop().create_future()


def _ending_quietly(application: Application) -> Application:
    async def quiet(scope: Any, receive: Any, send: Any) -> None:
        # Only `_cut` cancels requests, when nobody is left to hear of it; uvicorn would log it as an error.
        with suppress(asyncio.CancelledError):
            await application(scope, receive, send)

    return quiet


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _cut(state: ServerState) -> None:
    for connection in list(state.connections):
        connection.transport.abort()
    while state.connections:  # noqa: ASYNC110  # uvicorn tells nobody when a connection is gone; it takes one turn
        await asyncio.sleep(0)
    tasks = list(state.tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
