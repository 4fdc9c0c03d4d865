"""
From settings to a running house: systems with everything around them, who may call them, and one application of all
doors.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from webex_connector.app.alerting.troubles import Troubles
from webex_connector.app.connecting import Connecting
from webex_connector.app.connectors import KINDS
from webex_connector.app.inventory import StoredInventory
from webex_connector.app.key_fetching import fetched
from webex_connector.app.kinds.kind import Surroundings
from webex_connector.app.mirrors import mirror_of, not_shown
from webex_connector.app.mounting import mounted
from webex_connector.app.named_scripts import refuse_wrong
from webex_connector.app.offers import offers
from webex_connector.app.policies import rules_of, with_policies
from webex_connector.app.scim_systems import ScimSystems
from webex_connector.app.settings import Settings, SystemSettings
from webex_connector.app.storing import remembered
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.expressions.compiling import Expressions
from webex_connector.gateway.access import Access
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.console import door as console
from webex_connector.gateway.console.pages import NAME as CONSOLE
from webex_connector.gateway.endings import Endings
from webex_connector.gateway.idm import door as idm
from webex_connector.gateway.idm.recons import Reconciliations
from webex_connector.gateway.idm.systems import System
from webex_connector.gateway.issuing import Issued
from webex_connector.gateway.oauth import door as oauth
from webex_connector.gateway.scim import door as scim
from webex_connector.gateway.trust import Trust
from webex_connector.icf.facade import Facade
from webex_connector.icf.operations import Connector
from webex_connector.mirror.connector import WithLocalAttributes
from webex_connector.store.access_tokens import AccessTokens
from webex_connector.store.local_attributes import LocalValues


@asynccontextmanager
async def opened(settings: Settings, clock: Clock) -> AsyncIterator[Systems]:
    """
    Open the store and every system while the block runs. They share one guard, one journal and one vault of tokens. A
    system that is not connected yet is not open.

    Nothing is sent to Webex before the first operation; a connector server is asked for its schema.

    Raises ConfigurationInvalid when the store cannot be used.
    """
    await refuse_wrong(settings.systems.values())
    async with AsyncExitStack() as stack:
        memory = stack.enter_context(remembered(settings, clock))
        stack.push_async_callback(memory.alerts.aclose)
        beside = LocalValues(memory.store.database)
        inventory = StoredInventory(memory.store.database, clock)
        around = Surroundings(clock, memory.vault, memory.budget, inventory, settings.certificates)
        expressions = Expressions(settings.tables)
        stack.push_async_callback(expressions.aclose)
        rules = await rules_of(settings, expressions)

        async def built(each: SystemSettings) -> System:
            kind = KINDS[each.connector]
            front: Connector = await kind.opened(each.configuration, around)
            if kind.keeps_beside:
                front = WithLocalAttributes(front, each.name, beside)
            if each.mirror is not None:
                front = systems.mirrors[each.name] = mirror_of(each.name, each.mirror, front, memory, clock)
            facade = Facade(
                each.name,
                with_policies(each, front, rules, clock, memory.store.database),
                journal=memory.journal,
                guard=memory.guard,
                clock=clock,
                cookie_key=memory.cookie_key,
                limits=each.limits,
                denials=each.denials,
            )
            return System(facade, each.display_name, kind.ref_of(each.configuration), each.shape, each.scripts)

        systems = Systems(settings, memory, built, clock)
        stack.push_async_callback(systems.aclose)
        await systems.refresh()
        yield systems


def doors(
    systems: Systems,
    settings: Settings,
    clock: Clock,
    endings: Endings | None = None,
    recons: Reconciliations | None = None,
    troubles: Troubles | None = None,
) -> Starlette:
    """
    Return the application of all doors to these systems, and to what synchronizes them.

    Beside the doors, `/healthz` says that the process answers, and `/readyz` how many systems are open, how many
    clients will soon have nothing to show, how many copies of objects are not shown: reads go to the target then; and
    of how many systems the target refuses the access, or copies stay behind.
    """

    async def ready(_: Request) -> Response:
        found = {
            "ready": bool(systems),
            "systems": len(systems),
            "clients_ending": 0 if endings is None else len(endings.soon),
            "copies_not_shown": await not_shown(systems.mirrors.values()),
            "systems_refused": 0 if troubles is None else len(troubles.refused),
            "mirrors_behind": 0 if troubles is None else len(troubles.behind),
        }
        return JSONResponse(found, status_code=200 if systems else 503)

    issued = Issued(AccessTokens(systems.memory.store.database), clock)
    trust = Trust(settings.issuers, fetched, clock)
    access = Access(settings.clients, clock, stored=systems.memory.clients, issued=issued, trust=trust)
    pace = ClientPace(settings.requests_per_second, clock)
    behind_scim = ScimSystems(systems, settings.systems, clock, systems.memory.cursor_key)
    offered = offers(clock, LocalValues(systems.memory.store.database))
    patience = settings.serve.patience
    behind = idm.application(systems, access, clock, pace, offered, patience=patience, recons=recons)
    return Starlette(
        routes=[
            Route("/healthz", _healthy),
            Route("/readyz", ready),
            # Before the console, whose many addresses would all be compared with each request of a platform.
            mounted("/scim", scim.application(behind_scim, access, clock, pace)),
            *oauth.routes(access, issued, settings.connect.public_address),
            *console.routes(systems, Connecting(systems, CONSOLE), access, clock, settings.connect.public_address),
            mounted("/", behind),
        ],
    )


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("ok\n")
