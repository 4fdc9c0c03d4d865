"""
The REST door in front of the Control Hub connector and the sandbox, spoken to through a socket, byte by byte.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fakes.hub import Hub, running_hub, unwrapped
from webex_connector.app.kinds.control_hub import REF
from webex_connector.app.serve import serving
from webex_connector.app.settings import ServeSettings
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.idm.door import application
from webex_connector.gateway.idm.systems import System
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf.operations import Connector
from webex_connector.icf.ports import Guard
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import Person
from webex_connector.webex.ids import encode, uuid_of

LOGIN = "X-OpenIDM-Username: openidm-admin\r\nX-OpenIDM-Password: openidm-admin\r\n"
"""
The headers of the one client who may call.
"""


@dataclass(frozen=True, slots=True)
class RestDoor:
    """
    The door and the organisation behind it.
    """

    hub: Hub
    port: int

    async def send(self, request: bytes) -> tuple[int, Any]:
        """
        Send these bytes as they are; return status and decoded body.
        """
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        head, _, body = answer.partition(b"\r\n\r\n")
        if b"transfer-encoding: chunked" in head.lower():
            body = _joined(body)
        return int(head.split()[1]), json.loads(body) if body else None

    async def ask(self, method: str, target: str, body: str = "", headers: str = LOGIN) -> tuple[int, Any]:
        """
        Send a request to system `webex`; `target` is what follows its address.
        """
        content = body.encode()
        head = f"{method} /openidm/system/webex{target} HTTP/1.1\r\nHost: localhost\r\n{headers}"
        if content:
            head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        return await self.send(f"{head}\r\n".encode() + content)

    def person(self, uid: str) -> Person | None:
        """
        Return a person as the organisation has it.
        """
        return self.hub.sandbox.world.person(uuid_of(uid))

    def uid_of(self, address: str) -> str:
        """
        Return the id of the person with this address.
        """
        person = self.hub.sandbox.world.person_at(address)
        if person is None:
            raise ValueError(f"nobody has the address {address}")
        return encode("PEOPLE", person.uuid)

    def group_id(self, uuid: str) -> str:
        """
        Return the id of a group.
        """
        return encode("SCIM_GROUP", f"{uuid}:{self.hub.sandbox.world.organization.uuid}")

    def license_id(self, name_end: str) -> str:
        """
        Return the id of the licence whose name ends so.
        """
        world = self.hub.sandbox.world
        found = next(each for each in world.licenses.values() if each.name.endswith(name_end))
        return encode("LICENSE", f"{world.organization.uuid}:{found.key}")

    def groups_of(self, uid: str) -> set[str]:
        """
        Return the ids of the groups the person is in, as the organisation has it.
        """
        groups = self.hub.sandbox.world.groups.values()
        return {self.group_id(each.uuid) for each in groups if uuid_of(uid) in each.members}


def _joined(chunked: bytes) -> bytes:
    body = b""
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size, 16)
        body += rest[:length]
        chunked = rest[length + 2 :]
    return body


@asynccontextmanager
async def rest_door(
    clock: Clock,
    *,
    people: int = 60,
    quirks: Quirks | None = None,
    credentials: Credentials | None = None,
    guard: Guard | None = None,
    patience: float = 50.0,
    rate: str | None = None,
    wrapped: Callable[[Connector], Connector] = unwrapped,
) -> AsyncIterator[RestDoor]:
    """
    Serve system `webex` to the client openidm-admin, whose password is its name. `rate` is that of
    reads, and of writes. `wrapped` puts something in front of the connector.
    """
    async with running_hub(
        clock,
        people=people,
        quirks=quirks,
        credentials=credentials,
        guard=guard,
        wrapped=wrapped,
        readRateLimit=rate,
        writeRateLimit=rate,
    ) as hub:
        system = System(hub.facade, "Webex Connector", REF)
        access = Access((Client("openidm-admin", Secret("openidm-admin"), role=Role.ADMIN),), clock)
        door = application({"webex": system}, access, clock, ClientPace(0, clock), patience=patience)
        async with serving(door, ServeSettings(port=0)) as address:
            yield RestDoor(hub, int(address.rsplit(":", 1)[1]))
