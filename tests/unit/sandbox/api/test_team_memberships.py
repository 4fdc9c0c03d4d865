"""
The team memberships API and the rules behind it.
"""

import httpx2
import pytest

from webex_connector.sandbox import ids, scenarios
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.records import Team
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

_PATH = "/team/memberships"
_NOBODY = ids.encode(Kind.PERSON, "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")


@pytest.fixture
async def team(api: Client, sandbox: Sandbox) -> Team:
    """
    A team of the administrator.
    """
    await api.post("/teams", json={"name": "Choir"})
    (team,) = sandbox.world.teams.values()
    return team


def _team_id(team: Team) -> str:
    return ids.encode(Kind.TEAM, team.uuid)


async def _join(api: Client, team: Team, address: str, *, is_moderator: bool = False) -> str:
    body = {"teamId": _team_id(team), "personEmail": address, "isModerator": is_moderator}
    answer = await api.post(_PATH, json=body)
    assert 200 == answer.status_code
    membership: str = answer.json()["id"]
    return membership


async def _own(api: Client, team: Team) -> str:
    own: str = (await api.get(f"{_PATH}?teamId={_team_id(team)}")).json()["items"][0]["id"]
    return own


async def test_somebody_joins_by_address_or_identifier(api: Client, sandbox: Sandbox, team: Team) -> None:
    """
    The answer is 200 and names both ends; who is no moderator is a plain member.
    """
    john = sandbox.world.person_at(scenarios.SAMPLE)
    other = next(person for _, person in sandbox.world.people(5))
    assert john is not None

    answer = await api.post(_PATH, json={"teamId": _team_id(team), "personEmail": scenarios.SAMPLE.upper()})
    await api.post(_PATH, json={"teamId": team.uuid, "personId": other.uuid, "isModerator": True})

    body = answer.json()
    assert 200 == answer.status_code
    assert ids.encode(Kind.TEAM_MEMBERSHIP, f"{john.uuid}:{team.uuid}") == body["id"]
    assert (scenarios.SAMPLE, "John Doe", False) == (
        body["personEmail"],
        body["personDisplayName"],
        body["isModerator"],
    )
    assert [True, False, True] == [member.is_moderator for member in team.members.values()]
    assert body == (await api.get(f"{_PATH}/{body['id']}")).json()


@pytest.mark.parametrize(
    ("person", "status", "text"),
    [
        ({}, 400, "Must specify either personId or personEmail."),
        ({"personEmail": "nobody@acme.example"}, 404, "Person not found"),
        ({"personId": _NOBODY}, 404, "Person not found"),
        ({"personId": "x"}, 400, "Expect base64 ID or UUID."),
        ({"personEmail": scenarios.ADMIN}, 409, "Person is already in the team."),
    ],
)
async def test_who_cannot_join(person: dict[str, str], status: int, text: str, api: Client, team: Team) -> None:
    """
    Nobody in particular, nobody at all, and who is in the team already: the membership stays as it was.
    """
    answer = await api.post(_PATH, json={"teamId": _team_id(team), **person})

    assert (status, text) == (answer.status_code, answer.json()["errors"][0]["description"])
    assert 1 == len(team.members)


async def test_the_team_must_be_named(api: Client, team: Team) -> None:
    """
    Neither a list nor a new membership does without `teamId`, and the team must be one's own.
    """
    foreign = ids.encode(Kind.TEAM, "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")
    assert 400 == (await api.get(_PATH)).status_code
    assert 404 == (await api.get(f"{_PATH}?teamId={foreign}")).status_code
    assert 400 == (await api.post(_PATH, json={"personEmail": scenarios.SAMPLE})).status_code
    assert 404 == (await api.post(_PATH, json={"teamId": foreign, "personEmail": scenarios.SAMPLE})).status_code
    assert 1 == len(team.members)


async def test_members_come_page_by_page(api: Client, sandbox: Sandbox, team: Team) -> None:
    """
    Following the links shows everybody once, though somebody who was shown leaves meanwhile.
    """
    addresses = [person.email for _, (_, person) in zip(range(5), sandbox.world.people(1), strict=False)]
    for address in addresses:
        await _join(api, team, address)

    first = await api.get(f"{_PATH}?teamId={_team_id(team)}&max=3")
    await api.delete(f"{_PATH}/{first.json()['items'][1]['id']}")
    second = await api.get(first.links["next"]["url"])

    seen = [item["personEmail"] for page in (first, second) for item in page.json()["items"]]
    assert [scenarios.ADMIN, *addresses] == seen
    assert "next" not in second.links


async def test_the_last_moderator_stays(api: Client, team: Team) -> None:
    """
    Neither leaving nor stepping down is possible until somebody else is a moderator.
    """
    own, john = await _own(api, team), await _join(api, team, scenarios.SAMPLE)

    refused = await api.delete(f"{_PATH}/{own}")
    demoted = await api.put(f"{_PATH}/{own}", json={"isModerator": False})
    assert (400, 400) == (refused.status_code, demoted.status_code)
    assert "last moderator" in refused.json()["errors"][0]["description"]
    assert 2 == len(team.members)

    promoted = await api.put(f"{_PATH}/{john}", json={"isModerator": True})
    assert (200, True) == (promoted.status_code, promoted.json()["isModerator"])
    assert 204 == (await api.delete(f"{_PATH}/{own}")).status_code
    assert 1 == len(team.members)


async def test_a_plain_member_may_go(api: Client, team: Team) -> None:
    """
    Who is no moderator leaves, and the membership is not found any more.
    """
    path = f"{_PATH}/{await _join(api, team, scenarios.SAMPLE)}"

    assert 204 == (await api.delete(path)).status_code
    assert [404, 404] == [(await api.get(path)).status_code, (await api.delete(path)).status_code]


async def test_a_change_says_what(api: Client, team: Team) -> None:
    """
    Without `isModerator` nothing could be changed, and that is refused.
    """
    assert 400 == (await api.put(f"{_PATH}/{await _own(api, team)}", json={})).status_code


async def test_whoever_left_sees_the_team_no_more(api: Client, team: Team) -> None:
    """
    The caller who leaves loses sight of the team and of its memberships.
    """
    john = await _join(api, team, scenarios.SAMPLE, is_moderator=True)
    await api.delete(f"{_PATH}/{await _own(api, team)}")

    assert 404 == (await api.get(f"{_PATH}/{john}")).status_code
    assert [] == (await api.get("/teams")).json()["items"]
