"""
A platform that speaks the protocol of OpenICF with our own messages, and a server for it. The reference for what others
say is the Java framework, which the interoperability tests run.
"""

import base64
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection

from fakes.remote_client import ADMIN, CONNECTOR, KEY, MemoryKind, Platform, Refused
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.failed_logins import FailedLogins, FailureLimit
from webex_connector.gateway.remote.codec.objects import OperationOptions
from webex_connector.gateway.remote.codec.streams import read, written
from webex_connector.gateway.remote.codec.values import Map, Value
from webex_connector.gateway.remote.facades import Facades
from webex_connector.gateway.remote.key import Lock, digest_of
from webex_connector.gateway.remote.openicf.groups import Group, Groups, Patience
from webex_connector.gateway.remote.openicf.listener import listening
from webex_connector.gateway.remote.openicf.messages import new, parsed
from webex_connector.gateway.remote.openicf.socket import PROTOCOL
from webex_connector.gateway.remote.operations import Operations
from webex_connector.gateway.remote.profiles import OPENICF
from webex_connector.gateway.rights import Client

FACADE_KEY = Platform("", 0).facade_key.encode()
"""
The configuration of a platform that knows the connector's secret.
"""


UNPROMPTED = Patience(quiet=1e9)
"""
No socket is asked whether it is still there: virtual time runs ahead whenever the loopback takes a moment.
"""


def basic(key: str) -> str:
    """
    Return the header that shows the key.
    """
    return "Basic " + base64.b64encode(f"anonymous:{key}".encode()).decode()


def options(**given: Value) -> bytes:
    """
    Return operation options as they travel.
    """
    return written(OperationOptions(Map(tuple(given.items()))))


@dataclass
class Line:
    """
    One socket of a platform.
    """

    socket: Connection
    number: int = 0

    async def say(self, number: int, **request: Any) -> None:
        """
        Send a request.
        """
        content = new("RemoteMessage", id=number, request=new("Request", **request)).SerializeToString()
        await self.socket.send(content)

    async def hear(self) -> Any:
        """
        Return the next message.
        """
        content = await self.socket.recv(decode=False)
        return parsed(content)

    async def greet(self, session: str = "PLATFORM") -> str:
        """
        Shake hands; return the session of the other side.
        """
        await self.say(0, handshake=new("Handshake", session=session, server_type=1))
        answer = await self.hear()
        assert answer.HasField("response")
        return str(answer.response.handshake.session)

    async def connectors(self) -> Any:
        """
        Return what the server lists.
        """
        self.number += 1
        await self.say(self.number, control=new("Control", levels=[0]))
        answer = await self.hear()
        assert self.number == answer.id
        (found,) = read(answer.response.control.connectors)
        return found

    async def begin(self, facade_key: bytes = FACADE_KEY, **operation: Any) -> int:
        """
        Ask for an operation; return the request's number.
        """
        self.number += 1
        key = new(
            "ConnectorKey",
            bundle_name=CONNECTOR.bundle_name,
            bundle_version=CONNECTOR.bundle_version,
            connector_name=CONNECTOR.connector_name,
        )
        asked = new("Operation", connector=key, facade_key=facade_key, locale=new("Locale", language="en"), **operation)
        await self.say(self.number, operation=asked)
        return self.number

    async def answer(self, number: int) -> Any:
        """
        Return the outcome that the server tells next, which is that of a request. Raises Refused.
        """
        message = await self.hear()
        assert number == message.id
        return outcome(message)

    async def call(self, facade_key: bytes = FACADE_KEY, **operation: Any) -> Any:
        """
        Return the outcome of an operation without a stream. Raises Refused.
        """
        return await self.answer(await self.begin(facade_key, **operation))

    async def search(
        self, object_class: str = "__ACCOUNT__", wants: Callable[[int], bool] = lambda _: True, **asked: bytes
    ) -> tuple[list[Any], Any]:
        """
        Return what a search finds, and how it ended. Raises Refused.
        """
        number = await self.begin(search=new("Search", object_class=object_class, **asked))
        found: list[Any] = []
        while True:
            told = (await self.answer(number)).search
            if not told.HasField("object"):
                assert len(found) == told.sequence
                return found, told.result
            found.append(told.object)
            assert len(found) == told.sequence


def outcome(message: Any) -> Any:
    """
    Return what an operation's answer holds. Raises Refused.
    """
    assert message.HasField("response")
    if message.response.HasField("error"):
        error = message.response.error
        raise Refused(error.class_name, error.message)
    return message.response.operation


@dataclass(frozen=True)
class Served:
    """
    A running server and what is behind it.
    """

    kind: MemoryKind
    groups: Groups
    host: str
    port: int
    tls: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        """
        Where it is.
        """
        return f"{'ws' if self.tls is None else 'wss'}://{self.host}:{self.port}/openicf"

    @asynccontextmanager
    async def opened(self, key: str = KEY, **settings: Any) -> AsyncIterator[Line]:
        """
        Open a socket while the block runs; nothing is said on it.
        """
        headers = {"Authorization": basic(key)}
        async with connect(
            self.url,
            additional_headers=headers,
            subprotocols=[PROTOCOL],
            ssl=self.tls,
            proxy=None,
            max_size=None,
            ping_interval=None,
            **settings,
        ) as connection:
            yield Line(connection)

    @asynccontextmanager
    async def line(self, session: str = "PLATFORM") -> AsyncIterator[Line]:
        """
        Open a socket and shake hands.
        """
        async with self.opened() as line:
            await line.greet(session)
            yield line

    def group(self, session: str = "PLATFORM") -> Group | None:
        """
        Return what the server knows of a platform.
        """
        return self.groups._groups.get(session)


def groups_for(clock: Clock, kind: MemoryKind, *, client: Client = ADMIN, patience: Patience | None = None) -> Groups:
    """
    Return what serves the in-memory connector to whoever comes.
    """
    facades = Facades([kind], kind, client, clock)
    return Groups(Operations(OPENICF, client, facades, clock, ClientPace(0, clock)), patience or UNPROMPTED)


@asynccontextmanager
async def serving(
    clock: Clock,
    *,
    kind: MemoryKind | None = None,
    client: Client = ADMIN,
    patience: Patience | None = None,
    tls: tuple[ssl.SSLContext, ssl.SSLContext] | None = None,
    at_most: int = 1_000,
    stop_within: float = 5.0,
) -> AsyncIterator[Served]:
    """
    Serve the in-memory connector on a free port of this computer. `tls` is the server's and the platform's.
    """
    behind = kind or MemoryKind(clock)
    groups = groups_for(clock, behind, client=client, patience=patience)
    lock = Lock(Secret(digest_of(KEY)), FailedLogins(clock, FailureLimit()))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # As the house's own sockets have it; else virtual time would run ahead while the kernel gathers small messages.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server_tls, platform_tls = tls or (None, None)
        async with listening(groups, lock, listener, server_tls, stop_within, at_most) as at:
            yield Served(behind, groups, at.host, at.port, platform_tls)
