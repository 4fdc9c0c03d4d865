"""
Where a scripted server and clients of it meet.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

from fakes.scripted_webex import Script, ScriptedWebex
from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.webex.call import Lane
from webex_connector.webex.client import WebexClient
from webex_connector.webex.pace import Kind, TurnTooLate
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.tokens import StaticToken, TokenSource
from webex_connector.webex.transport import Transport


class PatientPacer:
    """
    Lets everybody pass, except while Webex asked to wait; writes down what it was told.
    """

    def __init__(self) -> None:
        self.told: list[tuple[str, Kind]] = []
        self.lanes: list[Lane] = []
        self._closed_until = 0.0
        self.line = 0.0
        """
        How many seconds' worth of others stand in line.
        """

    async def turn(self, kind: Kind, lane: Lane, deadline: float | None = None) -> None:
        """
        Wait until the gate opens again. Raise TurnTooLate when that is after the deadline.
        """
        self.lanes.append(lane)
        now = asyncio.get_running_loop().time()
        if deadline is not None and max(now, self._closed_until) >= deadline:
            raise TurnTooLate(self.wait(kind, lane))
        await asyncio.sleep(max(0.0, self._closed_until - now))

    def wait(self, kind: Kind, lane: Lane) -> float:
        """
        Return the seconds until the gate opens and those in line have passed.
        """
        return max(self.line, self._closed_until - asyncio.get_running_loop().time())

    def answered(self, kind: Kind) -> None:
        """
        Note an answer.
        """
        self.told.append(("answered", kind))

    def throttled(self, kind: Kind, retry_after: float | None) -> None:
        """
        Close the gate.
        """
        self.told.append(("throttled", kind))
        self._closed_until = asyncio.get_running_loop().time() + (retry_after or 1.0)


class Stage:
    """
    A scripted server and clients of it; all of them end with the test.
    """

    def __init__(self, stack: AsyncExitStack, clock: VirtualClock) -> None:
        self._stack, self._clock = stack, clock
        self.pacer = PatientPacer()
        self.settings = ClientSettings(trust_environment=False)

    async def server(self, script: Script, tls: ssl.SSLContext | None = None) -> ScriptedWebex:
        """
        Start the server.
        """
        server = await self._stack.enter_async_context(ScriptedWebex(script, tls))
        self.settings = replace(self.settings, service_uri=server.uri)
        return server

    def transport(self, tokens: TokenSource | None = None, luck: Callable[[], float] = lambda: 0.0) -> Transport:
        """
        Return a transport to the server, or to nowhere if it was never started.
        """
        source = tokens or StaticToken(Secret("good-token"))
        transport = Transport(self.settings, source, self.pacer, self._clock, luck)
        close: Callable[[], Awaitable[None]] = transport.aclose
        self._stack.push_async_callback(close)
        return transport

    def client(self, tokens: TokenSource | None = None) -> WebexClient:
        """
        Return a client of the server.
        """
        return WebexClient(self.transport(tokens))
