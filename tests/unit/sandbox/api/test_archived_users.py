"""
What is left of deleted people.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from webex_connector.sandbox import catalogue, ids, scenarios
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_ORG = catalogue.ORGANIZATION.uuid
_DAY = 86_400


@pytest.mark.parametrize("root", ["", "/v1"])
async def test_a_deleted_person_leaves_a_tombstone(root: str, api: Client, sandbox: Sandbox) -> None:
    """
    With the old address and the time of the deletion, on both roots; whoever is there has none.
    """
    john = sandbox.world.person_at(scenarios.SAMPLE)
    assert john is not None
    url = f"{str(api.base_url).removesuffix('/v1/')}{root}/identity/organizations/{_ORG}/v1/ArchivedUser/{john.uuid}"

    assert 404 == (await api.get(url)).status_code
    await api.delete(f"/people/{john.uuid}")
    left = (await api.get(url)).json()

    assert (john.uuid, scenarios.SAMPLE, "John Doe") == (left["id"], left["userName"], left["displayName"])
    assert {"givenName": "John", "familyName": "Doe"} == left["name"]
    assert "2026-11-02T08:00:00.000Z" == left["meta"]["deleted"]
    assert _ORG == left["organization"]


@pytest.mark.parametrize(
    ("organization", "person", "status"),
    [
        (_ORG, "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58", 404),
        ("a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58", "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58", 404),
        (ids.encode(Kind.ORGANIZATION, _ORG), "nobody", 400),
    ],
)
async def test_nothing_is_left_of_nobody(organization: str, person: str, status: int, api: Client) -> None:
    """
    Unknown people and other organisations are not found, malformed identifiers refused.
    """
    answer = await api.get(f"/identity/organizations/{organization}/v1/ArchivedUser/{person}")
    assert status == answer.status_code


async def test_an_address_may_be_blocked_for_a_while(sandbox: Sandbox, served: Serve) -> None:
    """
    With the habit of Directory Connector the address of somebody deleted is refused for seven days, then free.
    """
    john = sandbox.world.person_at(scenarios.SAMPLE)
    assert john is not None
    again = {"emails": [scenarios.SAMPLE.upper()], "displayName": "John Doe"}
    async with served(address_hold_days=7) as api:
        await api.delete(f"/people/{john.uuid}")
        statuses = []
        for seconds in (0, 7 * _DAY - 60, 120):
            sandbox.clock.advance(seconds)
            statuses.append((await api.post("/people", json=again)).status_code)
    assert [409, 409, 200] == statuses
    anew = sandbox.world.person_at(scenarios.SAMPLE)
    assert anew is not None
    assert john.uuid != anew.uuid


async def test_an_address_is_free_at_once_by_default(api: Client, sandbox: Sandbox) -> None:
    """
    Somebody else gets it, with another identifier.
    """
    john = sandbox.world.person_at(scenarios.SAMPLE)
    assert john is not None
    await api.delete(f"/people/{john.uuid}")
    again = await api.post("/people", json={"emails": [scenarios.SAMPLE], "displayName": "John Doe"})

    assert 200 == again.status_code
    assert john.uuid != ids.value_of(Kind.PERSON, again.json()["id"])
