"""
Queries by SCIM, over a socket: what is found, and which requests that took.
"""

import uuid
from typing import Any

import pytest

from fakes.scim_door import scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.asked import SEARCH_URN
from webex_connector.sandbox.faults import Fail, Fault, HalfBody, Reset, Throttle


def _addresses(page: dict[str, Any]) -> list[str]:
    return [each["userName"] for each in page["Resources"]]


async def test_a_look_up_by_user_name_is_one_request(clock: Clock) -> None:
    """
    In any case, as every client sends it before it makes somebody.
    """
    async with scim_door(clock) as door:
        ann = door.people()[3].email
        await door.get("/Roles")
        await door.get("/Users", count=1)
        door.requests()
        found = await door.get("/Users", filter=f'userName eq "{ann.upper()}"', startIndex=1, count=100)
        assert ([ann], 1, 1) == (_addresses(found), found["totalResults"], found["itemsPerPage"])
        assert door.requests() == ["GET /people"]


async def test_a_probe_with_what_is_no_address_finds_nobody(clock: Clock) -> None:
    """
    Entra tries its connection with a random GUID: 200 with an empty list. Webex, which would complain, is not asked.
    """
    async with scim_door(clock) as door:
        await door.get("/Users", count=1)
        door.requests()
        found = await door.get("/Users", filter=f'userName eq "{uuid.UUID(int=7)}"')
        assert (0, []) == (found["totalResults"], found["Resources"])
        assert door.requests() == []


@pytest.mark.parametrize(
    "text",
    [
        'emails eq "{0}"',
        'emails.value eq "{0}"',
        'emails[value eq "{0}"]',
        'emails[type eq "work" and value eq "{0}"]',
        'emails[type eq "work"].value eq "{0}"',
        'externalId eq "e-1"',
        'userName sw "ann@" and active eq true',
        'name.familyName eq "archer"',
        'not (userName ne "{0}")',
        'title pr and userName eq "{0}"',
        'name.formatted eq "Ann Archer"',
    ],
)
async def test_the_forms_in_which_clients_look_for_somebody(clock: Clock, text: str) -> None:
    """
    Whether Webex, the model or the door finds them: the one who is meant, and a right total.
    """
    async with scim_door(clock) as door:
        body = {
            "userName": "ann@example.com",
            "name": {"givenName": "Ann", "familyName": "Archer"},
            "externalId": "e-1",
            "title": "Engineer",
        }
        made = await door.send("POST", "/Users", body)
        found = await door.get("/Users", filter=text.format("ann@example.com"))
        assert ([made.json()["id"]], 1) == ([each["id"] for each in found["Resources"]], found["totalResults"])
        assert found["Resources"][0]["externalId"] == "e-1"


async def test_pages_of_what_the_door_tests_itself(clock: Clock) -> None:
    """
    Filters that Webex and the model cannot evaluate have pages and totals all the same.
    """
    async with scim_door(clock, people=25) as door:
        text = 'emails[type eq "work" and primary eq true]'
        pages = [await door.get("/Users", filter=text, startIndex=start, count=10) for start in (1, 11, 21)]
        assert [10, 10, 5] == [page["itemsPerPage"] for page in pages]
        assert {25} == {page["totalResults"] for page in pages}
        assert 25 == len({address for page in pages for address in _addresses(page)})


async def test_sorting(clock: Clock) -> None:
    """
    By an attribute, up and down.
    """
    async with scim_door(clock) as door:
        up = await door.get("/Users", sortBy="userName", count=50)
        down = await door.get("/Users", sortBy="userName", sortOrder="descending", count=50)
        assert sorted(_addresses(up)) == _addresses(up) == _addresses(down)[::-1]


async def test_only_what_is_asked_for(clock: Clock) -> None:
    """
    `id` and `schemas` come in any case; what is not shown is not read.
    """
    async with scim_door(clock) as door:
        page = await door.get("/Users", attributes="userName,name.givenName", count=2)
        assert {"schemas", "id", "userName", "name"} == set(page["Resources"][0])
        assert {"givenName"} == set(page["Resources"][0]["name"])
        assert door.requests() == ["GET /people"]


async def test_a_search_in_a_body(clock: Clock) -> None:
    """
    `.search` is a GET whose words are not in the address.
    """
    async with scim_door(clock) as door:
        ann = door.people()[3].email
        body = {
            "schemas": [SEARCH_URN],
            "filter": f'userName eq "{ann}"',
            "attributes": ["userName"],
            "startIndex": 1,
            "count": 5,
        }
        found = (await door.send("POST", "/Users/.search", body)).json()
        assert (1, [ann]) == (found["totalResults"], _addresses(found))
        assert {"schemas", "id", "userName"} == set(found["Resources"][0])


async def test_a_list_that_cannot_be_read_is_no_empty_list(clock: Clock) -> None:
    """
    To a provisioning system empty means "make them" or "delete them": it gets an error, and when to come back.
    """
    async with scim_door(clock) as door:
        for effect, status in ((Fail(503), 503), (Reset(), 503), (HalfBody(), 503), (Throttle(3600), 429)):
            door.hub.sandbox.faults.add(Fault(effect, to="GET /people", times=100))
            answer = await door.send("GET", "/Users")
            door.hub.sandbox.faults.clear()
            assert answer.status_code == status
            assert int(answer.headers["retry-after"]) >= 1
            assert "Resources" not in answer.json()
