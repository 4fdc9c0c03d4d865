"""
The Control Hub connector against the sandbox, over a socket, as a named system.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from fakes.ports import MemoryJournal, OpenGuard
from webex_connector.base.clock import Clock
from webex_connector.connector.control_hub.connector import opened
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf.configuration import configured
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import Filter
from webex_connector.icf.limits import Limits
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.operations import Connector
from webex_connector.icf.options import Actor, OperationOptions
from webex_connector.icf.ports import Guard, Journal
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.webex.tokens import MemoryVault

OPTIONS = OperationOptions(actor=Actor("tester", "test"))
"""
What most tests say beside the operation.
"""


@dataclass(frozen=True, slots=True)
class Hub:
    """
    A simulated organisation, and the system that manages it.
    """

    sandbox: Sandbox
    facade: Facade
    journal: MemoryJournal
    address: str


def unwrapped(connector: Connector) -> Connector:
    """
    Return the connector with nothing in front of it.
    """
    return connector


@asynccontextmanager
async def running_hub(
    clock: Clock,
    *,
    people: int = 20,
    quirks: Quirks | None = None,
    guard: Guard | None = None,
    limits: Limits | None = None,
    credentials: Credentials | None = None,
    wrapped: Callable[[Connector], Connector] = unwrapped,
    **properties: object,
) -> AsyncIterator[Hub]:
    """
    Serve a sandbox and open the connector to it; `properties` are added to its configuration, and `wrapped` may put
    another connector in front of it.
    """
    sandbox = Sandbox(people=people, clock=clock, quirks=quirks, credentials=credentials)
    journal = MemoryJournal()
    async with sandbox.serving() as address:
        facade = facade_to(sandbox, address, clock, journal, guard=guard, limits=limits, wrapped=wrapped, **properties)
        try:
            yield Hub(sandbox, facade, journal, address)
        finally:
            await facade.aclose()


def facade_to(
    sandbox: Sandbox,
    address: str,
    clock: Clock,
    journal: Journal,
    *,
    guard: Guard | None = None,
    limits: Limits | None = None,
    wrapped: Callable[[Connector], Connector] = unwrapped,
    **properties: object,
) -> Facade:
    """
    Open a connector to a sandbox that is served at the address, as a named system. Close it after use.
    """
    credentials = sandbox.credentials
    given = {
        "serviceUri": f"{address}/v1",
        "tokenEndpoint": f"{address}/v1/access_token",
        "clientId": credentials.client_id,
        "clientSecret": credentials.client_secret,
        "refreshToken": credentials.refresh_token,
        # Left to itself, the connector asks first whether it may use SCIM, which tests that count requests leave out.
        "road": "people",
        **properties,
    }
    return Facade(
        "webex",
        wrapped(opened(configured(PROPERTIES, given), clock, MemoryVault())),
        journal=journal,
        guard=guard or OpenGuard(),
        clock=clock,
        cookie_key=b"k" * 32,
        limits=limits,
    )


def asked(hub: Hub) -> list[str]:
    """
    Return the requests since the trace was cleared, by method and path template, without those for access tokens.
    """
    requests = hub.sandbox.trace.requests()
    return [f"{each.method} {each.template}" for each in requests if each.template != "/access_token"]


async def found(hub: Hub, object_class: str, node: Filter, *wanted: str) -> list[ConnectorObject]:
    """
    Return what a search brings: with the attributes wanted, or those returned by default.
    """
    options = replace(OPTIONS, attributes_to_get=wanted or None)
    return [each async for batch in hub.facade.search(object_class, node, options) for each in batch]
