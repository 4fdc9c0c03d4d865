"""
Adding people, and the rules behind it.
"""

import unicodedata
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from fakes.people_calls import NEW, PLACE, description_of, license_id, person_at, somebody_calling
from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.records import USER_ADMIN
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

Serve = Callable[..., AbstractAsyncContextManager[Client]]

_WORK = {"type": "work", "value": "+49 30 555 1234"}


async def test_a_fresh_person_looks_as_seen_on_the_wire(api: Client, sandbox: Sandbox) -> None:
    """
    A created person is pending and cannot sign in yet, and what it has not is absent.
    """
    answer = await api.post("/people", json=NEW)
    person = answer.json()

    assert 200 == answer.status_code
    assert (True, False, "pending") == (person["invitePending"], person["loginEnabled"], person["status"])
    assert ([], [], "Tove", "person") == (person["roles"], person["licenses"], person["nickName"], person["type"])
    assert "2026-11-02T08:00:00.000Z" == person["created"]
    absent = {"phoneNumbers", "avatar", "timezone", "lastActivity", "siteUrls", "department", "managerId", "addresses"}
    assert not absent & set(person)
    assert 1 == sandbox.world.writes
    assert person == (await api.get(f"/people/{person['id']}")).json()


async def test_everything_writable_is_kept(api: Client, sandbox: Sandbox) -> None:
    """
    What is sent on create comes back.
    """
    manager = rendering.person_id(person_at(sandbox, scenarios.ADMIN).uuid)
    sent = {
        **NEW,
        "avatar": "https://pictures.example/tove.png",
        "department": "Finance",
        "title": "Controller",
        "manager": "Ada Admin",
        "managerId": manager,
        "roles": [rendering.role_id(USER_ADMIN)],
        "siteUrls": [f"{catalogue.SITE}#attendee"],
        "addresses": [{"type": "work", "country": "DE", "locality": "Berlin", "postalCode": "10969"}],
        "orgId": rendering.organization_id(sandbox.world),
    }

    answer = await api.post("/people", json=sent)

    assert sent == {name: answer.json()[name] for name in sent}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"emails": []}, "emails is required."),
        ({"emails": None}, "emails is required."),
        ({"emails": ["no address"]}, "Invalid email address: no address"),
        ({"emails": ["a@b"]}, "Invalid email address: a@b"),
        (
            {"displayName": "", "firstName": None, "lastName": ""},
            "At least one of displayName, firstName and lastName is required.",
        ),
        ({"emails": "tove.berg@acme.example"}, "Expected `array | null`, got `str` - at `$.emails`"),
        ({"loginEnabled": "yes"}, "Expected `bool | null`, got `str` - at `$.loginEnabled`"),
    ],
)
async def test_a_create_without_what_it_needs_is_refused(
    change: dict[str, object], said: str, api: Client, sandbox: Sandbox
) -> None:
    """
    Addresses, a name and the right types are required, and nobody is created without.
    """
    answer = await api.post("/people", json={**NEW, **change})

    assert (400, said) == (answer.status_code, description_of(answer))
    assert 0 == sandbox.world.writes


@pytest.mark.parametrize(
    "twin",
    ["ada.admin@acme.example", "ADA.Admin@ACME.example", "Ada.Admin@acme.example"],
)
async def test_an_address_is_taken_in_any_case(twin: str, api: Client, sandbox: Sandbox) -> None:
    """
    A second person with the same address is refused with 409.
    """
    answer = await api.post("/people", json={**NEW, "emails": [twin]})

    assert (409, 0) == (answer.status_code, sandbox.world.writes)


async def test_an_address_is_taken_in_any_unicode_form(api: Client, sandbox: Sandbox) -> None:
    """
    Composed and decomposed characters make the same address.
    """
    composed = "zo\u00eb@acme.example"
    await api.post("/people", json={**NEW, "emails": [composed]})

    answer = await api.post("/people", json={**NEW, "emails": [unicodedata.normalize("NFD", composed)]})

    assert (409, 1) == (answer.status_code, sandbox.world.writes)


async def test_an_address_may_belong_to_somebody_elsewhere(api: Client, sandbox: Sandbox) -> None:
    """
    An address of another organisation is refused, although a search finds nobody.
    """
    sandbox.world.foreign_addresses.add("tove.berg@acme.example")

    answer = await api.post("/people", json=NEW)

    assert 409 == answer.status_code
    assert [] == (await api.get("/people?email=tove.berg@acme.example")).json()["items"]


async def test_what_cannot_be_had_is_left_out_without_a_word(api: Client, sandbox: Sandbox) -> None:
    """
    Unknown roles, licences, managers and sites, a bad picture and fields of Calling without the licence are dropped.
    """
    sent = {
        **NEW,
        "roles": ["roleId", rendering.role_id("no-such-role")],
        "licenses": ["licenseId", license_id(sandbox, "no-such-licence"), license_id(sandbox, catalogue.EXHAUSTED)],
        "managerId": "managerId",
        "avatar": "urlAvatar",
        "siteUrls": ["unknown.webex.com#attendee", catalogue.SITE],
        "extension": "123",
        "groups": ["groupId"],
        "LastName": "Doe",
    }

    person = (await api.post("/people?callingData=true", json=sent)).json()

    assert ([], []) == (person["roles"], person["licenses"])
    assert not {"managerId", "avatar", "siteUrls", "extension", "groups"} & set(person)


async def test_paid_licences_bring_free_ones(api: Client, sandbox: Sandbox) -> None:
    """
    Messaging comes with basic messaging and screen share, and each takes a unit.
    """
    before = sandbox.world.consumed[catalogue.MESSAGING]

    person = (await api.post("/people", json={**NEW, "licenses": [license_id(sandbox, catalogue.MESSAGING)]})).json()

    due = {catalogue.MESSAGING, catalogue.BASIC_MESSAGING, catalogue.SCREEN_SHARE}
    assert {license_id(sandbox, key) for key in due} == set(person["licenses"])
    assert before + 1 == sandbox.world.consumed[catalogue.MESSAGING]


async def test_companions_can_be_switched_off(sandbox: Sandbox, served: Serve) -> None:
    """
    Without companions a person gets what was asked for and no more.
    """
    async with served(companion_licenses=False) as api:
        wanted = [license_id(sandbox, catalogue.MEETINGS)]
        person = (await api.post("/people", json={**NEW, "licenses": wanted})).json()
    assert wanted == person["licenses"]
    assert [catalogue.SITE] == person["siteUrls"]


async def test_calling_fields_are_shown_with_the_licence_and_on_request(api: Client, sandbox: Sandbox) -> None:
    """
    Extension and location come back with `callingData`, with the extension's full number, and not otherwise.
    """
    sent = somebody_calling(sandbox, extension="123", locationId=PLACE)

    person = (await api.post("/people?callingData=true", json=sent)).json()
    plain = (await api.get(f"/people/{person['id']}")).json()

    assert ("123", PLACE) == (person["extension"], person["locationId"])
    assert [{"type": "work_extension", "value": "802123"}] == person["phoneNumbers"]
    assert not {"extension", "locationId", "phoneNumbers"} & set(plain)


async def test_a_number_is_enough_for_calling(api: Client, sandbox: Sandbox) -> None:
    """
    With a work number, Calling is given and the location is the organisation's first.
    """
    person = (await api.post("/people?callingData=true", json=somebody_calling(sandbox, phoneNumbers=[_WORK]))).json()

    assert [_WORK] == person["phoneNumbers"]
    assert rendering.location_id(catalogue.LOCATIONS[0].uuid) == person["locationId"]


async def test_calling_without_its_fields_is_not_given(api: Client, sandbox: Sandbox) -> None:
    """
    A Calling licence without extension and location is left out like any other that cannot be had.
    """
    person = (await api.post("/people", json=somebody_calling(sandbox))).json()

    assert [] == person["licenses"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"extension": "123", "locationId": PLACE, "phoneNumbers": [_WORK]},
            "locationId and phoneNumbers are mutually exclusive.",
        ),
        ({"locationId": PLACE}, "locationId requires an extension or a phone number."),
        ({"extension": "123", "locationId": "locationId"}, "Location not found"),
    ],
)
async def test_contradictory_calling_fields_are_refused(
    fields: dict[str, object], said: str, api: Client, sandbox: Sandbox
) -> None:
    """
    A location excludes phone numbers, needs an extension, and must exist.
    """
    answer = await api.post("/people", json=somebody_calling(sandbox, **fields))

    assert (400, said, 0) == (answer.status_code, description_of(answer), sandbox.world.writes)


async def test_location_and_numbers_together_can_be_allowed(sandbox: Sandbox, served: Serve) -> None:
    """
    With the switch off, a person has both.
    """
    async with served(location_excludes_phone_numbers=False) as api:
        sent = somebody_calling(sandbox, locationId=PLACE, phoneNumbers=[_WORK])
        person = (await api.post("/people?callingData=true", json=sent)).json()
    assert (PLACE, [_WORK]) == (person["locationId"], person["phoneNumbers"])


@pytest.mark.parametrize("creates", [True, False])
async def test_a_bad_number_may_have_created_the_person(creates: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    An impossible number is answered 400, and whether the person exists then is a habit of Webex.
    """
    async with served(bad_phone_number_creates=creates) as api:
        answer = await api.post(
            "/people", json=somebody_calling(sandbox, phoneNumbers=[{"type": "work", "value": "none"}])
        )
    assert 400 == answer.status_code
    assert creates == (sandbox.world.person_at("tove.berg@acme.example") is not None)


async def test_min_response_is_the_identifier_alone(api: Client) -> None:
    """
    `minResponse=true` leaves everything but the identifier out.
    """
    assert ["id"] == list((await api.post("/people?minResponse=true", json=NEW)).json())
