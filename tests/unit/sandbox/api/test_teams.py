"""
The teams API and the rules behind it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from webex_connector.sandbox import ids, scenarios
from webex_connector.sandbox.grants import AccessToken
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_NOBODYS = ids.encode(Kind.TEAM, "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")


def _person(sandbox: Sandbox, address: str) -> Person:
    person = sandbox.world.person_at(address)
    assert person is not None
    return person


def _token_of(sandbox: Sandbox, address: str) -> str:
    person = _person(sandbox, address)
    scopes = frozenset({"spark:teams_read", "spark:teams_write"})
    sandbox.world.grants.grant(AccessToken("theirs", person.uuid, person.uuid, scopes))
    return "theirs"


async def test_whoever_makes_a_team_is_in_it(api: Client, sandbox: Sandbox) -> None:
    """
    The answer is 200, and the caller is the only member and a moderator.
    """
    answer = await api.post("/teams", json={"name": "Choir", "description": "Thursdays"})

    (team,) = sandbox.world.teams.values()
    ada = _person(sandbox, scenarios.ADMIN)
    body = answer.json()
    assert 200 == answer.status_code
    assert ("Choir", "Thursdays") == (body["name"], body["description"])
    assert ids.encode(Kind.TEAM, team.uuid) == body["id"]
    assert ids.encode(Kind.PERSON, ada.uuid) == body["creatorId"]
    assert [ada.uuid] == list(team.members)
    assert team.members[ada.uuid].is_moderator
    assert 1 == sandbox.world.writes


async def test_a_team_is_read_renamed_and_deleted(api: Client, sandbox: Sandbox) -> None:
    """
    PUT answers 200 with the new name and keeps a description that is left out; DELETE answers 204.
    """
    made = (await api.post("/teams", json={"name": "Choir", "description": "Thursdays"})).json()
    path = f"/teams/{made['id']}"

    assert made == (await api.get(path)).json()
    renamed = await api.put(path, json={"name": "Band"})
    assert (200, {**made, "name": "Band"}) == (renamed.status_code, renamed.json())
    cleared = await api.put(path, json={"name": "Band", "description": ""})
    assert "description" not in cleared.json()
    assert 204 == (await api.delete(path)).status_code
    assert {} == sandbox.world.teams
    assert 404 == (await api.get(path)).status_code


@pytest.mark.parametrize("body", [{}, {"name": " "}, {"description": "x"}])
async def test_a_team_needs_a_name(body: dict[str, str], api: Client, sandbox: Sandbox) -> None:
    """
    Neither a new nor an old team is left without.
    """
    path = f"/teams/{(await api.post('/teams', json={'name': 'Choir'})).json()['id']}"

    assert [400, 400] == [
        (await api.post("/teams", json=body)).status_code,
        (await api.put(path, json=body)).status_code,
    ]
    assert ["Choir"] == [team.name for team in sandbox.world.teams.values()]


async def test_teams_are_seen_by_their_members_alone(api: Client, sandbox: Sandbox, served: Serve) -> None:
    """
    For an administrator who is not in it there is no such team, and a list shows one's own.
    """
    async with served(token=_token_of(sandbox, scenarios.SAMPLE)) as john:
        theirs = (await john.post("/teams", json={"name": "Choir"})).json()["id"]
        assert ["Choir"] == [team["name"] for team in (await john.get("/teams")).json()["items"]]

    assert [] == (await api.get("/teams")).json()["items"]
    for method in ("GET", "PUT", "DELETE"):
        assert 404 == (await api.request(method, f"/teams/{theirs}", json={"name": "Ours"})).status_code
    assert 1 == len(sandbox.world.teams)


async def test_a_machine_account_has_no_teams(sandbox: Sandbox, served: Serve) -> None:
    """
    There is nobody who could be a member: it sees none and cannot make one.
    """
    async with served(token=sandbox.credentials.service_app_token) as machine:
        seen, made = await machine.get("/teams"), await machine.post("/teams", json={"name": "Choir"})
    assert ([], 403, {}) == (seen.json()["items"], made.status_code, sandbox.world.teams)


async def test_teams_come_page_by_page(api: Client, sandbox: Sandbox) -> None:
    """
    Following the links shows every team once, though one that was shown is deleted meanwhile.
    """
    for number in range(5):
        await api.post("/teams", json={"name": f"Team {number}"})

    first = await api.get("/teams?max=2")
    await api.delete(f"/teams/{first.json()['items'][0]['id']}")
    second = await api.get(first.links["next"]["url"])
    third = await api.get(second.links["next"]["url"])

    pages = [[team["name"] for team in page.json()["items"]] for page in (first, second, third)]
    assert [["Team 0", "Team 1"], ["Team 2", "Team 3"], ["Team 4"]] == pages
    assert "next" not in third.links


@pytest.mark.parametrize(("team", "status"), [(_NOBODYS, 404), ("not an id", 400)])
async def test_unknown_teams(team: str, status: int, api: Client) -> None:
    """
    An unknown identifier is not found, a malformed one is refused.
    """
    assert status == (await api.get(f"/teams/{team}")).status_code


async def test_a_deleted_person_is_in_no_team(api: Client, sandbox: Sandbox) -> None:
    """
    Whoever is deleted leaves the teams as well.
    """
    john = _person(sandbox, scenarios.SAMPLE)
    made = (await api.post("/teams", json={"name": "Choir"})).json()["id"]
    await api.post("/team/memberships", json={"teamId": made, "personEmail": scenarios.SAMPLE})
    (team,) = sandbox.world.teams.values()
    assert john.uuid in team.members

    await api.delete(f"/people/{john.uuid}")
    assert john.uuid not in team.members
