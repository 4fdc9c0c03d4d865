"""
Replacing, deleting and reading one person, and the rules behind it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from fakes.people_calls import NEW, PLACE, description_of, license_id, person_at, somebody_calling
from webex_connector.sandbox import catalogue, ids, rendering, scenarios
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.records import FULL_ADMIN, Person, Phone
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

Serve = Callable[..., AbstractAsyncContextManager[Client]]


async def test_a_put_clears_what_it_leaves_out(api: Client, sandbox: Sandbox) -> None:
    """
    After a full replace, fields that were not sent are gone, but for the address and whether log-in is enabled.
    """
    before = person_at(sandbox, scenarios.ADMIN)
    keep = [license_id(sandbox, catalogue.SCREEN_SHARE)]
    sent = {"displayName": "Ada A.", "licenses": keep, "roles": [rendering.role_id(FULL_ADMIN)]}

    answer = await api.put(f"/people/{before.uuid}", json=sent)
    after = answer.json()

    assert 200 == answer.status_code
    assert ("Ada A.", [scenarios.ADMIN], True) == (after["displayName"], after["emails"], after["loginEnabled"])
    assert keep == after["licenses"]
    assert not {"firstName", "lastName", "department", "title", "addresses", "siteUrls"} & set(after)
    assert before.created == person_at(sandbox, scenarios.ADMIN).created


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
        sent = {"displayName": "Jo", "licenses": [license_id(sandbox, catalogue.SCREEN_SHARE)]}
        answer = await api.put(f"/people/{person_at(sandbox, scenarios.SAMPLE).uuid}", json=sent)
    assert (204, b"") == (answer.status_code, answer.content)
    assert "Jo" == person_at(sandbox, scenarios.SAMPLE).display_name


async def test_implicit_licences_must_stay(api: Client, sandbox: Sandbox) -> None:
    """
    A list of licences without screen share is refused and nothing changes.
    """
    answer = await api.put(f"/people/{person_at(sandbox, scenarios.SAMPLE).uuid}", json={"displayName": "Jo"})

    assert 400 == answer.status_code
    assert "Implicitly assigned licenses" in description_of(answer)
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
    answer = await api.put(f"/people/{person_at(sandbox, scenarios.SAMPLE).uuid}", json=sent)

    assert (status, 0) == (answer.status_code, sandbox.world.writes)


async def test_an_address_can_change_its_case_or_move(api: Client, sandbox: Sandbox) -> None:
    """
    A new address takes the place of the old one, which is then free.
    """
    uuid = person_at(sandbox, scenarios.SAMPLE).uuid
    keep = [license_id(sandbox, catalogue.SCREEN_SHARE)]

    for address in (scenarios.SAMPLE.upper(), "jd@acme.example"):
        sent = {"displayName": "John Doe", "emails": [address], "licenses": keep}
        assert 200 == (await api.put(f"/people/{uuid}", json=sent)).status_code

    assert uuid == person_at(sandbox, "jd@acme.example").uuid
    assert sandbox.world.person_at(scenarios.SAMPLE) is None


async def test_log_in_can_be_disabled(api: Client, sandbox: Sandbox) -> None:
    """
    `loginEnabled: false` disables a person, and leaving it out later changes nothing.
    """
    uuid = person_at(sandbox, scenarios.SAMPLE).uuid
    sent: dict[str, object] = {"displayName": "John Doe", "licenses": [license_id(sandbox, catalogue.SCREEN_SHARE)]}

    off = await api.put(f"/people/{uuid}", json={**sent, "loginEnabled": False})
    again = await api.put(f"/people/{uuid}", json=sent)

    assert (False, False) == (off.json()["loginEnabled"], again.json()["loginEnabled"])


async def test_a_calling_user_does_not_move(api: Client, sandbox: Sandbox) -> None:
    """
    The location is kept when left out, may be repeated, and cannot be changed.
    """
    made = (
        await api.post("/people?callingData=true", json=somebody_calling(sandbox, extension="123", locationId=PLACE))
    ).json()
    path = f"/people/{made['id']}?callingData=true"
    sent = {"displayName": "Tove Berg", "licenses": made["licenses"], "extension": "123"}
    elsewhere = rendering.location_id(catalogue.LOCATIONS[2].uuid)

    kept = await api.put(path, json=sent)
    repeated = await api.put(path, json={**sent, "locationId": PLACE})
    moved = await api.put(path, json={**sent, "locationId": elsewhere})

    assert (PLACE, PLACE, 400) == (kept.json()["locationId"], repeated.json()["locationId"], moved.status_code)


async def test_losing_calling_loses_its_fields(api: Client, sandbox: Sandbox) -> None:
    """
    Without the licence in the list, extension, location and work numbers are gone; other numbers stay.
    """
    made = (await api.post("/people", json=somebody_calling(sandbox, extension="123", locationId=PLACE))).json()
    person = person_at(sandbox, "tove.berg@acme.example")
    values = {name: getattr(person, name) for name in person.__struct_fields__}
    sandbox.world.put_person(Person(**{**values, "phones": (Phone("mobile", "+49 171 555"),)}))
    keep = [license_id(sandbox, catalogue.SCREEN_SHARE)]

    await api.put(f"/people/{made['id']}", json={"displayName": "Tove Berg", "licenses": keep})

    after = person_at(sandbox, "tove.berg@acme.example")
    assert ("", "", (Phone("mobile", "+49 171 555"),)) == (after.extension, after.location_uuid, after.phones)


async def test_attendee_entries_leave_only_when_all_types_are_shown(api: Client, sandbox: Sandbox) -> None:
    """
    Leaving an attendee site out removes it with `showAllTypes=true` only; a host of the site is no attendee.
    """
    made = (await api.post("/people", json={**NEW, "siteUrls": [f"{catalogue.SITE}#attendee"]})).json()
    path, sent = f"/people/{made['id']}", {"displayName": "Tove Berg"}

    kept = (await api.put(path, json=sent)).json()
    host = (await api.put(path, json={**sent, "licenses": [license_id(sandbox, catalogue.MEETINGS)]})).json()

    assert ([f"{catalogue.SITE}#attendee"], [catalogue.SITE]) == (kept["siteUrls"], host["siteUrls"])

    other = (await api.post("/people", json={**NEW, "emails": ["b@acme.example"], "siteUrls": kept["siteUrls"]})).json()
    gone = (await api.put(f"/people/{other['id']}?showAllTypes=true", json=sent)).json()
    assert "siteUrls" not in gone


async def test_delete_is_final(api: Client, sandbox: Sandbox) -> None:
    """
    A deleted person is not found any more, leaves all groups, and frees licences and address.
    """
    person = person_at(sandbox, scenarios.SAMPLE)
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

    assert (400, "Expect base64 ID or UUID.") == (malformed.status_code, description_of(malformed))
    assert (404, "Person not found") == (unknown.status_code, description_of(unknown))


@pytest.mark.parametrize("protected", [True, False])
async def test_the_last_administrator_is_protected(protected: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    The last full administrator cannot be deleted, disabled or stripped, unless the switch is off.
    """
    async with served(last_admin_protected=protected) as api:
        for _, person in list(sandbox.world.people()):
            if FULL_ADMIN in person.roles and person.email != scenarios.ADMIN:
                assert 204 == (await api.delete(f"/people/{person.uuid}")).status_code
        path = f"/people/{person_at(sandbox, scenarios.ADMIN).uuid}"
        sent = {
            "displayName": "Ada Admin",
            "licenses": [license_id(sandbox, catalogue.SCREEN_SHARE)],
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
