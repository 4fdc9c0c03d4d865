"""
What single clients may do, through the doors of the whole house; and what of it reaches the organisation.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.base.secret import Secret
from webex_connector.gateway.given_rights import limited
from webex_connector.gateway.idm.systems import Script
from webex_connector.gateway.rights import Client, Role
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.webex.ids import encode

SCIM, REST = "/scim/webex/v2", "/openidm/system/webex"
KEEPER = limited(Client("keeper", Secret("keeper")), ["delete", "disable"], [])
PEOPLE = limited(Client("people", Secret("people")), [], ["users"])
GROUPS = limited(Client("groups", Secret("groups")), [], ["groups"])
READER = Client("reader", Secret("reader"), role=Role.READER)
ALL = Client("all", Secret("all"))


@asynccontextmanager
async def _house(clock: VirtualClock) -> AsyncIterator[tuple[Sandbox, httpx2.AsyncClient]]:
    sandbox = Sandbox(people=20, clock=clock)
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(sandbox.serving())
        system = practice_system("webex", address, sandbox.credentials)
        script = Script("python", "connector.delete('__ACCOUNT__', arguments['uid'])", "remove.py")
        system = replace(system, configuration={**system.configuration, "road": "scim"}, scripts={"remove": script})
        settings = Settings(ServeSettings(), 50, (KEEPER, PEOPLE, GROUPS, READER, ALL), {"webex": system})
        systems = await stack.enter_async_context(wiring.opened(settings, clock))
        transport = httpx2.ASGITransport(wiring.doors(systems, settings, clock))
        http = httpx2.AsyncClient(transport=transport, base_url="http://door")
        yield sandbox, await stack.enter_async_context(http)


def _somebody(sandbox: Sandbox) -> str:
    """
    Return the id of somebody who is no administrator.
    """
    return next(encode("PEOPLE", person.uuid) for _, person in sandbox.world.people() if not person.roles)


def _world(sandbox: Sandbox) -> str:
    people = [repr(person) for _, person in sandbox.world.people()]
    return "\n".join([*people, *(repr(group) for group in sandbox.world.groups.values())])


OFF = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    "Operations": [{"op": "replace", "path": "active", "value": False}],
}
BULK = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    "Operations": [{"method": "DELETE", "path": "/Users/UID"}],
}


@pytest.mark.parametrize(
    ("client", "method", "path", "body", "why"),
    [
        ("keeper", "DELETE", "/Users/UID", None, "keeper may not delete: it was not given this right"),
        (
            "keeper",
            "PATCH",
            "/Users/UID",
            OFF,
            "Disabling of __ACCOUNT__ is not allowed: keeper does not have the right",
        ),
        ("people", "GET", "/Groups", None, "SEARCH on __GROUP__ is not allowed: people does not have the right beyond"),
        ("people", "POST", "/Groups", {"displayName": "New"}, "CREATE on __GROUP__ is not allowed"),
        (
            "groups",
            "GET",
            "/Users/UID",
            None,
            "GET on __ACCOUNT__ is not allowed: groups does not have the right beyond",
        ),
        ("groups", "DELETE", "/Users/UID", None, "is not allowed: groups does not have the right beyond __GROUP__"),
        ("reader", "POST", "/Users", {"userName": "a@example.com"}, "reader may not write: the role reader does not"),
        ("reader", "DELETE", "/Users/UID", None, "reader may not delete: the role reader does not allow it"),
    ],
)
async def test_scim_says_which_right_is_missing(
    clock: VirtualClock, client: str, method: str, path: str, body: Any, why: str
) -> None:
    """
    403 and not 503: it is the client's right, not ours, and nothing has changed.
    """
    async with _house(clock) as (sandbox, http):
        before = _world(sandbox)
        path = path.replace("UID", _somebody(sandbox))
        answer = await http.request(method, f"{SCIM}{path}", json=body, auth=(client, client))
        assert (403, "403") == (answer.status_code, answer.json()["status"])
        assert why in answer.json()["detail"]
        assert before == _world(sandbox)


@pytest.mark.parametrize(
    ("client", "method", "path", "body", "why"),
    [
        ("keeper", "DELETE", "/__ACCOUNT__/UID", None, "keeper may not delete: it was not given this right"),
        (
            "keeper",
            "PATCH",
            "/__ACCOUNT__/UID",
            [{"operation": "replace", "field": "__ENABLE__", "value": False}],
            "Disabling of __ACCOUNT__ is not allowed",
        ),
        ("people", "GET", "/__GROUP__?_queryFilter=true", None, "SEARCH on __GROUP__ is not allowed"),
        (
            "people",
            "PATCH",
            "/__ACCOUNT__/UID",
            [{"operation": "add", "field": "licenses", "value": ["LICENSE"]}],
            "Writing licenses of __ACCOUNT__ is not allowed: it takes LICENSES, and people does not",
        ),
        (
            "people",
            "PATCH",
            "/__ACCOUNT__/UID",
            [{"operation": "add", "field": "roles", "value": ["Role-full"]}],
            "Writing roles of __ACCOUNT__ is not allowed: it takes ROLES",
        ),
        ("reader", "DELETE", "/__ACCOUNT__/UID", None, "reader may not delete"),
    ],
)
async def test_rest_says_which_right_is_missing(
    clock: VirtualClock, client: str, method: str, path: str, body: Any, why: str
) -> None:
    """
    In its own envelope; what a person would be given by a group, a licence or a role takes the right to those.
    """
    async with _house(clock) as (sandbox, http):
        before = _world(sandbox)
        login = {"X-OpenIDM-Username": client, "X-OpenIDM-Password": client}
        path = path.replace("UID", _somebody(sandbox))
        answer = await http.request(method, f"{REST}{path}", json=body, headers=login)
        assert (403, "Forbidden") == (answer.status_code, answer.json()["reason"])
        assert why in answer.json()["message"]
        assert before == _world(sandbox)


async def test_no_bulk_goes_round_it(clock: VirtualClock) -> None:
    """
    Each operation of a bulk request is refused by itself.
    """
    async with _house(clock) as (sandbox, http):
        before, uid = _world(sandbox), _somebody(sandbox)
        bulk = {**BULK, "Operations": [{"method": "DELETE", "path": f"/Users/{uid}"}]}
        answer = await http.post(f"{SCIM}/Bulk", json=bulk, auth=("keeper", "keeper"))
        (told,) = answer.json()["Operations"]
        assert (200, "403") == (answer.status_code, told["status"])
        assert "does not have the right" in told["response"]["detail"]
        assert before == _world(sandbox)


async def test_no_script_goes_round_it(clock: VirtualClock) -> None:
    """
    What a script does, its client does.
    """
    async with _house(clock) as (sandbox, http):
        before, uid = _world(sandbox), _somebody(sandbox)
        told = {}
        for client in ("keeper", "all"):
            login = {"X-OpenIDM-Username": client, "X-OpenIDM-Password": client}
            run = f"{REST}?_action=script&scriptId=remove&uid={uid}"
            told[client] = str((await http.post(run, headers=login)).json()["actions"])
            assert (client == "keeper") is (before == _world(sandbox))
        assert "DELETE on __ACCOUNT__ is not allowed: keeper does not have the right" in told["keeper"]


async def test_what_is_left_is_allowed(clock: VirtualClock) -> None:
    """
    One makes and changes people without deleting any; one keeps groups and their members; each sees the names of
    licences that people have.
    """
    async with _house(clock) as (sandbox, http):
        keeper, people, groups = (("keeper", "keeper"), ("people", "people"), ("groups", "groups"))
        made = await http.post(f"{SCIM}/Users", json={"userName": "new@example.com", "displayName": "New"}, auth=keeper)
        assert 201 == made.status_code, made.text
        uid = made.json()["id"]
        on = {**OFF, "Operations": [{"op": "replace", "path": "title", "value": "Pilot"}]}
        assert 200 == (await http.patch(f"{SCIM}/Users/{uid}", json=on, auth=people)).status_code
        group = await http.post(
            f"{SCIM}/Groups", json={"displayName": "Pilots", "members": [{"value": uid}]}, auth=groups
        )
        assert 201 == group.status_code, group.text
        assert 204 == (await http.delete(f"{SCIM}/Users/{uid}", auth=people)).status_code
        listed = (await http.get(f"{SCIM}/Users?count=50", auth=people)).json()["Resources"]
        theirs = (await http.get(f"{SCIM}/Users?count=50", auth=("all", "all"))).json()["Resources"]
        assert theirs == listed
    assert sandbox.world.person_at("new@example.com") is None
    assert ["Pilots"] == [each.display_name for each in sandbox.world.groups.values() if each.display_name == "Pilots"]
