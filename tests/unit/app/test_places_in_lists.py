"""
Places in lists over a restart: what a process has handed out, the next one goes on from.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from webex_connector.app import wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.rights import Client, Role
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.store.opening import StorePlace

CLIENT = Client("okta", token=Secret("a-token"), role=Role.READER)


@asynccontextmanager
async def _process(folder: Path, address: str, sandbox: Sandbox) -> AsyncIterator[httpx2.AsyncClient]:
    clock = SystemClock()
    systems = {name: practice_system(name, address, sandbox.credentials) for name in ("webex", "other")}
    settings = Settings(ServeSettings(), 50, (CLIENT,), systems, store=StorePlace(folder))
    async with wiring.opened(settings, clock) as opened:
        transport = httpx2.ASGITransport(wiring.doors(opened, settings, clock))
        headers = {"Authorization": "Bearer a-token"}
        async with httpx2.AsyncClient(transport=transport, base_url="http://here", headers=headers) as client:
            yield client


@pytest.mark.real_time
async def test_another_process_goes_on_from_a_cursor_and_a_cookie(tmp_path: Path) -> None:
    """
    With everybody once in the end; a cursor of one system is none of another.
    """
    sandbox = Sandbox(people=9)
    users, people = "/scim/webex/v2/Users", "/openidm/system/webex/__ACCOUNT__?_queryFilter=true&_pageSize=6"
    async with sandbox.serving() as address:
        async with _process(tmp_path, address, sandbox) as before:
            by_scim = (await before.get(users, params={"cursor": "", "count": "6"})).json()
            by_rest = (await before.get(people)).json()
        async with _process(tmp_path, address, sandbox) as after:
            following = {"cursor": by_scim["nextCursor"], "count": "6"}
            rest = (await after.get(users, params=following)).json()
            cookie = {"_pagedResultsCookie": by_rest["pagedResultsCookie"]}
            last = (await after.get(people, params=httpx2.QueryParams(people.partition("?")[2]).merge(cookie))).json()
            foreign = await after.get(users.replace("webex", "other"), params=following)

    everybody = {person.email for _, person in sandbox.world.people()}
    assert sorted(everybody) == sorted(each["userName"] for page in (by_scim, rest) for each in page["Resources"])
    assert sorted(everybody) == sorted(each["emails"][0] for page in (by_rest, last) for each in page["result"])
    assert (400, "invalidCursor") == (foreign.status_code, foreign.json()["scimType"])
