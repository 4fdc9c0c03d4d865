"""
A SCIM server that is a source, whose answers a test writes, and which remembers what it was asked.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from webex_connector.app.serve import serving
from webex_connector.app.settings import ServeSettings


@dataclass
class ScimOffice:
    """
    The server and the people it has.
    """

    people: list[dict[str, Any]] = field(default_factory=list)
    cursors: bool = False
    faults: list[Response] = field(default_factory=list)
    """
    What the next requests for users are answered with.
    """
    before: list[Callable[["ScimOffice"], None]] = field(default_factory=list)
    """
    What happens before the next requests for users.
    """
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[str | None] = field(default_factory=list)
    changes: Mapping[str, Any] = field(default_factory=dict)
    """
    What the answers say otherwise than they should.
    """

    def page(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """
        Return a page of users.
        """
        count = int(asked.get("count", 100))
        start = int(asked.get("startIndex", 1)) - 1 if "cursor" not in asked else int(asked["cursor"] or 0)
        part = self.people[start : start + count]
        answer: dict[str, Any] = {"totalResults": len(self.people), "Resources": part}
        if "cursor" in asked and start + count < len(self.people):
            answer["nextCursor"] = str(start + count)
        return {name: each for name, each in {**answer, **self.changes}.items() if each is not None}

    async def users(self, request: Request) -> Response:
        """
        Answer a request for users.
        """
        self.asked.append(dict(request.query_params))
        self.headers.append(request.headers.get("Authorization"))
        if self.before:
            self.before.pop(0)(self)
        if self.faults:
            return self.faults.pop(0)
        return JSONResponse(self.page(request.query_params))

    async def config(self, _request: Request) -> Response:
        """
        Say what the server can do; one without cursors has no such page.
        """
        return JSONResponse({"pagination": {"cursor": True}} if self.cursors else {}, 200 if self.cursors else 404)


@asynccontextmanager
async def scim_office(office: ScimOffice) -> AsyncIterator[str]:
    """
    Serve while the block runs; yield the base address.
    """
    routes = [Route("/scim/Users", office.users), Route("/scim/ServiceProviderConfig", office.config)]
    async with serving(Starlette(routes=routes), ServeSettings(port=0)) as address:
        yield f"{address}/scim"
