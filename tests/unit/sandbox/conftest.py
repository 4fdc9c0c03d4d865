"""
A served sandbox and a client of it.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx2
import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def sandbox(clock: VirtualClock) -> Sandbox:
    """
    An organisation of a hundred people with the default habits.
    """
    return Sandbox(people=100, clock=clock, control_token="control")


@pytest.fixture
async def api(sandbox: Sandbox) -> AsyncIterator[Client]:
    """
    A client of the sandbox's API with the administrator's token.
    """
    async with _client(sandbox, sandbox.credentials.access_token) as client:
        yield client


@pytest.fixture
def served(sandbox: Sandbox) -> Serve:
    """
    Serve the sandbox with other habits or to another token.
    """

    @asynccontextmanager
    async def serve(token: str = sandbox.credentials.access_token, **quirks: object) -> AsyncIterator[Client]:
        sandbox.quirks = Quirks(**quirks)  # type: ignore[arg-type]  # each test names the switches it turns
        async with _client(sandbox, token) as client:
            yield client

    return serve


@pytest.fixture
async def scim(sandbox: Sandbox) -> AsyncIterator[Client]:
    """
    A client of the sandbox's SCIM API with the administrator's token.
    """
    async with _client(sandbox, sandbox.credentials.access_token, _scim_root(sandbox)) as client:
        yield client


@pytest.fixture
def scim_served(sandbox: Sandbox) -> Serve:
    """
    Serve the sandbox's SCIM API with other habits or to another token.
    """

    @asynccontextmanager
    async def serve(token: str = sandbox.credentials.access_token, **quirks: object) -> AsyncIterator[Client]:
        sandbox.quirks = Quirks(**quirks)  # type: ignore[arg-type]  # each test names the switches it turns
        async with _client(sandbox, token, _scim_root(sandbox)) as client:
            yield client

    return serve


def _scim_root(sandbox: Sandbox) -> str:
    return f"/identity/scim/{sandbox.world.organization.uuid}/v2"


@asynccontextmanager
async def _client(sandbox: Sandbox, token: str, root: str = "/v1") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with sandbox.serving() as address, Client(base_url=f"{address}{root}", headers=headers) as client:
        yield client
