"""
A platform that speaks the connector protocol with our own codec, and a server for it.
"""

import asyncio
import base64
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fakes.memory_connector import MemoryConnector
from fakes.ports import MemoryJournal, OpenGuard
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.failed_logins import FailedLogins, FailureLimit
from webex_connector.gateway.remote.codec.description import (
    APIConfiguration,
    ConfigurationProperties,
    ConfigurationProperty,
    ConnectorKey,
)
from webex_connector.gateway.remote.codec.framing import TRUSTED
from webex_connector.gateway.remote.codec.messages import (
    OperationRequest,
    OperationRequestMoreData,
    OperationRequestStopData,
    OperationResponseEnd,
    OperationResponsePart,
    OperationResponsePause,
)
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.gateway.remote.codec.values import JavaClass, Locale, Value
from webex_connector.gateway.remote.conversation import House, Patience
from webex_connector.gateway.remote.facades import Facades, Keeping
from webex_connector.gateway.remote.key import Lock, digest_of
from webex_connector.gateway.remote.operations import Operations
from webex_connector.gateway.remote.profiles import CONNID, Profile
from webex_connector.gateway.remote.server import listening
from webex_connector.gateway.remote.wire import Wire
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.configuration import Property, PropertyType, configured
from webex_connector.icf.errors import ConfigurationInvalid
from webex_connector.icf.facade import Facade

KEY = "changeit"
CONNECTOR = ConnectorKey("org.example.bundle", "1.0", "org.example.Connector")
ADMIN = Client("platform", role=Role.ADMIN)


class Refused(Exception):
    """
    The server answered with an exception; `java_class` is its name without the package.
    """

    def __init__(self, java_class: str, message: str | None) -> None:
        super().__init__(f"{java_class}: {message}")
        self.java_class = java_class.rpartition(".")[2]


@dataclass
class MemoryKind:
    """
    The in-memory connector, as platforms may configure it. `seen` is every configuration it was opened with.
    """

    clock: Clock
    connector: MemoryConnector = field(default_factory=MemoryConnector)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    seen: list[Mapping[str, object]] = field(default_factory=list)
    closed: int = 0
    keys: tuple[ConnectorKey, ...] = (CONNECTOR,)
    display_name: str = "In memory"
    checks_passwords: bool = False
    properties: tuple[Property, ...] = (
        Property("serviceUri", "Where it's {found}.", default="https://example.com"),
        Property("clientSecret", "What opens it.", secret=True, required=True),
        Property("classes", "Which.", PropertyType.LIST, ()),
        Property("claims", "What it says.", PropertyType.MAP),
        Property("pool", "How many.", PropertyType.INTEGER, 10),
    )

    async def opened(self, configuration: Mapping[str, object]) -> Facade:
        """
        Open a facade of the one connector.
        """
        self.seen.append(configured(self.properties, configuration))
        return self.facade("remote")

    def facade(self, name: str) -> Facade:
        """
        Return a facade of the one connector; as a system of the settings, the only one is called `webex`.
        """
        if name not in {"webex", "remote"}:
            raise ConfigurationInvalid(f"There is no system {name}")
        return Facade(
            name,
            self.connector,
            journal=self.journal,
            guard=OpenGuard(),
            clock=self.clock,
            cookie_key=b"0" * 32,
        )


@dataclass
class Platform:
    """
    What talks to the server; each request on a connection of its own, as Java does it.
    """

    host: str
    port: int
    key: str = KEY
    connector: ConnectorKey = CONNECTOR
    tls: ssl.SSLContext | None = None
    configuration: Mapping[str, Value] = field(default_factory=lambda: {"clientSecret": Secret("right")})

    @property
    def facade_key(self) -> str:
        """
        The configuration as it travels.
        """
        properties = (
            ConfigurationProperty(name=name, type=JavaClass("String"), value=value)
            for name, value in self.configuration.items()
        )
        content = written(APIConfiguration(properties=ConfigurationProperties(tuple(properties))))
        return base64.b64encode(content).decode()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Wire]:
        """
        Open a connection while the block runs.
        """
        reader, writer = await asyncio.open_connection(self.host, self.port, ssl=self.tls)
        try:
            yield Wire(reader, writer)
        finally:
            writer.close()

    async def ask(self, wire: Wire, request: Value) -> Value:
        """
        Send a request and return the first value of its answer.
        """
        for each in (Locale("en"), Secret(self.key), request):
            await wire.write(each)
        await wire.flush()
        return await wire.read(TRUSTED, 10_000)

    def request(self, operation: str, method: str, *arguments: Value) -> OperationRequest:
        """
        Return a request for an operation of the connector.
        """
        return OperationRequest(JavaClass(operation), method, self.connector, self.facade_key, arguments)

    async def call(self, operation: str, method: str, *arguments: Value) -> Any:
        """
        Return what an operation without a stream answers. Raises Refused.
        """
        async with self.connected() as wire:
            return _result(await self.ask(wire, self.request(operation, method, *arguments)))

    async def stream(
        self, operation: str, method: str, *arguments: Value, wants: Callable[[int], bool] = lambda _: True
    ) -> tuple[list[Any], Any]:
        """
        Return the objects of a stream and what it returns. `wants` says, by their number, whether more are wanted.
        """
        found: list[Any] = []
        async with self.connected() as wire:
            answer = await self.ask(wire, self.request(operation, method, *arguments))
            while not isinstance(answer, OperationResponseEnd):
                if isinstance(answer, OperationResponsePause):
                    more = wants(len(found))
                    await wire.write(OperationRequestMoreData() if more else OperationRequestStopData())
                    await wire.flush()
                else:
                    found.append(_result(answer))
                answer = await wire.read(TRUSTED, 10_000)
            return found, _result(await wire.read(TRUSTED, 10_000))


def _result(answer: Value) -> Any:
    assert isinstance(answer, OperationResponsePart)
    if answer.exception is not None:
        raise Refused(answer.exception.java_class, answer.exception.message)
    return answer.result


@dataclass(frozen=True)
class Served:
    """
    A running server, what is behind it, and a platform that knows its key.
    """

    kind: MemoryKind
    facades: Facades
    platform: Platform


@asynccontextmanager
async def serving(
    clock: Clock,
    *,
    kind: MemoryKind | None = None,
    profile: Profile = CONNID,
    client: Client = ADMIN,
    patience: Patience | None = None,
    keeping: Keeping | None = None,
    tls: ssl.SSLContext | None = None,
    at_most: int = 1_000,
    per_second: int = 0,
    port: int = 0,
) -> AsyncIterator[Served]:
    """
    Serve the in-memory connector on this computer, on a free port unless one is given.
    """
    behind = kind or MemoryKind(clock)
    facades = Facades([behind], behind, client, clock, keeping or Keeping())
    house = House(
        Lock(Secret(digest_of(KEY)), FailedLogins(clock, FailureLimit())),
        Operations(profile, client, facades, clock, ClientPace(per_second, clock)),
        clock.now(),
        patience or Patience(),
    )
    with socket.create_server(("127.0.0.1", port)) as listener:
        async with listening(house, listener, tls, 5.0, at_most) as address:
            yield Served(behind, facades, Platform(address.host, address.port))
