"""
The wrong region and the wrong organisation: said in so many words, and nothing is changed.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from fakes.hub import OPTIONS, Hub, asked, facade_to, found, running_hub
from fakes.hub_people import person_at
from fakes.hub_subjects import person_id
from fakes.ports import MemoryJournal
from fakes.rest_door import rest_door
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import added, replaced
from webex_connector.icf.errors import AccessRefused, PermissionDenied
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.operations import Change, ChangeRequest
from webex_connector.sandbox.faults import Fault, WrongJson
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.webex.ids import encode

ELSEWHERE = Credentials("home-client", "home-secret", "home-refresh-token", "home-token")
"""
What a client has in another region: nothing that is known here.
"""

FOREIGN = "11111111-2222-4333-8444-555555555555"
TITLE = replaced("title", "Tester")
NOT_OURS = (
    "{what}: 403 The server understood the request, but refused to fulfill it because the access token is missing "
    "required scopes or the user is missing required roles or licenses. It takes the {scopes}"
)


async def _list(facade: Facade) -> object:
    return [each async for batch in facade.search(names.ACCOUNT, EVERYTHING, OPTIONS) for each in batch]


WORKS: dict[str, Callable[[Facade, str], Awaitable[object]]] = {
    "list": lambda facade, _: _list(facade),
    "read": lambda facade, uid: facade.get(names.ACCOUNT, uid, OPTIONS),
    "create": lambda facade, _: facade.create(
        names.ACCOUNT, {"emails": ("new@acme.example",), "displayName": ("New",)}, OPTIONS
    ),
    "update": lambda facade, uid: facade.update(names.ACCOUNT, uid, [TITLE], OPTIONS),
    "delete": lambda facade, uid: facade.delete(names.ACCOUNT, uid, OPTIONS),
}


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    An organisation of one region.
    """
    async with running_hub(clock, people=6) as hub:
        yield hub


def _world(hub: Hub) -> tuple[object, ...]:
    world = hub.sandbox.world
    return world.writes, sorted(map(repr, world.people())), sorted(map(repr, world.groups.values()))


@pytest.mark.parametrize("work", WORKS)
async def test_credentials_of_another_region_get_no_token(work: str, hub: Hub, clock: VirtualClock) -> None:
    """
    No operation gets as far as asking for anything, and it is told who refused and why.
    """
    before = _world(hub)
    stranger = facade_to(Sandbox(people=2, clock=clock, credentials=ELSEWHERE), hub.address, clock, MemoryJournal())
    try:
        with pytest.raises(AccessRefused) as raised:
            await WORKS[work](stranger, person_id(hub, SAMPLE))
    finally:
        await stranger.aclose()

    assert (
        "The token endpoint refused to give a token: POST /v1/access_token: no access token: 401 The client could not "
        "be authenticated."
    ) == raised.value.message
    assert ([], before) == (asked(hub), _world(hub))


@pytest.mark.parametrize("work", WORKS)
async def test_a_token_of_another_region_is_not_accepted(work: str, hub: Hub, clock: VirtualClock) -> None:
    """
    A fixed token that this region does not know is refused as such: never an empty list, never "nobody of that id".
    """
    before = _world(hub)
    home = Sandbox(people=2, clock=clock, credentials=ELSEWHERE)
    settings: dict[str, Any] = {"authenticationMethod": "TOKEN", "authToken": ELSEWHERE.access_token}
    stranger = facade_to(home, hub.address, clock, MemoryJournal(), **settings)
    try:
        with pytest.raises(AccessRefused) as raised:
            await WORKS[work](stranger, person_id(hub, SAMPLE))
    finally:
        await stranger.aclose()

    assert raised.value.message.startswith("Webex did not accept the access token: ")
    assert raised.value.message.endswith(
        ": 401 The request requires a valid access token set in the Authorization request header."
    )
    assert 1 == len(asked(hub))
    assert before == _world(hub)


async def test_an_id_of_another_region_is_the_same_person(hub: Hub) -> None:
    """
    The region stands in the id beside the person's UUID, which is what counts; answers have the id of this region.
    """
    john = person_at(hub)
    result = await hub.facade.update(names.ACCOUNT, encode("PEOPLE", john.uuid, "eu"), [TITLE], OPTIONS)

    assert (encode("PEOPLE", john.uuid), "Tester") == (result.uid, person_at(hub).title)


def _claims_another(hub: Hub, times: int) -> None:
    shown = {"items": [{"id": encode("ORGANIZATION", FOREIGN), "displayName": "Another"}]}
    hub.sandbox.faults.add(Fault(WrongJson(json.dumps(shown)), to="GET /organizations", times=times))


async def _many(facade: Facade, uid: str) -> object:
    return await facade.apply_many(names.ACCOUNT, [ChangeRequest(Change.UPDATE, uid, deltas=(TITLE,))], OPTIONS)


@pytest.mark.parametrize("work", [WORKS["update"], _many], ids=["one", "many"])
async def test_an_organisation_that_scim_does_not_know(
    work: Callable[[Facade, str], Awaitable[object]], clock: VirtualClock
) -> None:
    """
    Where SCIM is demanded, the answer names the organisation, and nothing is written by any other road.
    """
    async with running_hub(clock, people=6, road="scim") as hub:
        _claims_another(hub, 1)
        before = _world(hub)

        with pytest.raises(AccessRefused) as raised:
            await work(hub.facade, person_id(hub, SAMPLE))

        assert (
            f"SCIM does not know the organisation {FOREIGN} of the token, or is elsewhere (scimUri says where). "
            "Webex does not know the object: "
            f"GET /{FOREIGN}/v2/Users: 404 The requested resource could not be found."
        ) == raised.value.message
        assert (["GET /organizations", "GET /Users"], before) == (asked(hub), _world(hub))
        hub.sandbox.faults.verify()


async def test_where_the_road_is_free_an_unknown_organisation_closes_scim(clock: VirtualClock) -> None:
    """
    The change is made by the people road, which names no organisation.
    """
    async with running_hub(clock, people=6, road="auto") as hub:
        _claims_another(hub, 1)

        await hub.facade.update(names.ACCOUNT, person_id(hub, SAMPLE), [TITLE], OPTIONS)

        assert "Tester" == person_at(hub).title
        assert ["GET /organizations", "GET /Users", "GET /people/{id}", "PUT /people/{id}"] == asked(hub)
        hub.sandbox.faults.verify()


ANOTHER = encode("ORGANIZATION", FOREIGN)
FOREIGN_WRITES: dict[str, tuple[Callable[[Hub], Awaitable[object]], str, str]] = {
    "a person": (
        lambda hub: hub.facade.create(
            names.ACCOUNT, {"emails": ("new@acme.example",), "displayName": ("New",), "orgId": (ANOTHER,)}, OPTIONS
        ),
        "POST /people",
        "scopes spark-admin:people_write and spark-admin:people_read",
    ),
    "a group": (
        lambda hub: hub.facade.create(names.GROUP, {"displayName": ("New",), "orgId": (ANOTHER,)}, OPTIONS),
        "POST /groups",
        "scope identity:groups_rw",
    ),
    "a move": (
        lambda hub: hub.facade.update(names.ACCOUNT, person_id(hub, SAMPLE), [replaced("orgId", ANOTHER)], OPTIONS),
        "PUT /people/{john}",
        "scopes spark-admin:people_write and spark-admin:people_read",
    ),
}


@pytest.mark.parametrize("name", FOREIGN_WRITES)
async def test_nothing_is_made_in_another_organisation(name: str, hub: Hub) -> None:
    """
    Webex refuses it, the refusal is passed on, and neither organisation has anything new.
    """
    work, request, scopes = FOREIGN_WRITES[name]
    before = _world(hub)

    with pytest.raises(PermissionDenied) as raised:
        await work(hub)

    told = NOT_OURS.format(what=request.format(john=person_id(hub, SAMPLE)), scopes=scopes)
    assert f"The access token may not do this in Webex: {told}" == raised.value.message
    assert before == _world(hub)


async def test_platforms_hear_of_another_organisation(clock: VirtualClock) -> None:
    """
    Over REST the refusal is a 403 with the same sentence.
    """
    async with rest_door(clock, people=6) as door:
        before = _world(door.hub)
        body = {"displayName": "New", "orgId": ANOTHER}
        status, answer = await door.ask("POST", "/__GROUP__?_action=create", json.dumps(body))

        told = NOT_OURS.format(what="POST /groups", scopes="scope identity:groups_rw")
        assert (403, f"The access token may not do this in Webex: {told}") == (status, answer["message"])
        assert before == _world(door.hub)


async def test_a_stranger_s_person_is_in_no_group(hub: Hub) -> None:
    """
    Somebody of another organisation cannot be put into a group; those who are ours are in it.
    """
    ours, theirs = person_id(hub, SAMPLE), encode("PEOPLE", FOREIGN)
    (group, *_) = [each for each in await found(hub, names.GROUP, EVERYTHING) if each.name == "Newly founded"]

    result = await hub.facade.update(names.GROUP, group.uid, [added("members", {"id": theirs}, {"id": ours})], OPTIONS)

    missed = [(each.values, each.reason) for each in result.not_applied]
    assert [
        (
            ({"id": theirs},),
            f"Webex refused the request: PATCH /groups/{group.uid}: 400 Member not found: {theirs}",
        )
    ] == missed
    assert {person_at(hub).uuid} == {
        uuid
        for each in hub.sandbox.world.groups.values()
        if each.display_name == "Newly founded"
        for uuid in each.members
    }
