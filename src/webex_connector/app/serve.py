"""
Running the doors on a port until somebody stops them.
"""

import asyncio
import errno
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from webex_connector.app import storing, wiring
from webex_connector.app.journal import shortened_daily
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.app.storing import Memory
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf.errors import ConfigurationInvalid, SetupError

_log = logger("app")

_BACKLOG = 2048
_PORTS = 65_536
_ANOTHER_PORT = "choose another: demo has --port, make run has PORT=9090, serve goes by port in [serve] of its settings"
_STOPPING = (signal.SIGINT, signal.SIGTERM)


class _Server(uvicorn.Server):
    """
    A server that says when it is ready and leaves signals to whoever runs it.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def serving(application: ASGIApp, settings: ServeSettings) -> AsyncIterator[str]:
    """
    Serve while the block runs and yield the address. At its end, requests in progress are given `stop_within` seconds.

    Raises SetupError when the port is taken or may not be used, and ConfigurationInvalid when the certificate cannot
    be used.
    """
    config = _configured(application, settings)
    with _listening(settings.host, settings.port) as listener:
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await server.ready.wait()
            scheme = "http" if settings.certificate is None else "https"
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            yield f"{scheme}://{host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


async def serve(settings: Settings, clock: Clock, announce: Callable[[str], None]) -> None:
    """
    Open every system and serve the doors until the process is asked to stop; `announce` is told the address.

    Raises ConfigurationInvalid when nobody could log in or another server uses the data folder, and what `serving` and
    `wiring.opened` raise.
    """
    if settings.store.folder is not None and settings.store.keys is None:
        _log.warning(
            "store.key_beside_database",
            folder=str(settings.store.folder),
            advice="whoever has both can read the tokens: move store.key elsewhere and name it by key in [store]",
        )
    async with AsyncExitStack() as stack:
        stack.enter_context(storing.one_server(settings.store))
        systems = await stack.enter_async_context(wiring.opened(settings, clock))
        await _refuse_without_clients(settings, systems.memory)
        doors = wiring.doors(systems, settings, clock)
        address = await stack.enter_async_context(serving(doors, settings.serve))
        for name, problem in systems.problems.items():
            _log.warning("app.system_not_open", system=name, reason=problem)
        announce(address)
        beside = [
            asyncio.create_task(systems.follow()),
            asyncio.create_task(shortened_daily(systems.memory.journal, settings.journal_days, clock)),
        ]
        try:
            await stopped()
        finally:
            for task in beside:
                task.cancel()


async def _refuse_without_clients(settings: Settings, memory: Memory) -> None:
    if not settings.clients and not (memory.clients and await memory.clients.all()):
        raise ConfigurationInvalid(
            "Nobody could log in: webex-connector access add NAME makes a client, or name one in the settings, "
            "[clients.<name>] with a password"
        )


async def stopped() -> None:
    """
    Return when the process is asked to stop: Ctrl-C or SIGTERM.
    """
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for each in _STOPPING:
        loop.add_signal_handler(each, asked.set)
    try:
        await asked.wait()
    finally:
        for each in _STOPPING:
            loop.remove_signal_handler(each)


def _configured(application: ASGIApp, settings: ServeSettings) -> uvicorn.Config:
    password = settings.private_key_password
    config = uvicorn.Config(
        application,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(settings.stop_within),
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.private_key,
        ssl_keyfile_password=None if password is None else password.reveal(),
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as problem:
        raise ConfigurationInvalid(f"Cannot use the certificate {settings.certificate}: {problem}") from problem
    return config


def _listening(host: str, port: int) -> socket.socket:
    # The resolver takes a port past the last one for another port, and says nothing.
    if port not in range(_PORTS):
        raise SetupError(f"There is no port {port}; {_ANOTHER_PORT}")
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except socket.gaierror as problem:
        raise SetupError(f"Cannot listen on {host}: {problem.strerror}") from problem
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise SetupError(f"Port {port} on {host} is taken by another program; {_ANOTHER_PORT}") from problem
        raise SetupError(f"Cannot listen on port {port} of {host}: {problem.strerror}") from problem
    # Connections inherit it. asyncio sets it on sockets that know their protocol, and accepted ones do not: the body of
    # an answer, sent after its head, would wait some 40 ms for the client's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
