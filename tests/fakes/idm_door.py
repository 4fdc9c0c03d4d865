"""
The REST door in front of the in-memory connector, and a client that has logged in.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from starlette.types import ASGIApp

from fakes.memory_connector import MemoryConnector, Row
from fakes.ports import MemoryJournal, OpenGuard
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.idm.door import application
from webex_connector.gateway.idm.systems import ConnectorRef, System
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf import names
from webex_connector.icf.configuration import Property, PropertyType, configured
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import Connector

LOGIN = {"X-OpenIDM-Username": "ida", "X-OpenIDM-Password": "right"}
PEOPLE = "/openidm/system/webex/__ACCOUNT__"
REF = ConnectorRef("org.example.bundle", "1.5.20.34", "org.example.Connector")
CLIENTS = [
    Client("ida", Secret("right"), role=Role.ADMIN),
    Client("reader", Secret("right"), role=Role.READER),
    Client("elsewhere", Secret("right"), systems=frozenset({"other"}), role=Role.ADMIN),
    Client("Zoë", Secret("schlüssel")),
    Client("nobody", None),
    Client("robot", None, token=Secret("t0ken")),
]


@dataclass
class MemoryOffer:
    """
    The in-memory connector as one that a caller may have configured. `seen` is every configuration it was opened with.
    """

    connector: MemoryConnector = field(default_factory=MemoryConnector)
    seen: list[Mapping[str, object]] = field(default_factory=list)
    ref: ConnectorRef = REF
    display_name: str = "In memory"
    properties: tuple[Property, ...] = (
        Property("serviceUri", "Where.", default="https://example.com", required=True),
        Property("clientSecret", "What opens it.", secret=True),
        Property("classes", "Which.", PropertyType.LIST, ()),
    )

    @asynccontextmanager
    async def opened(self, name: str, configuration: Mapping[str, object]) -> AsyncIterator[Facade]:
        """
        Open a facade of the connector, which is closed at the end.
        """
        self.seen.append(configured(self.properties, configuration))
        facade = Facade(
            name,
            self.connector,
            journal=MemoryJournal(),
            guard=OpenGuard(),
            clock=VirtualClock(),
            cookie_key=b"0" * 32,
        )
        try:
            yield facade
        finally:
            await facade.aclose()


@dataclass
class Rig:
    """
    A door with everything behind it. `systems` may be given more entries.
    """

    clock: Clock
    connector: MemoryConnector = field(default_factory=MemoryConnector)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    guard: OpenGuard = field(default_factory=OpenGuard)
    systems: dict[str, System] = field(default_factory=dict)
    offer: MemoryOffer = field(default_factory=MemoryOffer)
    per_second: int = 0

    def __post_init__(self) -> None:
        self.systems["webex"] = System(self.facade(), "Webex Connector", REF)
        access = Access(CLIENTS, self.clock)
        pace = ClientPace(self.per_second, self.clock)
        self.app: ASGIApp = application(self.systems, access, self.clock, pace, [self.offer], patience=50.0)
        transport = httpx2.ASGITransport(self.app, client=("192.0.2.1", 50000))
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://door.example", headers=LOGIN)

    def facade(self, connector: Connector | None = None) -> Facade:
        """
        Return a facade of the rig's connector, or of another one.
        """
        return Facade(
            "webex",
            connector or self.connector,
            journal=self.journal,
            guard=self.guard,
            clock=self.clock,
            cookie_key=b"0" * 32,
        )

    @property
    def people(self) -> dict[str, Row]:
        """
        The people in the world.
        """
        return self.connector.world[names.ACCOUNT]

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """
        Send a request with a JSON body, if there is one; underscores in header names are dashes.
        """
        return await self.http.request(
            method,
            path,
            json=body,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
