"""
The house put together: doors, facade, connector and a simulated organisation behind them.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx2

from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.base.secret import Secret
from webex_connector.gateway.rights import Client
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE

LOGIN = {"X-OpenIDM-Username": "idm", "X-OpenIDM-Password": "right"}


@asynccontextmanager
async def _house(clock: VirtualClock, **different: object) -> AsyncIterator[tuple[Sandbox, httpx2.AsyncClient]]:
    sandbox = Sandbox(people=20, clock=clock)
    async with sandbox.serving() as address:
        settings = Settings(
            ServeSettings(),
            50,
            (Client("idm", Secret("right")), Client("two", Secret("right"), frozenset({"other"}))),
            {
                "webex": practice_system("webex", address, sandbox.credentials),
                "other": practice_system("other", address, sandbox.credentials),
            },
        )
        settings = replace(settings, **different)  # type: ignore[arg-type]  # whatever a test has different
        async with wiring.opened(settings, clock) as systems:
            transport = httpx2.ASGITransport(wiring.doors(systems, settings, clock))
            async with httpx2.AsyncClient(transport=transport, base_url="http://door") as http:
                yield sandbox, http


async def test_a_request_goes_through_the_whole_house(clock: VirtualClock) -> None:
    """
    What the door answers is what the organisation has.
    """
    async with _house(clock) as (sandbox, http):
        answer = await http.get("/openidm/system/webex/ROLES?_queryFilter=true", headers=LOGIN)

        assert 200 == answer.status_code
        assert [role.name for role in sandbox.world.roles.values()] == [
            row["__NAME__"] for row in answer.json()["result"]
        ]


async def test_the_scim_door_speaks_its_settings(clock: VirtualClock) -> None:
    """
    It has the same clients, its own address and the manner of the system; what it makes is in the organisation.
    """
    async with _house(clock) as (sandbox, http):
        address = "http://door/scim/webex/v2/Users"
        made = await http.post(address, json={"userName": "ann@example.com"}, auth=("idm", "right"))
        stranger = await http.get(address, auth=("two", "right"))

        assert 201 == made.status_code
        assert f"{address}/{made.json()['id']}" == made.headers["location"]
        assert sandbox.world.person_at("ann@example.com") is not None
        assert 403 == stranger.status_code


async def test_health_and_readiness_need_no_login(clock: VirtualClock) -> None:
    """
    A supervisor can look without a password, and learns no names.
    """
    async with _house(clock) as (sandbox, http):
        health, ready = await http.get("/healthz"), await http.get("/readyz")

        assert (200, "ok\n") == (health.status_code, health.text)
        facts = {"ready": True, "systems": 2, "clients_ending": 0, "copies_not_shown": 0}
        facts |= {"systems_refused": 0, "mirrors_behind": 0}
        assert (200, facts) == (ready.status_code, ready.json())
        assert 0 == len(sandbox.trace.requests())


async def test_every_other_path_is_the_doors(clock: VirtualClock) -> None:
    """
    Who gets lost hears it in the door's own words.
    """
    async with _house(clock) as (_, http):
        answer = await http.get("/openidm/nothing/here", headers=LOGIN)

        assert (404, "Not Found") == (answer.status_code, answer.json()["reason"])


async def test_a_line_break_in_an_address_is_the_doors_too(clock: VirtualClock) -> None:
    """
    There is no such object, and each door says so in its own form.
    """
    async with _house(clock) as (_, http):
        for path in ("/openidm/system/webex/__ACCOUNT__/a%0Ab", "/scim/webex/v2/Users/a%0Ab"):
            answer = await http.get(path, headers=LOGIN, auth=("idm", "right"))
            assert (404, True) == (answer.status_code, "json" in answer.headers["content-type"]), path


async def test_clients_reach_their_systems_only(clock: VirtualClock) -> None:
    """
    The settings of a client hold at the door.
    """
    async with _house(clock) as (_, http):
        login = {**LOGIN, "X-OpenIDM-Username": "two"}

        assert 200 == (await http.get("/openidm/system/other/ROLES?_queryFilter=true", headers=login)).status_code
        assert 200 != (await http.get("/openidm/system/webex/ROLES?_queryFilter=true", headers=login)).status_code


async def test_the_guard_counts_over_all_systems(clock: VirtualClock) -> None:
    """
    The quota of the settings stands between the door and Webex, once for all systems of a client.
    """
    async with _house(clock, destructive_per_hour=1) as (sandbox, http):
        found = await http.get("/openidm/system/webex/__ACCOUNT__?_queryId=query-all-ids", headers=LOGIN)
        *_, one, two = (row["_id"] for row in found.json()["result"])

        first = await http.delete(f"/openidm/system/webex/__ACCOUNT__/{one}", headers=LOGIN)
        second = await http.delete(f"/openidm/system/other/__ACCOUNT__/{two}", headers=LOGIN)

        assert (200, 403) == (first.status_code, second.status_code)
        assert "safety.destructive_per_hour = 1" in second.json()["message"]
        assert 19 == sandbox.world.people_count
        assert sandbox.world.person_at(SAMPLE) is not None


async def test_systems_are_closed_at_the_end(clock: VirtualClock) -> None:
    """
    No connection to the organisation outlives the house; an open one would be a warning, and warnings are errors.
    """
    async with _house(clock) as (_, http):
        await http.get("/openidm/system/webex/ROLES?_queryFilter=true", headers=LOGIN)
    async with _house(clock) as (_, http):
        answer = await http.get("/openidm/system/webex/ROLES?_queryFilter=true", headers=LOGIN)

    assert 200 == answer.status_code
