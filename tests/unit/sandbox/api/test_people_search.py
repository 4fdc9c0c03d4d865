"""
Lists of people and searches for them.
"""

import unicodedata
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest

from fakes.people_calls import NEW, description_of, person_at
from webex_connector.sandbox import catalogue, ids, rendering, scenarios
from webex_connector.sandbox.grants import ADMIN_SCOPES, AccessToken
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.quirks import CursorShape, NextLink
from webex_connector.sandbox.records import READ_ONLY_ADMIN, USER_ADMIN, Person
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

Serve = Callable[..., AbstractAsyncContextManager[Client]]


async def _walk(api: Client, path: str) -> tuple[list[dict[str, Any]], list[httpx2.Response]]:
    items, answers, following = list[dict[str, Any]](), list[httpx2.Response](), path
    while following:
        answer = await api.get(following)
        assert 200 == answer.status_code, answer.text
        answers.append(answer)
        items += answer.json()["items"]
        following = answer.links["next"]["url"] if "next" in answer.links else ""
    return items, answers


def _at(person: Person, place: str) -> Person:
    values = {name: getattr(person, name) for name in person.__struct_fields__}
    return Person(**{**values, "location_uuid": place})


async def test_everybody_is_listed_once_page_by_page(api: Client, sandbox: Sandbox) -> None:
    """
    Following the links of a listing shows each person once, in pages of the size asked for, on the host asked.
    """
    items, answers = await _walk(api, "/people?max=30&excludeStatus=true")

    assert [30, 30, 30, 10] == [len(answer.json()["items"]) for answer in answers]
    assert [person.email for _, person in sandbox.world.people()] == [item["emails"][0] for item in items]
    assert all(str(answer.url).startswith(str(api.base_url)) for answer in answers)
    assert all("status" not in item and "lastActivity" not in item for item in items)


@pytest.mark.parametrize("shape", CursorShape)
async def test_both_published_cursors_lead_on(shape: CursorShape, served: Serve) -> None:
    """
    Whichever shape the cursor has, nobody is missed.
    """
    async with served(people_cursor=shape) as api:
        items, answers = await _walk(api, "/people?max=60")
    assert 100 == len({item["id"] for item in items})
    assert f"{shape.value}=" in answers[0].headers["Link"]


async def test_nobody_is_skipped_or_doubled_while_people_come_and_go(api: Client, sandbox: Sandbox) -> None:
    """
    Deleting those already listed and adding others between two pages disturbs nobody else's place.
    """
    first = await api.get("/people?max=50")
    for item in first.json()["items"][10:20]:
        assert 204 == (await api.delete(f"/people/{item['id']}")).status_code
    await api.post("/people", json=NEW)

    rest, _ = await _walk(api, first.links["next"]["url"])

    assert 51 == len(rest)
    assert "tove.berg@acme.example" == rest[-1]["emails"][0]


async def test_short_and_empty_pages_on_demand(served: Serve) -> None:
    """
    A page may be short or empty and still have a next one.
    """
    async with served(short_pages=(7, 0, 40)) as api:
        items, answers = await _walk(api, "/people?max=50")
    assert [7, 0, 40, 50, 3] == [len(answer.json()["items"]) for answer in answers]
    assert 100 == len({item["id"] for item in items})


async def test_next_links_may_carry_the_old_faults(served: Serve) -> None:
    """
    `max=null` and lost filters appear in links when asked for, and `max=null` is answered as the default.
    """
    async with served(next_link=NextLink.MAX_NULL) as api:
        answer = await api.get("/people?max=10&callingData=true")
        assert "max=null" in answer.headers["Link"]
        assert 90 == len((await api.get(answer.links["next"]["url"])).json()["items"])
    async with served(next_link=NextLink.FILTERS_LOST) as api:
        answer = await api.get("/people?max=10&callingData=true")
        assert "callingData" not in answer.headers["Link"]


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("", 100),
        ("max=5000", 1000),
        ("max=1000&callingData=true", 100),
        ("max=1000&locationId={place}", 50),
    ],
)
async def test_a_large_max_is_silently_reduced(query: str, size: int, sandbox: Sandbox, served: Serve) -> None:
    """
    The page size is 100 unless asked, at most 1000, at most 100 with calling data and 50 for a location.
    """
    sandbox.seed(1500, 7)
    place = catalogue.LOCATIONS[0].uuid
    for _, person in list(sandbox.world.people()):
        sandbox.world.put_person(_at(person, place))
    async with served() as api:
        answer = await api.get(f"/people?{query.format(place=rendering.location_id(place))}")
    assert size == len(answer.json()["items"])


async def test_search_by_address_is_exact_but_for_case_and_form(api: Client, sandbox: Sandbox) -> None:
    """
    An address finds its person in any case and Unicode form, and no other.
    """
    await api.post("/people", json={**NEW, "emails": ["Jos\u00e9@acme.example"]})
    decomposed = unicodedata.normalize("NFD", "JOS\u00c9@ACME.example")

    found = await api.get("/people", params={"email": decomposed})
    prefix = await api.get("/people", params={"email": "jos"})

    assert ["Tove Berg"] == [item["displayName"] for item in found.json()["items"]]
    assert [] == prefix.json()["items"]


async def test_search_by_name_is_a_prefix_in_any_case(api: Client, sandbox: Sandbox) -> None:
    """
    `displayName` finds those whose name begins so.
    """
    expected = {p.email for _, p in sandbox.world.people() if p.display_name.lower().startswith("jo")}

    answer = await api.get("/people?displayName=JO")

    assert scenarios.SAMPLE in expected
    assert expected == {item["emails"][0] for item in answer.json()["items"]}


async def test_a_name_may_be_too_short_to_search(served: Serve) -> None:
    """
    Where a minimum length is set, a shorter text is refused.
    """
    async with served(display_name_minimum=3) as api:
        assert 400 == (await api.get("/people?displayName=jo")).status_code


async def test_search_by_identifiers_names_the_unknown(api: Client, sandbox: Sandbox) -> None:
    """
    A list of identifiers finds its people without administrative fields, and says which are unknown.
    """
    known = rendering.person_id(person_at(sandbox, scenarios.SAMPLE).uuid)
    unknown = ids.encode(Kind.PERSON, "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")

    answer = await api.get(f"/people?id={known},{unknown}")

    assert [unknown] == answer.json()["notFoundIds"]
    assert [known] == [item["id"] for item in answer.json()["items"]]
    assert not {"licenses", "roles", "status", "loginEnabled"} & set(answer.json()["items"][0])
    assert 400 == (await api.get("/people", params={"id": ",".join([known] * 86)})).status_code
    assert 400 == (await api.get("/people?id=nonsense")).status_code


async def test_search_by_role_and_location(api: Client, sandbox: Sandbox) -> None:
    """
    `roles` finds those with any of the roles, `locationId` those with telephones there.
    """
    roles = ",".join(rendering.role_id(key) for key in (USER_ADMIN, READ_ONLY_ADMIN))
    place = next(p.location_uuid for _, p in sandbox.world.people() if p.location_uuid)

    by_role = await api.get(f"/people?roles={roles}")
    by_place = await api.get(f"/people?locationId={rendering.location_id(place)}")

    assert 2 == len(by_role.json()["items"])
    expected = [p.email for _, p in sandbox.world.people() if p.location_uuid == place]
    assert expected == [item["emails"][0] for item in by_place.json()["items"]]


async def test_others_see_less(sandbox: Sandbox, served: Serve) -> None:
    """
    Without the administrator's scope or role, a listing needs a search, and administrative fields are hidden.
    """
    somebody = person_at(sandbox, scenarios.SAMPLE).uuid
    sandbox.world.grants.grant(AccessToken("no-scope", somebody, somebody, frozenset({"spark:people_read"})))
    sandbox.world.grants.grant(AccessToken("no-role", somebody, somebody, ADMIN_SCOPES))
    for token in ("no-scope", "no-role"):
        async with served(token=token) as api:
            everybody = await api.get("/people")
            found = await api.get(f"/people?email={scenarios.ADMIN}")
        assert (400, "Email, displayName, or id list should be specified.") == (
            everybody.status_code,
            description_of(everybody),
        )
        assert not {"roles", "licenses", "loginEnabled", "invitePending"} & set(found.json()["items"][0])


async def test_a_page_may_take_too_long(served: Serve) -> None:
    """
    With the habit, a page that is too large is 504 every time, and a smaller one is answered.
    """
    async with served(people_page_timeout=40) as api:
        statuses = [(await api.get(f"/people{query}")).status_code for query in ("", "?max=41", "?max=40")]
    assert [504, 504, 200] == statuses
