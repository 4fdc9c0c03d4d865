"""
Running the doors on a port until somebody stops them.
"""

import asyncio
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from webex_connector.app import mirrors, openicf, remote, running, storing, wiring
from webex_connector.app.alerting.endings import told_daily
from webex_connector.app.alerting.failed_runs import told_of_failures
from webex_connector.app.alerting.troubles import Troubles
from webex_connector.app.connecting import Connecting
from webex_connector.app.journal import shortened_daily
from webex_connector.app.lasting import keep_for_good
from webex_connector.app.reconciling import reconciling
from webex_connector.app.retention import purged_daily
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.app.sockets import socket_on
from webex_connector.app.storing import Memory
from webex_connector.app.syncing import syncing
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.endings import Endings
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.store.purging import Purge

_log = logger("app")

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
    with socket_on(settings.host, settings.port, _ANOTHER_PORT) as listener:
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
        endings = Endings(systems.memory.clients, clock)
        runs = running.running_in(systems, clock)
        recons = None
        if settings.sync_file is not None:
            engine = await stack.enter_async_context(syncing(systems, clock))
            recons = reconciling(engine, runs, systems.memory.alerts)
        running.refuse_unknown(runs)
        troubles = Troubles(systems, systems.mirrors, systems.memory.alerts, settings.alerts, clock)
        doors = wiring.doors(systems, settings, clock, endings, recons, troubles)
        address = await stack.enter_async_context(serving(doors, settings.serve))
        for each in _connector_servers(settings, systems, clock):
            await stack.enter_async_context(each)
        for name, problem in systems.problems.items():
            _log.warning("app.system_not_open", system=name, reason=problem)
        keep_for_good()
        announce(address)
        beside = [
            asyncio.create_task(systems.follow()),
            asyncio.create_task(mirrors.follow(systems.mirrors, clock)),
            asyncio.create_task(endings.watched()),
            asyncio.create_task(shortened_daily(systems.memory.journal, settings.journal_days, clock)),
            asyncio.create_task(told_daily(Connecting(systems, "alerts"), systems.memory.alerts, clock)),
            asyncio.create_task(troubles.watched()),
            asyncio.create_task(told_of_failures(runs.jobs, systems.memory.alerts, clock)),
            asyncio.create_task(purged_daily(Purge(systems.memory.store.database), settings.plans_days, clock)),
            asyncio.create_task(runs.worker.work()),
            asyncio.create_task(runs.scheduler.work()),
            asyncio.create_task(running.forgotten_daily(runs.jobs, settings.journal_days, clock)),
        ]
        try:
            await stopped()
        finally:
            for task in beside:
                task.cancel()
            # They may have something in the store to give back.
            await asyncio.gather(*beside, return_exceptions=True)


def _connector_servers(
    settings: Settings, systems: Systems, clock: Clock
) -> Iterator[AbstractAsyncContextManager[object]]:
    server, within = settings.remote, settings.serve.stop_within
    if server is None:
        return
    if server.tcp:
        yield remote.serving(server, systems, within, clock)
    if server.openicf is not None and server.openicf.port is not None:
        yield openicf.serving(server, server.openicf.port, systems, within, clock)
    if server.openicf is not None and server.openicf.platform is not None:
        yield openicf.connected(server, server.openicf.platform, systems, within, clock)


async def _refuse_without_clients(settings: Settings, memory: Memory) -> None:
    if settings.remote is None and not settings.clients and not (memory.clients and await memory.clients.all()):
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
