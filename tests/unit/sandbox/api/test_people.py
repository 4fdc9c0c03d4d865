"""
The people API and the rules behind it.
"""

import unicodedata
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest

from webex_connector.sandbox import catalogue, ids, rendering, scenarios
from webex_connector.sandbox.grants import ADMIN_SCOPES, AccessToken
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.quirks import CursorShape, NextLink
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN, Person, Phone
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

NEW = {"emails": ["tove.berg@acme.example"], "displayName": "Tove Berg", "firstName": "Tove", "lastName": "Berg"}


def _license(sandbox: Sandbox, key: str) -> str:
    return rendering.license_id(sandbox.world, key)


def _person(sandbox: Sandbox, address: str) -> Person:
    person = sandbox.world.person_at(address)
    assert person is not None
    return person


def _described(answer: httpx2.Response) -> str:
    return str(answer.json()["errors"][0]["description"])


async def _walk(api: Client, path: str) -> tuple[list[dict[str, Any]], list[httpx2.Response]]:
    items, answers, following = list[dict[str, Any]](), list[httpx2.Response](), path
    while following:
        answer = await api.get(following)
        assert 200 == answer.status_code, answer.text
        answers.append(answer)
        items += answer.json()["items"]
        following = answer.links["next"]["url"] if "next" in answer.links else ""
    return items, answers


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


def _at(person: Person, place: str) -> Person:
    values = {name: getattr(person, name) for name in person.__struct_fields__}
    return Person(**{**values, "location_uuid": place})


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
    known = rendering.person_id(_person(sandbox, scenarios.SAMPLE).uuid)
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
    manager = rendering.person_id(_person(sandbox, scenarios.ADMIN).uuid)
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

    assert (400, said) == (answer.status_code, _described(answer))
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
        "licenses": ["licenseId", _license(sandbox, "no-such-licence"), _license(sandbox, catalogue.EXHAUSTED)],
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

    person = (await api.post("/people", json={**NEW, "licenses": [_license(sandbox, catalogue.MESSAGING)]})).json()

    due = {catalogue.MESSAGING, catalogue.BASIC_MESSAGING, catalogue.SCREEN_SHARE}
    assert {_license(sandbox, key) for key in due} == set(person["licenses"])
    assert before + 1 == sandbox.world.consumed[catalogue.MESSAGING]


async def test_companions_can_be_switched_off(sandbox: Sandbox, served: Serve) -> None:
    """
    Without companions a person gets what was asked for and no more.
    """
    async with served(companion_licenses=False) as api:
        wanted = [_license(sandbox, catalogue.MEETINGS)]
        person = (await api.post("/people", json={**NEW, "licenses": wanted})).json()
    assert wanted == person["licenses"]
    assert [catalogue.SITE] == person["siteUrls"]


def _calling(sandbox: Sandbox, **fields: object) -> dict[str, object]:
    return {**NEW, "licenses": [_license(sandbox, catalogue.CALLING_PROFESSIONAL)], **fields}


_PLACE = rendering.location_id(catalogue.LOCATIONS[1].uuid)
_WORK = {"type": "work", "value": "+49 30 555 1234"}


async def test_calling_fields_are_shown_with_the_licence_and_on_request(api: Client, sandbox: Sandbox) -> None:
    """
    Extension and location come back with `callingData`, with the extension's full number, and not otherwise.
    """
    sent = _calling(sandbox, extension="123", locationId=_PLACE)

    person = (await api.post("/people?callingData=true", json=sent)).json()
    plain = (await api.get(f"/people/{person['id']}")).json()

    assert ("123", _PLACE) == (person["extension"], person["locationId"])
    assert [{"type": "work_extension", "value": "802123"}] == person["phoneNumbers"]
    assert not {"extension", "locationId", "phoneNumbers"} & set(plain)


async def test_a_number_is_enough_for_calling(api: Client, sandbox: Sandbox) -> None:
    """
    With a work number, Calling is given and the location is the organisation's first.
    """
    person = (await api.post("/people?callingData=true", json=_calling(sandbox, phoneNumbers=[_WORK]))).json()

    assert [_WORK] == person["phoneNumbers"]
    assert rendering.location_id(catalogue.LOCATIONS[0].uuid) == person["locationId"]


async def test_calling_without_its_fields_is_not_given(api: Client, sandbox: Sandbox) -> None:
    """
    A Calling licence without extension and location is left out like any other that cannot be had.
    """
    person = (await api.post("/people", json=_calling(sandbox))).json()

    assert [] == person["licenses"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"extension": "123", "locationId": _PLACE, "phoneNumbers": [_WORK]},
            "locationId and phoneNumbers are mutually exclusive.",
        ),
        ({"locationId": _PLACE}, "locationId requires an extension or a phone number."),
        ({"extension": "123", "locationId": "locationId"}, "Location not found"),
    ],
)
async def test_contradictory_calling_fields_are_refused(
    fields: dict[str, object], said: str, api: Client, sandbox: Sandbox
) -> None:
    """
    A location excludes phone numbers, needs an extension, and must exist.
    """
    answer = await api.post("/people", json=_calling(sandbox, **fields))

    assert (400, said, 0) == (answer.status_code, _described(answer), sandbox.world.writes)


async def test_location_and_numbers_together_can_be_allowed(sandbox: Sandbox, served: Serve) -> None:
    """
    With the switch off, a person has both.
    """
    async with served(location_excludes_phone_numbers=False) as api:
        sent = _calling(sandbox, locationId=_PLACE, phoneNumbers=[_WORK])
        person = (await api.post("/people?callingData=true", json=sent)).json()
    assert (_PLACE, [_WORK]) == (person["locationId"], person["phoneNumbers"])


@pytest.mark.parametrize("creates", [True, False])
async def test_a_bad_number_may_have_created_the_person(creates: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    An impossible number is answered 400, and whether the person exists then is a habit of Webex.
    """
    async with served(bad_phone_number_creates=creates) as api:
        answer = await api.post("/people", json=_calling(sandbox, phoneNumbers=[{"type": "work", "value": "none"}]))
    assert 400 == answer.status_code
    assert creates == (sandbox.world.person_at("tove.berg@acme.example") is not None)


async def test_min_response_is_the_identifier_alone(api: Client) -> None:
    """
    `minResponse=true` leaves everything but the identifier out.
    """
    assert ["id"] == list((await api.post("/people?minResponse=true", json=NEW)).json())


async def test_a_put_clears_what_it_leaves_out(api: Client, sandbox: Sandbox) -> None:
    """
    After a full replace, fields that were not sent are gone, but for the address and whether log-in is enabled.
    """
    before = _person(sandbox, scenarios.ADMIN)
    keep = [_license(sandbox, catalogue.SCREEN_SHARE)]
    sent = {"displayName": "Ada A.", "licenses": keep, "roles": [rendering.role_id(FULL_ADMIN)]}

    answer = await api.put(f"/people/{before.uuid}", json=sent)
    after = answer.json()

    assert 200 == answer.status_code
    assert ("Ada A.", [scenarios.ADMIN], True) == (after["displayName"], after["emails"], after["loginEnabled"])
    assert keep == after["licenses"]
    assert not {"firstName", "lastName", "department", "title", "addresses", "siteUrls"} & set(after)
    assert before.created == _person(sandbox, scenarios.ADMIN).created


async def test_what_was_read_can_be_put_back(api: Client, sandbox: Sandbox) -> None:
    """
    Putting a person back as it was read changes nothing but the time of the change.
    """
    for _, person in list(sandbox.world.people())[:40]:
        read = (await api.get(f"/people/{person.uuid}?callingData=true")).json()
        if {"locationId", "phoneNumbers"} <= set(read):
            del read["locationId"]
        answer = await api.put(f"/people/{person.uuid}?callingData=true", json=read)
        assert 200 == answer.status_code, answer.text
        after = answer.json()
        assert {"displayName": read["displayName"]}.items() <= after.items()
        ignored = {"lastModified", "locationId"}
        assert {k: v for k, v in read.items() if k not in ignored} == {
            k: v for k, v in after.items() if k not in ignored
        }


async def test_a_put_may_answer_nothing(sandbox: Sandbox, served: Serve) -> None:
    """
    With the switch set, a successful PUT is 204 without a body.
    """
    async with served(put_status=204) as api:
        sent = {"displayName": "Jo", "licenses": [_license(sandbox, catalogue.SCREEN_SHARE)]}
        answer = await api.put(f"/people/{_person(sandbox, scenarios.SAMPLE).uuid}", json=sent)
    assert (204, b"") == (answer.status_code, answer.content)
    assert "Jo" == _person(sandbox, scenarios.SAMPLE).display_name


async def test_implicit_licences_must_stay(api: Client, sandbox: Sandbox) -> None:
    """
    A list of licences without screen share is refused and nothing changes.
    """
    answer = await api.put(f"/people/{_person(sandbox, scenarios.SAMPLE).uuid}", json={"displayName": "Jo"})

    assert 400 == answer.status_code
    assert "Implicitly assigned licenses" in _described(answer)
    assert 0 == sandbox.world.writes


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"licenses": []}, 400),
        ({"displayName": ""}, 400),
        ({"displayName": "Jo", "emails": ["nonsense"]}, 400),
        ({"displayName": "Jo", "emails": [scenarios.ADMIN.upper()]}, 409),
        ({"displayName": "Jo", "orgId": ids.encode(Kind.ORGANIZATION, "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")}, 403),
        ({"displayName": "Jo", "phoneNumbers": [{"type": "work", "value": "?"}]}, 400),
    ],
)
async def test_a_bad_put_changes_nothing(sent: dict[str, object], status: int, api: Client, sandbox: Sandbox) -> None:
    """
    A name is required, an address must be one and be free, and another organisation is none of ours.
    """
    answer = await api.put(f"/people/{_person(sandbox, scenarios.SAMPLE).uuid}", json=sent)

    assert (status, 0) == (answer.status_code, sandbox.world.writes)


async def test_an_address_can_change_its_case_or_move(api: Client, sandbox: Sandbox) -> None:
    """
    A new address takes the place of the old one, which is then free.
    """
    uuid = _person(sandbox, scenarios.SAMPLE).uuid
    keep = [_license(sandbox, catalogue.SCREEN_SHARE)]

    for address in (scenarios.SAMPLE.upper(), "jd@acme.example"):
        sent = {"displayName": "John Doe", "emails": [address], "licenses": keep}
        assert 200 == (await api.put(f"/people/{uuid}", json=sent)).status_code

    assert uuid == _person(sandbox, "jd@acme.example").uuid
    assert sandbox.world.person_at(scenarios.SAMPLE) is None


async def test_log_in_can_be_disabled(api: Client, sandbox: Sandbox) -> None:
    """
    `loginEnabled: false` disables a person, and leaving it out later changes nothing.
    """
    uuid = _person(sandbox, scenarios.SAMPLE).uuid
    sent: dict[str, object] = {"displayName": "John Doe", "licenses": [_license(sandbox, catalogue.SCREEN_SHARE)]}

    off = await api.put(f"/people/{uuid}", json={**sent, "loginEnabled": False})
    again = await api.put(f"/people/{uuid}", json=sent)

    assert (False, False) == (off.json()["loginEnabled"], again.json()["loginEnabled"])


async def test_a_calling_user_does_not_move(api: Client, sandbox: Sandbox) -> None:
    """
    The location is kept when left out, may be repeated, and cannot be changed.
    """
    made = (
        await api.post("/people?callingData=true", json=_calling(sandbox, extension="123", locationId=_PLACE))
    ).json()
    path = f"/people/{made['id']}?callingData=true"
    sent = {"displayName": "Tove Berg", "licenses": made["licenses"], "extension": "123"}
    elsewhere = rendering.location_id(catalogue.LOCATIONS[2].uuid)

    kept = await api.put(path, json=sent)
    repeated = await api.put(path, json={**sent, "locationId": _PLACE})
    moved = await api.put(path, json={**sent, "locationId": elsewhere})

    assert (_PLACE, _PLACE, 400) == (kept.json()["locationId"], repeated.json()["locationId"], moved.status_code)


async def test_losing_calling_loses_its_fields(api: Client, sandbox: Sandbox) -> None:
    """
    Without the licence in the list, extension, location and work numbers are gone; other numbers stay.
    """
    made = (await api.post("/people", json=_calling(sandbox, extension="123", locationId=_PLACE))).json()
    person = _person(sandbox, "tove.berg@acme.example")
    values = {name: getattr(person, name) for name in person.__struct_fields__}
    sandbox.world.put_person(Person(**{**values, "phones": (Phone("mobile", "+49 171 555"),)}))
    keep = [_license(sandbox, catalogue.SCREEN_SHARE)]

    await api.put(f"/people/{made['id']}", json={"displayName": "Tove Berg", "licenses": keep})

    after = _person(sandbox, "tove.berg@acme.example")
    assert ("", "", (Phone("mobile", "+49 171 555"),)) == (after.extension, after.location_uuid, after.phones)


async def test_attendee_entries_leave_only_when_all_types_are_shown(api: Client, sandbox: Sandbox) -> None:
    """
    Leaving an attendee site out removes it with `showAllTypes=true` only; a host of the site is no attendee.
    """
    made = (await api.post("/people", json={**NEW, "siteUrls": [f"{catalogue.SITE}#attendee"]})).json()
    path, sent = f"/people/{made['id']}", {"displayName": "Tove Berg"}

    kept = (await api.put(path, json=sent)).json()
    host = (await api.put(path, json={**sent, "licenses": [_license(sandbox, catalogue.MEETINGS)]})).json()

    assert ([f"{catalogue.SITE}#attendee"], [catalogue.SITE]) == (kept["siteUrls"], host["siteUrls"])

    other = (await api.post("/people", json={**NEW, "emails": ["b@acme.example"], "siteUrls": kept["siteUrls"]})).json()
    gone = (await api.put(f"/people/{other['id']}?showAllTypes=true", json=sent)).json()
    assert "siteUrls" not in gone


async def test_delete_is_final(api: Client, sandbox: Sandbox) -> None:
    """
    A deleted person is not found any more, leaves all groups, and frees licences and address.
    """
    person = _person(sandbox, scenarios.SAMPLE)
    next(iter(sandbox.world.groups.values())).members[person.uuid] = None
    used = sandbox.world.consumed[catalogue.MESSAGING]

    answers = [await api.delete(f"/people/{person.uuid}") for _ in range(2)]

    assert [204, 404] == [answer.status_code for answer in answers]
    assert 404 == (await api.get(f"/people/{person.uuid}")).status_code
    assert used - 1 == sandbox.world.consumed[catalogue.MESSAGING]
    assert not any(person.uuid in group.members for group in sandbox.world.groups.values())
    assert 200 == (await api.post("/people", json={**NEW, "emails": [scenarios.SAMPLE]})).status_code


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_identifiers_in_the_path(method: str, api: Client) -> None:
    """
    A malformed identifier is 400 in Webex's words, an unknown one 404.
    """
    body = {"json": {"displayName": "Jo"}} if method == "PUT" else {}
    malformed = await api.request(method, "/people/userId", **body)  # type: ignore[arg-type]  # keyword of choice
    unknown = await api.request(method, "/people/a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58", **body)  # type: ignore[arg-type]  # the same

    assert (400, "Expect base64 ID or UUID.") == (malformed.status_code, _described(malformed))
    assert (404, "Person not found") == (unknown.status_code, _described(unknown))


@pytest.mark.parametrize("protected", [True, False])
async def test_the_last_administrator_is_protected(protected: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    The last full administrator cannot be deleted, disabled or stripped, unless the switch is off.
    """
    async with served(last_admin_protected=protected) as api:
        for _, person in list(sandbox.world.people()):
            if FULL_ADMIN in person.roles and person.email != scenarios.ADMIN:
                assert 204 == (await api.delete(f"/people/{person.uuid}")).status_code
        path = f"/people/{_person(sandbox, scenarios.ADMIN).uuid}"
        sent = {
            "displayName": "Ada Admin",
            "licenses": [_license(sandbox, catalogue.SCREEN_SHARE)],
            "roles": [rendering.role_id(FULL_ADMIN)],
        }
        disabled = await api.put(path, json={**sent, "loginEnabled": False})
        enabled = await api.put(path, json={**sent, "loginEnabled": True})
        answers = (disabled, enabled, await api.delete(path))
    assert ([400, 200, 400] if protected else [200, 200, 204]) == [answer.status_code for answer in answers]


async def test_me_is_the_person_behind_the_token(sandbox: Sandbox, served: Serve) -> None:
    """
    `/people/me` answers for a person's token and is not found for a machine account.
    """
    async with served() as api:
        assert [scenarios.ADMIN] == (await api.get("/people/me")).json()["emails"]
    async with served(token=sandbox.credentials.service_app_token) as api:
        assert 404 == (await api.get("/people/me")).status_code


async def test_others_see_less(sandbox: Sandbox, served: Serve) -> None:
    """
    Without the administrator's scope or role, a listing needs a search, and administrative fields are hidden.
    """
    somebody = _person(sandbox, scenarios.SAMPLE).uuid
    sandbox.world.grants.grant(AccessToken("no-scope", somebody, somebody, frozenset({"spark:people_read"})))
    sandbox.world.grants.grant(AccessToken("no-role", somebody, somebody, ADMIN_SCOPES))
    for token in ("no-scope", "no-role"):
        async with served(token=token) as api:
            everybody = await api.get("/people")
            found = await api.get(f"/people?email={scenarios.ADMIN}")
        assert (400, "Email, displayName, or id list should be specified.") == (
            everybody.status_code,
            _described(everybody),
        )
        assert not {"roles", "licenses", "loginEnabled", "invitePending"} & set(found.json()["items"][0])


async def test_a_page_may_take_too_long(served: Serve) -> None:
    """
    With the habit, a page that is too large is 504 every time, and a smaller one is answered.
    """
    async with served(people_page_timeout=40) as api:
        statuses = [(await api.get(f"/people{query}")).status_code for query in ("", "?max=41", "?max=40")]
    assert [504, 504, 200] == statuses


@pytest.mark.parametrize("clears", [True, False])
async def test_what_a_put_leaves_out(clears: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    It is cleared, or with the other habit stays as it was, except the picture.
    """
    before = next(who for _, who in sandbox.world.people(2) if who.extension and who.phones and who.manager_uuid)
    screen_share = rendering.license_id(sandbox.world, catalogue.SCREEN_SHARE)
    async with served(put_clears=clears) as api:
        picture = {"avatar": "https://pictures.example/1.png"}
        everything = (await api.get(f"/people/{before.uuid}?callingData=true")).json()
        work = [phone for phone in everything["phoneNumbers"] if phone["type"] == "work"]
        del everything["locationId"]
        full = await api.put(f"/people/{before.uuid}", json={**everything, **picture, "phoneNumbers": work})
        assert "avatar" in full.json()
        bare = {"displayName": "N"} | ({"licenses": [screen_share]} if clears else {})
        assert 200 == (await api.put(f"/people/{before.uuid}", json=bare)).status_code
    after = sandbox.world.person(before.uuid)
    assert after is not None
    names = ("first_name", "department", "title", "manager_uuid", "addresses", "extension", "phones", "licenses")
    kept = [getattr(before, name) == getattr(after, name) for name in names]
    assert ("N", "") == (after.display_name, after.avatar)
    assert [not clears] * len(names) == kept


@pytest.mark.parametrize("details", [True, False])
async def test_a_refusal_may_tell_little(details: bool, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    The description stands in `errors`, or there is none and the status has to do.
    """
    async with served(error_details=details) as api:
        answer = await api.post("/people", json={"emails": [scenarios.ADMIN], "displayName": "Ada"})
    assert (409, "Conflict") == (answer.status_code, answer.json()["message"])
    assert details == ("errors" in answer.json())
