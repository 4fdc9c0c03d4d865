"""
The side that calls a platform, for connectors that no platform can call since a firewall stands between.
"""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from websockets import WebSocketException
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.remote.openicf.groups import Groups
from webex_connector.gateway.remote.openicf.peer import Peer
from webex_connector.gateway.remote.openicf.socket import MESSAGE, PROTOCOL, SILENT, Socket
from webex_connector.icf.errors import ConnectorError

_log = logger("gateway")

Authorization = Callable[[], Awaitable[str]]
"""
Returns the `Authorization` header. Raises ConnectorError when there is none to be had.
"""

_SHORTEST, _LONGEST = 1.0, 60.0
_RETIRING: Final = 600.0
"""
Seconds that a socket which is replaced may go on with what it has begun.
"""


@dataclass(frozen=True, slots=True)
class Called:
    """
    A platform that is called.
    """

    url: str
    authorization: Authorization
    tls: ssl.SSLContext | None
    """
    None for `ws:`.
    """
    proxy: str | None = None
    connections: int = 2
    """
    How many sockets are kept open.
    """
    lifetime: float | None = None
    """
    Seconds after which a socket is replaced by a new one; None for never.
    """


class _Dialler:
    """
    Keeps sockets to one platform open.
    """

    def __init__(self, groups: Groups, called: Called, clock: Clock) -> None:
        self._groups, self._called, self._clock = groups, called, clock
        self._host = str(urlsplit(called.url).hostname)
        self._trouble: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """
        Begin to call.
        """
        for _ in range(self._called.connections):
            self._go_on(self._kept())

    async def stop(self) -> None:
        """
        Call no more, and hang up.
        """
        tasks = list(self._tasks)
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _go_on(self, what: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _kept(self) -> None:
        """
        Keep one socket open, for ever.
        """
        wait, old = _SHORTEST, None
        while True:
            reached = await self._reached()
            if reached is None:
                await self._rest(wait)
                wait = min(2 * wait, _LONGEST)
                continue
            peer, held = reached
            if old is not None:
                self._go_on(old.retire(_RETIRING))
            since = self._clock.monotonic()
            ended, _ = await asyncio.wait([held], timeout=self._called.lifetime)
            if self._clock.monotonic() - since >= _LONGEST:
                wait = _SHORTEST
            old = None if ended else peer
            if ended:
                # A platform that hangs up at once is not called again at once.
                await self._rest(wait)
                wait = min(2 * wait, _LONGEST)

    async def _rest(self, seconds: float) -> None:
        # Connectors that have lost the same platform do not all come back at the same moment.
        await self._clock.sleep(seconds * random.uniform(0.5, 1.0))  # noqa: S311 - nothing secret

    async def _reached(self) -> tuple[Peer, asyncio.Task[None]] | None:
        """
        Return a platform on a new socket and the task that serves it; None when it cannot be reached.
        """
        try:
            return await self._dialled()
        except InvalidStatus as refusal:
            reason = f"it answers HTTP {refusal.response.status_code}"
        except (OSError, WebSocketException, ConnectorError) as problem:
            reason = str(problem) or type(problem).__name__
        except Exception as error:  # noqa: BLE001 - whatever it is, the platform is called again
            reason = f"this is a fault of the connector server: {type(error).__name__}"
            _log.error("remote.failed", host=self._host, exc_info=error)
        if reason != self._trouble:
            self._trouble = reason
            _log.warning("remote.not_reached", host=self._host, reason=reason)
        return None

    async def _dialled(self) -> tuple[Peer, asyncio.Task[None]]:
        connection = await connect(
            self._called.url,
            additional_headers={"Authorization": await self._called.authorization()},
            subprotocols=[PROTOCOL],
            ssl=self._called.tls,
            proxy=self._called.proxy,
            compression=None,
            user_agent_header="webex-connector",
            open_timeout=self._groups.patience.greeting,
            ping_interval=None,
            close_timeout=1,
            max_size=MESSAGE,
            logger=SILENT,
        )
        peer = Peer(self._groups, Socket(connection, self._host))
        await peer.greet()
        held = self._go_on(peer.held())
        greeted = asyncio.create_task(peer.greeted.wait())
        await asyncio.wait([held, greeted], return_when=asyncio.FIRST_COMPLETED)
        greeted.cancel()
        if not peer.greeted.is_set():
            raise ConnectionResetError("it said no greeting")
        self._trouble = None
        _log.info("remote.reached", host=self._host)
        return peer, held


@asynccontextmanager
async def calling(groups: Groups, called: Called, clock: Clock, stop_within: float) -> AsyncIterator[None]:
    """
    Keep sockets to a platform open and serve it by them while the block runs. At its end, operations in progress are
    given `stop_within` seconds.
    """
    dialler = _Dialler(groups, called, clock)
    sweeping = asyncio.create_task(groups.operations.facades.swept())
    dialler.start()
    try:
        yield
    finally:
        sweeping.cancel()
        await groups.finish(stop_within)
        await dialler.stop()
        await groups.operations.facades.aclose()
