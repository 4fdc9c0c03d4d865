"""
From settings to a running house: systems with everything around them, who may call them, and one application of all
doors.
"""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from webex_connector.app.connectors import KINDS
from webex_connector.app.inventory import StoredInventory
from webex_connector.app.offers import offers
from webex_connector.app.settings import Settings
from webex_connector.app.storing import remembered
from webex_connector.base.clock import Clock
from webex_connector.gateway.access import Access
from webex_connector.gateway.idm import door as idm
from webex_connector.gateway.idm.systems import System
from webex_connector.icf.facade import Facade
from webex_connector.mirror.connector import WithLocalAttributes
from webex_connector.store.local_attributes import LocalValues

Systems = Mapping[str, System]
"""
The systems that are open, by name.
"""

_COOKIE_KEY_BYTES = 32


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[Systems]:
    """
    Open the store and every system while the block runs. They share one guard, one journal and one vault of tokens.

    Nothing is sent to Webex before the first operation. Raises ConfigurationInvalid when the store cannot be used, or a
    connector refuses its configuration.
    """
    cookie_key = secrets.token_bytes(_COOKIE_KEY_BYTES)
    systems: dict[str, System] = {}
    async with AsyncExitStack() as stack:
        memory = stack.enter_context(remembered(settings, clock))
        beside = LocalValues(memory.store.database)
        inventory = StoredInventory(memory.store.database, clock)
        for each in settings.systems.values():
            kind = KINDS[each.connector]
            connector = kind.opened(
                each.configuration,
                clock,
                memory.vault,
                memory.budget,
                inventory,
                certificates=settings.certificates,
            )
            facade = Facade(
                each.name,
                WithLocalAttributes(connector, each.name, beside),
                journal=memory.journal,
                guard=memory.guard,
                clock=clock,
                cookie_key=cookie_key,
                limits=each.limits,
                denials=each.denials,
            )
            stack.push_async_callback(facade.aclose)
            systems[each.name] = System(facade, each.display_name, kind.ref, each.shape)
        yield systems


def doors(systems: Systems, settings: Settings, clock: Clock) -> Starlette:
    """
    Return the application of all doors to these systems.

    Beside the doors, `/healthz` says that the process answers, and `/readyz` how many systems are open.
    """

    async def ready(_: Request) -> Response:
        return JSONResponse({"ready": bool(systems), "systems": len(systems)}, status_code=200 if systems else 503)

    access = Access(settings.clients, clock)
    return Starlette(
        routes=[
            Route("/healthz", _healthy),
            Route("/readyz", ready),
            Mount("/", idm.application(systems, access, clock, offers(clock))),
        ],
    )


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")
