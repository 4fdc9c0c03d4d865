"""
The sandbox: an organisation with everything around it, ready to be served and tampered with.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from msgspec import structs

from webex_connector.base.clock import Clock, SystemClock
from webex_connector.sandbox import control, pipeline, rendering, scenarios, server
from webex_connector.sandbox.api import (
    archived_users,
    audit,
    authorize,
    device,
    domains,
    groups,
    licenses,
    locations,
    oauth,
    organizations,
    people,
    roles,
    scim_bulk,
    scim_groups,
    scim_users,
    settings,
    team_memberships,
    teams,
)
from webex_connector.sandbox.clock import MovableClock
from webex_connector.sandbox.delivery import Delivery, Manner, Receive, Send, deliver
from webex_connector.sandbox.exchange import Reply, Request, Routes
from webex_connector.sandbox.faults import Failure, Faults
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.limits import Limiter, Shape
from webex_connector.sandbox.meetings_site import site as meetings_site
from webex_connector.sandbox.meetings_site.sites import Sites
from webex_connector.sandbox.pipeline import Pipeline
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.rules import upkeep
from webex_connector.sandbox.trace import Entry, Trace
from webex_connector.sandbox.world import World

ROUTES = (
    *oauth.ROUTES,
    *authorize.ROUTES,
    *device.ROUTES,
    *people.ROUTES,
    *groups.ROUTES,
    *licenses.ROUTES,
    *roles.ROUTES,
    *organizations.ROUTES,
    *settings.ROUTES,
    *domains.ROUTES,
    *archived_users.ROUTES,
    *locations.ROUTES,
    *teams.ROUTES,
    *team_memberships.ROUTES,
    *audit.ROUTES,
    *scim_users.ROUTES,
    *scim_groups.ROUTES,
    *scim_bulk.ROUTES,
)
"""
All calls of the simulated API.
"""


class Sandbox:
    """
    A simulated Webex organisation. The object itself is its ASGI application.

    `world` may be read and prepared by tests directly; what a client does to it goes over HTTP. `sites.open(name)`
    opens classic meeting sites beside it.
    """

    def __init__(
        self,
        *,
        people: int = 20,
        seed: int = 7,
        clock: Clock | None = None,
        quirks: Quirks | None = None,
        limit: Shape | None = None,
        credentials: Credentials | None = None,
        control_token: str | None = None,
    ) -> None:
        self.clock = MovableClock(clock or SystemClock())
        self.credentials = credentials or Credentials()
        self.faults = Faults(without=(Failure,))
        self.limits = Limiter(limit)
        self.trace = Trace()
        self.sites = Sites(self.clock)
        self._world: World
        self._first_limit = limit
        self._first_quirks = quirks or Quirks()
        self._seeded = (people, seed)
        self._pipeline = Pipeline(Routes(ROUTES), self.faults, self.limits, self.clock)
        self._control = control.Control(self, control_token)
        self._tracking = random.Random(seed)  # noqa: S311  # identifiers of a simulation
        self._numbered = 0
        self._populate(self._first_quirks)

    @property
    def world(self) -> World:
        """
        The organisation, with everything done that fell due since it was last looked at.
        """
        upkeep.settle(self._world)
        return self._world

    @property
    def quirks(self) -> Quirks:
        """
        The organisation's habits; may be replaced at any time.
        """
        return self._world.quirks

    @quirks.setter
    def quirks(self, quirks: Quirks) -> None:
        self._world.quirks = quirks

    def seed(self, people: int, seed: int) -> None:
        """
        Put a new organisation in the place of the old one; tokens handed out before are gone, the quirks stay.

        Raises ValueError for fewer people than the two that are always there.
        """
        world = scenarios.populate(people, seed, self.clock, self.credentials, self.quirks)
        self._seeded, self._world = (people, seed), world

    def reset(self) -> None:
        """
        Begin again: the organisation as seeded, the first quirks and limit, no faults, an empty trace; so with sites.
        """
        self.sites.reset()
        self.faults.clear()
        self.trace.clear()
        self.limits.restart(self._first_limit)
        self._populate(self._first_quirks)

    def _populate(self, quirks: Quirks) -> None:
        people, seed = self._seeded
        self._world = scenarios.populate(people, seed, self.clock, self.credentials, quirks)

    @asynccontextmanager
    async def serving(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """
        Serve while the block runs and yield the address, such as `http://127.0.0.1:40123`; the API is below `/v1`.

        Raises OSError when the port is taken.
        """
        async with server.serving(self, host, port) as address:
            yield address

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """
        Answer one request (ASGI).
        """
        if scope["type"] != "http":
            raise NotImplementedError(f"the sandbox does not speak {scope['type']}")
        request = await _request(scope, receive)
        if request.path == control.ROOT or request.path.startswith(f"{control.ROOT}/"):
            await deliver(Delivery(self._control.answer(request)), scope, receive, send)
            return
        tracking = request.headers.get("trackingid") or f"ROUTER_{UUID(int=self._tracking.getrandbits(128))}".upper()
        if request.path == meetings_site.PATH:
            await deliver(self._stamped(await self.sites.answer(request, tracking), tracking), scope, receive, send)
            return
        # Kept before the work: a fault may delay it, and requests are numbered as they come.
        self._numbered += 1
        number, came = self._numbered, self.world.now()
        request, delivery = await self._pipeline.answer(self.world, request, tracking)
        self.trace.add(_entry(number, came, request, delivery, tracking))
        for place, part in enumerate(delivery.parts, 1):
            done = Delivery(Reply(part.status), fault=part.fault, actor=delivery.actor)
            self.trace.add(structs.replace(_entry(place, came, part.request, done, tracking), within=number))
        await deliver(self._stamped(delivery, tracking), scope, receive, send)

    def _stamped(self, delivery: Delivery, tracking: str) -> Delivery:
        echo = f"{tracking},{tracking}" if self.quirks.tracking_id_twice else tracking
        date = format_datetime(self.clock.now(), usegmt=True)
        reply = replace(delivery.reply, headers={"Date": date, "Trackingid": echo, **delivery.reply.headers})
        return replace(delivery, reply=reply)


async def _request(scope: Any, receive: Receive) -> Request:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(
        method=scope["method"],
        path=scope["path"],
        query_string=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=bytes(body),
        base_url=f"{scope['scheme']}://{headers.get('host', 'localhost')}",
    )


def _entry(number: int, came: int, request: Request, delivery: Delivery, tracking: str) -> Entry:
    return Entry(
        n=number,
        at=rendering.moment(came),
        method=request.method,
        template=request.template,
        path=request.path,
        query=request.query_string,
        subject=pipeline.subject_of(request),
        status=delivery.reply.status,
        actor=delivery.actor,
        tracking_id=tracking,
        received=len(request.body),
        sent=len(delivery.reply.body) if delivery.manner is Manner.WHOLE else 0,
        fault=delivery.fault,
    )
