"""
Bad input through the REST door: the exact answer, and an organisation in which nothing has changed.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from fakes.rest_door import RestDoor, rest_door
from fakes.virtual_time import VirtualClock

PEOPLE = "/__ACCOUNT__"
CREATE = f"{PEOPLE}?_action=create"
REASONS = {400: "Bad Request", 404: "Not Found", 412: "Precondition Failed", 501: "Not Implemented"}

Case = tuple[str, str, Any, int, str, dict[str, Any]]
"""
Method, target, body, and the answer: status, message, detail without tracking id.
"""

CASES: dict[str, Case] = {
    "unknown attribute": (
        "POST",
        CREATE,
        {"displayName": "X", "emails": ["x@acme.example"], "shoeSize": 4},
        400,
        "Target does not support attribute shoeSize (__ACCOUNT__ has no attribute shoeSize)",
        {"attribute": "shoeSize"},
    ),
    "wrong type": (
        "POST",
        CREATE,
        {"displayName": "X", "emails": ["x@acme.example"], "title": 4},
        400,
        "Attribute 'title' takes a text, not 4",
        {"attribute": "title"},
    ),
    "missing required attribute": (
        "POST",
        CREATE,
        {"displayName": "X"},
        400,
        "Required attribute 'emails' value is null",
        {"attribute": "emails"},
    ),
    "read-only attribute on create": (
        "POST",
        CREATE,
        {"displayName": "X", "emails": ["x@acme.example"], "created": "2020-01-01T00:00:00Z"},
        400,
        "Attribute 'created' cannot be set on create",
        {"attribute": "created"},
    ),
    "read-only attribute on update": (
        "PUT",
        f"{PEOPLE}/{{john}}",
        {"created": "2020-01-01T00:00:00Z"},
        400,
        "Attribute 'created' is read-only",
        {"attribute": "created"},
    ),
    "two addresses": (
        "POST",
        CREATE,
        {"displayName": "X", "emails": ["x@acme.example", "y@acme.example"]},
        400,
        "Webex takes one address, not 2",
        {"attribute": "emails"},
    ),
    "location and numbers": (
        "POST",
        CREATE,
        {
            "displayName": "X",
            "emails": ["x@acme.example"],
            "extension": "1",
            "locationId": "L",
            "phoneNumbers": [{"type": "work", "value": "+1"}],
        },
        400,
        "Attributes 'locationId' and 'phoneNumbers' exclude each other; give one of them",
        {"attribute": "locationId"},
    ),
    "location without extension": (
        "PUT",
        f"{PEOPLE}/{{john}}",
        {"locationId": "L"},
        400,
        "Attribute 'locationId' requires 'extension'",
        {"attribute": "locationId"},
    ),
    "unknown part of an address": (
        "PUT",
        f"{PEOPLE}/{{john}}",
        {"addresses": [{"type": "work", "planet": "Mars"}]},
        400,
        (
            "Attribute 'addresses' has no part 'planet'; "
            "its parts are type, country, locality, region, streetAddress, postalCode"
        ),
        {"attribute": "addresses"},
    ),
    "clearing what is required": (
        "PUT",
        f"{PEOPLE}/{{john}}",
        {"displayName": None},
        400,
        "Required attribute 'displayName' cannot be cleared",
        {"attribute": "displayName"},
    ),
    "duplicate address in capitals": (
        "POST",
        CREATE,
        {"displayName": "X", "emails": ["JOHN@Example.wbx.ai"]},
        412,
        "JOHN@Example.wbx.ai belongs to a person of this organisation",
        {"uid": "{john}"},
    ),
    "duplicate address in another Unicode form": (
        "POST",
        CREATE,
        {"displayName": "X", "emails": ["zoe\u0308@acme.example"]},
        412,
        "zoe\u0308@acme.example belongs to a person of this organisation",
        {"uid": "{zoë}"},
    ),
    "malformed filter": (
        "GET",
        f"{PEOPLE}?_queryFilter=emails%20eq",
        None,
        400,
        (
            "The value 'emails eq' for parameter '_queryFilter' could not be parsed as a valid query filter: "
            'column 10: expected a value: "text" in quotes, a number, true or false, found the end'
        ),
        {"position": 10},
    ),
    "filter by an unknown attribute": (
        "GET",
        f"{PEOPLE}?_queryFilter=shoe%20eq%204",
        None,
        400,
        "The filter compares an unknown attribute: __ACCOUNT__ has no attribute shoe",
        {"attribute": "shoe"},
    ),
    "unknown id": ("GET", f"{PEOPLE}/nobody", None, 404, "Object nobody not found on __ACCOUNT__", {}),
    "unknown object class": (
        "GET",
        "/TEAMS?_queryFilter=true",
        None,
        404,
        "Not found: TEAMS. There are: __GROUP__, __ACCOUNT__, ROLES, __ALL__, LICENSES",
        {},
    ),
    "operation that a class does not have": ("DELETE", "/ROLES/x", None, 501, "ROLES does not support DELETE", {}),
    "cookie of somebody else": (
        "GET",
        f"{PEOPLE}?_queryFilter=true&_pagedResultsCookie=abc&_pageSize=5",
        None,
        400,
        "The paging cookie is unknown or has expired; start again without it",
        {},
    ),
}


@pytest.fixture
async def door(clock: VirtualClock) -> AsyncIterator[RestDoor]:
    """
    The door to an organisation in which somebody's address holds a letter with two Unicode forms.
    """
    async with rest_door(clock) as door:
        status, _ = await door.ask("POST", CREATE, json.dumps({"displayName": "Zoë", "emails": ["zoë@acme.example"]}))
        assert 201 == status
        yield door


def _world(door: RestDoor) -> tuple[object, ...]:
    world = door.hub.sandbox.world
    return world.writes, sorted(map(repr, world.people())), sorted(map(repr, world.groups.values())), world.consumed


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_bad_input_is_explained_and_changes_nothing(door: RestDoor, case: Case) -> None:
    """
    The answer names the field, what is wrong with it, and nothing in the organisation has moved.
    """
    method, target, body, status, message, detail = case
    ids = {"{john}": door.uid_of("john@example.wbx.ai"), "{zoë}": door.uid_of("zoë@acme.example")}
    for key, uid in ids.items():
        target = target.replace(key, uid)
    before = _world(door)

    got, answer = await door.ask(method, target, "" if body is None else json.dumps(body))

    found = answer.pop("detail", {})
    found.pop("trackingId", None)
    assert (status, {"code": status, "reason": REASONS[status], "message": message}) == (got, answer)
    assert {key: ids.get(value, value) for key, value in detail.items()} == found
    assert before == _world(door)


async def test_a_licence_without_units_makes_a_person_without_it(door: RestDoor) -> None:
    """
    The person is made, the licence is named in `_warnings`, and its counter has not moved.
    """
    world = door.hub.sandbox.world
    key = next(each.key for each in world.licenses.values() if each.total_units == world.consumed[each.key] != 0)
    exhausted = door.license_id(world.licenses[key].name)
    before = world.consumed[key]

    status, answer = await door.ask(
        "POST",
        CREATE,
        json.dumps({"displayName": "X", "emails": ["x@acme.example"], "licenses": [exhausted]}),
    )

    assert 201 == status
    assert [("licenses", [exhausted])] == [(each["attribute"], each["values"]) for each in answer["_warnings"]]
    assert "no unit left" in answer["_warnings"][0]["reason"]
    assert (before, ()) == (world.consumed[key], (door.person(answer["_id"]) or pytest.fail("nobody")).licenses)


@pytest.mark.parametrize("headers", ["", "X-OpenIDM-Username: openidm-admin\r\nX-OpenIDM-Password: wrong\r\n"])
async def test_nobody_is_let_in_without_the_right_password(door: RestDoor, headers: str) -> None:
    """
    Without log-in, or with a wrong one, the answer is 401 and Webex was not asked.
    """
    before = len(door.hub.sandbox.trace.requests())

    status, answer = await door.ask("GET", f"{PEOPLE}?_queryFilter=true", headers=headers)

    assert (401, "Unauthorized") == (status, answer["reason"])
    assert before == len(door.hub.sandbox.trace.requests())


async def test_an_unknown_system_is_not_found(door: RestDoor) -> None:
    """
    The answer names the system.
    """
    status, answer = await door.send(
        b"POST /openidm/system/nowhere?_action=test HTTP/1.1\r\nHost: localhost\r\n"
        b"X-OpenIDM-Username: openidm-admin\r\nX-OpenIDM-Password: openidm-admin\r\n\r\n",
    )

    assert (404, "Not Found") == (status, answer["reason"])
    assert "nowhere" in answer["message"]


async def test_an_oversized_body_is_refused(door: RestDoor) -> None:
    """
    More than a mebibyte is 413 in the door's own form, and changes nothing.
    """
    before = _world(door)

    async with httpx2.AsyncClient(auth=("openidm-admin", "openidm-admin")) as client:
        answer = await client.post(
            f"http://127.0.0.1:{door.port}/openidm/system/webex{CREATE}",
            json={"displayName": "X" * 1_100_000},
        )

    assert (413, 413) == (answer.status_code, answer.json()["code"])
    assert before == _world(door)
