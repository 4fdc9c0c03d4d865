"""
The licences API and the rules behind it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest

from webex_connector.sandbox import catalogue, ids, rendering, scenarios
from webex_connector.sandbox.records import Person, Phone
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_PLACE = rendering.location_id(catalogue.LOCATIONS[1].uuid)
_DESK = {"locationId": _PLACE, "extension": "4711"}


def _id(sandbox: Sandbox, key: str) -> str:
    return rendering.license_id(sandbox.world, key)


def _john(sandbox: Sandbox) -> Person:
    person = sandbox.world.person_at(scenarios.SAMPLE)
    assert person is not None
    return person


def _change(sandbox: Sandbox, key: str, operation: str = "add", **properties: str) -> dict[str, Any]:
    change: dict[str, Any] = {"id": _id(sandbox, key), "operation": operation}
    return {**change, "properties": properties} if properties else change


async def _assign(api: Client, *changes: dict[str, Any], **others: object) -> httpx2.Response:
    return await api.patch("/licenses/users", json={"email": scenarios.SAMPLE, "licenses": changes, **others})


async def test_the_inventory_counts_what_is_used(api: Client, sandbox: Sandbox) -> None:
    """
    All licences come in one answer; free ones have as many units as are used and no subscription.
    """
    items = {item["id"]: item for item in (await api.get("/licenses")).json()["items"]}
    free, paid = items[_id(sandbox, catalogue.SCREEN_SHARE)], items[_id(sandbox, catalogue.MEETINGS)]

    assert len(catalogue.LICENSES) == len(items)
    assert free["totalUnits"] == free["consumedUnits"] > 0
    assert "subscriptionId" not in free
    assert paid["consumedUnits"] < paid["totalUnits"]
    assert (catalogue.SITE, "Control Hub managed site") == (paid["siteUrl"], paid["siteType"])
    assert paid == (await api.get(f"/licenses/{paid['id']}")).json()


async def test_holders_come_page_by_page(api: Client, sandbox: Sandbox) -> None:
    """
    With `includeAssignedTo=user`, following the links shows everybody who has the licence.
    """
    following, seen = f"/licenses/{_id(sandbox, catalogue.MESSAGING)}?includeAssignedTo=user&limit=40", []
    while following:
        answer = await api.get(following)
        seen += [user["email"] for user in answer.json()["users"]]
        following = answer.links["next"]["url"] if "next" in answer.links else ""

    assert [p.email for _, p in sandbox.world.people() if catalogue.MESSAGING in p.licenses] == seen
    assert len(seen) == sandbox.world.consumed[catalogue.MESSAGING] > 40


async def test_no_more_than_300_holders_at_once(sandbox: Sandbox, served: Serve) -> None:
    """
    A larger limit is reduced to 300.
    """
    sandbox.seed(500, 7)
    async with served() as api:
        path = f"/licenses/{_id(sandbox, catalogue.SCREEN_SHARE)}?includeAssignedTo=user"
        sizes = [len((await api.get(f"{path}{limit}")).json()["users"]) for limit in ("", "&limit=900")]
    assert [300, 300] == sizes


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("LicenseId", 404),
        ("{known}?includeAssignedTo=workspace", 400),
        ("{known}?includeAssignedTo=user&next=nonsense", 400),
    ],
)
async def test_bad_reads(path: str, status: int, api: Client, sandbox: Sandbox) -> None:
    """
    An unknown licence is not found, and unknown parameters are refused.
    """
    known = _id(sandbox, catalogue.MESSAGING)

    assert status == (await api.get(f"/licenses/{path.format(known=known)}")).status_code


async def test_licences_are_given_and_taken(api: Client, sandbox: Sandbox) -> None:
    """
    The answer names the whole resulting set, sites follow the licences, and the units are counted.
    """
    before = sandbox.world.consumed.copy()

    answer = await _assign(
        api,
        _change(sandbox, catalogue.MEETINGS),
        _change(sandbox, catalogue.MESSAGING, "remove"),
    )

    body = answer.json()
    assert 200 == answer.status_code
    assert [_id(sandbox, key) for key in _john(sandbox).licenses] == body["licenses"]
    assert catalogue.MESSAGING not in _john(sandbox).licenses
    assert [{"siteUrl": catalogue.SITE, "accountType": "host"}] == body["siteUrls"]
    assert ([], [], scenarios.SAMPLE) == (body["pendingLicenses"], body["pendingSiteUrls"], body["email"])
    change = {key: sandbox.world.consumed[key] - before[key] for key in (catalogue.MEETINGS, catalogue.MESSAGING)}
    assert {catalogue.MEETINGS: 1, catalogue.MESSAGING: -1} == change
    assert 1 == sandbox.world.writes


async def test_giving_again_changes_nothing(api: Client, sandbox: Sandbox) -> None:
    """
    A licence that is already held, or not held when taken, is a success without an effect.
    """
    answer = await _assign(
        api,
        _change(sandbox, catalogue.MESSAGING),
        _change(sandbox, catalogue.UNIFIED_CM, "remove"),
    )

    assert (200, 0) == (answer.status_code, sandbox.world.writes)


@pytest.mark.parametrize(("status", "given"), [(206, True), (400, False)])
async def test_no_unit_is_left(status: int, given: bool, sandbox: Sandbox, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    What cannot be had for lack of units is left out with 206, or refuses the whole request, as the habit is.
    """
    async with served(no_unit_status=status) as api:
        answer = await _assign(
            api,
            _change(sandbox, catalogue.EXHAUSTED),
            _change(sandbox, catalogue.UNIFIED_CM),
        )
    assert status == answer.status_code
    assert given == (catalogue.UNIFIED_CM in _john(sandbox).licenses)
    assert catalogue.EXHAUSTED not in _john(sandbox).licenses


async def test_more_may_be_used_than_was_bought(sandbox: Sandbox, served: Serve) -> None:
    """
    With the third habit a licence without a unit left is given all the same, on either way.
    """
    bought = sandbox.world.licenses[catalogue.EXHAUSTED].total_units
    async with served(no_unit_status=200) as api:
        answer = await _assign(api, _change(sandbox, catalogue.EXHAUSTED))
        draft = {"emails": ["t@acme.example"], "displayName": "T", "licenses": [_id(sandbox, catalogue.EXHAUSTED)]}
        await api.post("/people", json=draft)
    assert bought is not None
    assert (200, bought + 2) == (answer.status_code, sandbox.world.consumed[catalogue.EXHAUSTED])
    assert catalogue.EXHAUSTED in _john(sandbox).licenses


@pytest.mark.parametrize("status", [404, 400])
async def test_licences_of_nobody(status: int, sandbox: Sandbox, served: Serve) -> None:
    """
    A person who does not exist is refused in either of two ways, by address and by identifier.
    """
    nobody = [{"email": "nobody@acme.example"}, {"personId": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}]
    async with served(unknown_holder_status=status) as api:
        answers = [await api.patch("/licenses/users", json=draft) for draft in nobody]
    assert [status, status] == [answer.status_code for answer in answers]
    assert {"Person not found"} == {answer.json()["errors"][0]["description"] for answer in answers}


async def test_calling_needs_its_properties(api: Client, sandbox: Sandbox) -> None:
    """
    Calling is given with an extension at a location or with a number, and taken with all of them.
    """
    given = await _assign(api, _change(sandbox, catalogue.CALLING_PROFESSIONAL, **_DESK))
    desk = _john(sandbox)
    taken = await _assign(api, _change(sandbox, catalogue.CALLING_PROFESSIONAL, "remove"))
    gone = _john(sandbox)
    numbered = await _assign(api, _change(sandbox, catalogue.CALLING_STANDARD, phoneNumber="+49 30 555 99"))
    phone = _john(sandbox)

    assert [200, 200, 200] == [answer.status_code for answer in (given, taken, numbered)]
    assert ("4711", catalogue.LOCATIONS[1].uuid) == (desk.extension, desk.location_uuid)
    assert ("", "", ()) == (gone.extension, gone.location_uuid, gone.phones)
    assert (Phone("work", "+49 30 555 99", primary=True),) == phone.phones
    assert catalogue.LOCATIONS[0].uuid == phone.location_uuid


async def test_from_one_kind_of_calling_to_the_larger(api: Client, sandbox: Sandbox) -> None:
    """
    Standard can be swapped for Professional in one request, and the extension stays.
    """
    await _assign(api, _change(sandbox, catalogue.CALLING_STANDARD, **_DESK))

    answer = await _assign(
        api,
        _change(sandbox, catalogue.CALLING_STANDARD, "remove"),
        _change(sandbox, catalogue.CALLING_PROFESSIONAL, locationId=_PLACE, extension="4712"),
    )

    assert 200 == answer.status_code
    assert ("4712", catalogue.LOCATIONS[1].uuid) == (_john(sandbox).extension, _john(sandbox).location_uuid)


@pytest.mark.parametrize(
    ("held", "changes", "code"),
    [
        ([], [("no-such-licence", "add", {})], 400000),
        ([], [(catalogue.CALLING_STANDARD, "add", {"extension": "1", "locationId": "nowhere"})], 400),
        ([], [(catalogue.CALLING_STANDARD, "add", {})], 400411),
        ([], [(catalogue.CALLING_STANDARD, "add", {"extension": "1"})], 400411),
        (
            [],
            [(catalogue.CALLING_STANDARD, "add", _DESK), (catalogue.CALLING_PROFESSIONAL, "add", _DESK)],
            400404,
        ),
        (
            [catalogue.CALLING_PROFESSIONAL],
            [(catalogue.CALLING_STANDARD, "add", _DESK), (catalogue.CALLING_PROFESSIONAL, "remove", {})],
            400112,
        ),
        ([], [(catalogue.BASIC_MESSAGING, "remove", {})], 700003),
        ([catalogue.MEETINGS], [(catalogue.BASIC_MEETINGS, "remove", {})], 700004),
        (
            [catalogue.MEETINGS],
            [(catalogue.BASIC_MESSAGING, "remove", {}), (catalogue.MESSAGING, "remove", {})],
            700005,
        ),
        ([], [(catalogue.SCREEN_SHARE, "remove", {})], 700006),
    ],
)
async def test_refusals_are_numbered(
    held: list[str],
    changes: list[tuple[str, str, dict[str, str]]],
    code: int,
    api: Client,
    sandbox: Sandbox,
) -> None:
    """
    What the rules forbid is 400 with Webex's number for it, and nothing changes.
    """
    for key in held:
        properties = _DESK if key == catalogue.CALLING_PROFESSIONAL else {}
        assert 200 == (await _assign(api, _change(sandbox, key, **properties))).status_code
    before = _john(sandbox)

    answer = await _assign(api, *(_change(sandbox, key, verb, **extra) for key, verb, extra in changes))

    assert (400, code) == (answer.status_code, answer.json()["errors"][0]["errorCode"])
    assert before == _john(sandbox)


async def test_a_bad_number_or_operation_is_refused(api: Client, sandbox: Sandbox) -> None:
    """
    An impossible phone number or an unknown verb changes nothing.
    """
    number = await _assign(api, _change(sandbox, catalogue.CALLING_STANDARD, phoneNumber="no number"))
    verb = await _assign(api, _change(sandbox, catalogue.MEETINGS, "delete"))

    assert (400, 400, 0) == (number.status_code, verb.status_code, sandbox.world.writes)


async def test_attendees_of_sites(api: Client, sandbox: Sandbox) -> None:
    """
    A site is joined and left as an attendee in any spelling of the word; an unknown site is 400216.
    """
    entry = {"siteUrl": catalogue.SITE, "accountType": "ATTENDEE", "operation": "add"}

    joined = await _assign(api, siteUrls=[entry])
    left = await _assign(api, siteUrls=[{**entry, "operation": "remove"}])
    unknown = await _assign(api, siteUrls=[{**entry, "siteUrl": "unknown.webex.com"}])

    assert [{"siteUrl": catalogue.SITE, "accountType": "attendee"}] == joined.json()["siteUrls"]
    assert [] == left.json()["siteUrls"]
    assert (400, 400216) == (unknown.status_code, unknown.json()["errors"][0]["errorCode"])


async def test_account_types_may_be_in_upper_case(sandbox: Sandbox, served: Serve) -> None:
    """
    The specification and a public client disagree about the spelling; both can be had.
    """
    entry = {"siteUrl": catalogue.SITE, "accountType": "attendee"}
    async with served(account_types_upper_case=True) as api:
        answer = await _assign(api, siteUrls=[entry])
    assert [{"siteUrl": catalogue.SITE, "accountType": "ATTENDEE"}] == answer.json()["siteUrls"]


@pytest.mark.parametrize(
    ("draft", "status"),
    [
        ({}, 400),
        ({"email": "nobody@acme.example"}, 404),
        ({"personId": ids.encode(ids.Kind.PERSON, "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")}, 404),
        ({"personId": "userId"}, 400),
    ],
)
async def test_the_person_must_be_named_and_exist(draft: dict[str, str], status: int, api: Client) -> None:
    """
    One of address and identifier is required.
    """
    assert status == (await api.patch("/licenses/users", json=draft)).status_code


async def test_free_licences_may_go_without_companions(sandbox: Sandbox, served: Serve) -> None:
    """
    With companions switched off, nothing is mandatory but screen share.
    """
    async with served(companion_licenses=False) as api:
        answer = await _assign(api, _change(sandbox, catalogue.BASIC_MESSAGING, "remove"))
    assert 200 == answer.status_code
    assert catalogue.BASIC_MESSAGING not in _john(sandbox).licenses
