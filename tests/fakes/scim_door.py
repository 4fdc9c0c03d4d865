"""
The SCIM door in front of the Control Hub connector and the sandbox, spoken to through a socket.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from fakes.beside import beside, empty_database
from fakes.hub import Hub, asked, running_hub
from fakes.hub_subjects import WITH_TEAMS
from webex_connector.app.serve import serving
from webex_connector.app.settings import ServeSettings
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.rights import Client, Right, Role
from webex_connector.gateway.scim.door import application
from webex_connector.gateway.scim.manner import USUAL, Manner
from webex_connector.gateway.scim.systems import System
from webex_connector.icf.operations import Connector
from webex_connector.icf.ports import Guard
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import Group, Person
from webex_connector.store.engine import Database
from webex_connector.webex.ids import encode, uuid_of

TOKEN = "okta-token"
READER = "reader-token"
CAREFUL = "careful-token"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
CLIENTS = (
    Client("okta", token=Secret(TOKEN), role=Role.PROVISIONER),
    Client("reader", Secret("reader"), token=Secret(READER), role=Role.READER),
    Client("careful", token=Secret(CAREFUL), without=frozenset({Right.DELETE})),
    Client("elsewhere", token=Secret("other-token"), systems=frozenset({"other"})),
)


@dataclass(frozen=True, slots=True)
class ScimDoor:
    """
    The door, a client of it that is logged in, and the organisation behind it.
    """

    hub: Hub
    http: httpx2.AsyncClient
    address: str

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """
        Send a request to system `webex`; `path` follows its address. Underscores in header names are dashes.
        """
        return await self.http.request(
            method,
            f"{self.address}/webex/v2{path}",
            json=body,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    async def get(self, path: str, **parameters: str | int) -> dict[str, Any]:
        """
        Return the body of a successful GET. Raises AssertionError for any other answer.
        """
        answer = await self.http.get(f"{self.address}/webex/v2{path}", params=parameters)
        if answer.status_code != httpx2.codes.OK:
            raise AssertionError(f"{path}: {answer.status_code} {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    def requests(self) -> list[str]:
        """
        Return the requests to Webex since the last time this was asked.
        """
        found = asked(self.hub)
        self.hub.sandbox.trace.clear()
        return found

    def person(self, uid: str) -> Person | None:
        """
        Return a person as the organisation has it.
        """
        return self.hub.sandbox.world.person(uuid_of(uid))

    def uid_of(self, address: str) -> str:
        """
        Return the id of the person with this address. Raises ValueError when there is nobody.
        """
        person = self.hub.sandbox.world.person_at(address)
        if person is None:
            raise ValueError(f"nobody has the address {address}")
        return encode("PEOPLE", person.uuid)

    def people(self) -> list[Person]:
        """
        Return everybody in the organisation.
        """
        return [person for _, person in self.hub.sandbox.world.people()]

    def group(self, name: str) -> Group | None:
        """
        Return the group of this name as the organisation has it.
        """
        return next((each for each in self.hub.sandbox.world.groups.values() if each.display_name == name), None)


@asynccontextmanager
async def scim_door(
    clock: Clock,
    manner: Manner = USUAL,
    *,
    people: int = 20,
    quirks: Quirks | None = None,
    teams: bool = False,
    road: str = "people",
    per_second: int = 0,
    guard: Guard | None = None,
    rate: str | None = None,
    wrapped: Callable[[Connector, Database], Connector] = beside,
    properties: Mapping[str, object] | None = None,
) -> AsyncIterator[ScimDoor]:
    """
    Serve system `webex` by SCIM; the client is logged in with a token. With `teams` it has
    teams too, as the administrator sees them. `rate` is that of reads, and of writes. `wrapped`
    puts something in front of the connector, beside an empty database. `properties` are added
    to its configuration.
    """
    given = {"road": road, "readRateLimit": rate, "writeRateLimit": rate, **(WITH_TEAMS if teams else {})}
    with empty_database() as database:
        async with running_hub(
            clock,
            people=people,
            quirks=quirks,
            wrapped=lambda connector: wrapped(connector, database),
            guard=guard,
            **{**given, **(properties or {})},
        ) as hub:
            systems, pace = {"webex": System(hub.facade, clock, manner)}, ClientPace(per_second, clock)
            door = application(systems, Access(CLIENTS, clock), clock, pace)
            async with (
                serving(door, ServeSettings(port=0)) as address,
                httpx2.AsyncClient(headers=BEARER, timeout=None) as http,
            ):
                yield ScimDoor(hub, http, address)
