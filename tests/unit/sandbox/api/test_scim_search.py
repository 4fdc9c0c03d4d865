"""
Searching people by SCIM.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import msgspec
import pytest

from webex_connector.sandbox import urns
from webex_connector.sandbox.profile import Entry, Profile
from webex_connector.sandbox.quirks import ScimFilters
from webex_connector.sandbox.records import Person, Phone
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_ZED = "zed.zulu@acme.example"


@pytest.fixture
async def zed(sandbox: Sandbox) -> Person:
    """
    Somebody with something in every attribute that can be searched.
    """
    manager = sandbox.world.person_at("john@example.wbx.ai")
    assert manager is not None
    person = Person(
        "0a1b2c3d-0000-4000-8000-00000000000f",
        _ZED,
        "Zed Zulu",
        sandbox.world.now(),
        sandbox.world.now(),
        first_name="Zed",
        last_name="Zulu",
        nick_name="Zeddy",
        department="Zoology",
        manager_uuid=manager.uuid,
        phones=(Phone("mobile", "+1 555 7"),),
        more=Profile(
            external_id="hr-26",
            middle_name="Zac",
            formatted_name="Dr. Zulu",
            employee_number="E26",
            cost_center="C26",
            organization="Zoo",
            division="Big Cats",
            emails=(Entry("zed@home.example", "home", "at home"),),
        ),
    )
    sandbox.world.put_person(person)
    return person


async def _found(scim: Client, text: str) -> list[str]:
    answer = (await scim.get("/Users", params={"filter": text, "count": "500"})).json()
    assert answer["totalResults"] == answer["itemsPerPage"] == len(answer["Resources"])
    return [user["userName"] for user in answer["Resources"]]


@pytest.mark.usefixtures("zed")
@pytest.mark.parametrize(
    "text",
    [
        'id eq "0A1B2C3D-0000-4000-8000-00000000000f"',
        'userName eq "ZED.zulu@acme.example"',
        'userName Eq "zed.zulu@acme.example"',
        'userName sw "zed."',
        'displayName ew "zulu"',
        'displayName eq "zed zulu"',
        'nickName eq "zeddy"',
        'name.familyName sw "zu"',
        'name.givenName eq "zed"',
        'name.middleName eq "zac"',
        'name.formatted sw "dr."',
        'emails.value eq "zed@home.example"',
        'emails.value sw "zed.zulu"',
        'emails.display eq "at home"',
        'phoneNumbers[type eq "mobile" and value eq "+1 555 7"]',
        'employeeNumber eq "e26"',
        'costCenter sw "c2"',
        'organization ew "oo"',
        'division eq "big cats"',
        f'{urns.ENTERPRISE}:department eq "zoology"',
        'department eq "Zoology" and manager.displayName sw "John"',
        f'{urns.WEBEX_USER}:meta.organizationId eq "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6" and userName sw "zed.z"',
        '(userName sw "zed.z" or displayName eq "nobody") and department eq "zoology"',
    ],
)
async def test_what_can_be_searched(text: str, scim: Client) -> None:
    """
    Each line of the published table, with its operators, in any case.
    """
    assert [_ZED] == await _found(scim, text)


async def test_by_manager_and_by_several_names(scim: Client, zed: Person) -> None:
    """
    A manager is named by UUID; `or` joins what single filters would find.
    """
    assert _ZED in await _found(scim, f'manager.value eq "{zed.manager_uuid}"')
    both = await _found(scim, f'id eq "{zed.uuid}" or userName eq "john@example.wbx.ai" or id eq "x"')
    assert {_ZED, "john@example.wbx.ai"} == set(both)
    assert [] == await _found(scim, 'userName eq "john@example.wbx.ai" and displayName eq "Zed Zulu"')


@pytest.mark.parametrize(
    "text",
    [
        "active eq true",
        'externalId eq "hr-26"',
        'meta.lastModified gt "2020-01-01T00:00:00Z"',
        'displayName co "zed"',
        "displayName pr",
        'name.givenName ew "ed"',
        'not (userName eq "x")',
        'phoneNumbers.value eq "+1 555 7"',
        'phoneNumbers[value sw "+1"]',
        'emails[type eq "work"]',
        "nonsense",
    ],
)
async def test_what_cannot_be_searched(text: str, scim: Client) -> None:
    """
    All else is refused as Webex was seen to: `details` rather than `detail`, the status a text, and no schema.
    """
    answer = await scim.get("/Users", params={"filter": text})

    assert 400 == answer.status_code
    assert {"status", "scimType", "details"} == answer.json().keys()
    assert ("400", "invalidFilter") == (answer.json()["status"], answer.json()["scimType"])


async def test_the_words_of_the_known_refusal(scim: Client) -> None:
    """
    An attribute outside the table has no table, says Webex.
    """
    answer = await scim.get("/Users", params={"filter": 'phoneNumbers.value eq "1"'})

    said = "The user's attribute phoneNumbers.value in request can not find correspond table name."
    assert said == answer.json()["details"]


@pytest.mark.usefixtures("zed")
@pytest.mark.parametrize(
    "text",
    [
        'externalId eq "hr-26"',
        'active eq true and displayName co "d z"',
        'meta.lastModified ge "{now}" and phoneNumbers.value pr',
        'not (active eq false) and division pr and title ne "x" and department eq "zoology"',
    ],
)
async def test_the_rfcs_filters_may_be_allowed(text: str, sandbox: Sandbox, scim_served: Serve) -> None:
    """
    Whether Webex takes more than its table says is unconfirmed.
    """
    zed = sandbox.world.person_at(_ZED)
    assert zed is not None
    sandbox.world.put_person(msgspec.structs.replace(zed, title="Keeper"))
    now = sandbox.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    async with scim_served(scim_filters=ScimFilters.RFC) as scim:
        assert [_ZED] == await _found(scim, text.format(now=now))


@pytest.mark.usefixtures("zed")
async def test_nesting_may_be_refused(scim_served: Serve) -> None:
    """
    Whether filters may be nested is unconfirmed; one level always works.
    """
    async with scim_served(scim_filter_nesting=False) as scim:
        assert [_ZED] == await _found(scim, f'userName eq "{_ZED}" or id eq "x"')
        nested = 'userName eq "x" or (id eq "y" and id eq "z")'
        assert 400 == (await scim.get("/Users", params={"filter": nested})).status_code


async def test_everybody_page_by_page(scim: Client, sandbox: Sandbox) -> None:
    """
    Advancing by what was received shows everybody once, a hundred at a time unless asked otherwise.
    """
    seen: list[str] = []
    while True:
        answer = (await scim.get("/Users", params={"startIndex": str(len(seen) + 1), "count": "7"})).json()
        assert (100, len(seen) + 1) == (answer["totalResults"], answer["startIndex"])
        if not answer["Resources"]:
            break
        seen += [user["id"] for user in answer["Resources"]]
    assert sorted(person.uuid for _, person in sandbox.world.people()) == seen
    assert 100 == (await scim.get("/Users")).json()["itemsPerPage"]
    assert 0 == (await scim.get("/Users?count=0")).json()["itemsPerPage"]
    assert 1 == (await scim.get("/Users?startIndex=0&count=1")).json()["startIndex"]


async def test_the_page_size_is_capped(scim_served: Serve) -> None:
    """
    More than the cap is silently reduced.
    """
    async with scim_served(scim_page_cap=9) as scim:
        assert 9 == (await scim.get("/Users?count=500")).json()["itemsPerPage"]


@pytest.mark.parametrize("order", ["ascending", "descending"])
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("userName", lambda person: person.email.casefold()),
        ("id", lambda person: person.uuid),
        ("meta.lastModified", lambda person: (person.last_modified, person.uuid)),
    ],
)
async def test_orders(name: str, key: Callable[[Person], Any], order: str, scim: Client, sandbox: Sandbox) -> None:
    """
    Both orders of everything that can be sorted by, with filter and without, and still after changes.
    """
    pages = []
    for _ in range(2):
        people = [person for _, person in sandbox.world.people()]
        people.sort(key=key, reverse=order == "descending")
        query = {"sortBy": name, "sortOrder": order, "count": "30", "startIndex": "21"}
        answer = (await scim.get("/Users", params=query)).json()
        filtered = (await scim.get("/Users", params={**query, "filter": 'userName ew "example"'})).json()
        assert [person.uuid for person in people[20:50]] == [user["id"] for user in answer["Resources"]]
        expected = [person.uuid for person in people if person.email.endswith("example")][20:50]
        assert expected == [user["id"] for user in filtered["Resources"]]
        pages.append([user["id"] for user in answer["Resources"]])
        sandbox.clock.advance(60)
        mover, goner = people[30], people[45]
        await scim.patch(
            f"/Users/{mover.uuid}",
            json={"Operations": [{"op": "replace", "value": {"userName": "a@acme.example"}, "path": None}]},
        )
        await scim.delete(f"/Users/{goner.uuid}")
        await scim.post(
            "/Users", json={"schemas": [urns.USER], "userName": f"{len(pages)}@acme.example", "userType": "user"}
        )
    assert pages[0] != pages[1]


@pytest.mark.parametrize("query", ["sortBy=displayName", "sortOrder=upwards", "count=many", "startIndex=-1"])
async def test_impossible_pages(query: str, scim: Client) -> None:
    """
    What cannot be sorted or counted by is refused.
    """
    assert 400 == (await scim.get(f"/Users?{query}")).status_code


@pytest.mark.usefixtures("zed")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("attributes=userName", {"userName"}),
        ("attributes=USERNAME,name.familyName", {"userName", "name"}),
        (f"attributes={urns.ENTERPRISE}", {urns.ENTERPRISE}),
        (f"attributes={urns.ENTERPRISE}:department,emails.value", {urns.ENTERPRISE, "emails"}),
        ("attributes=nothing", set()),
    ],
)
async def test_chosen_attributes(query: str, names: set[str], scim: Client) -> None:
    """
    Only what is asked for comes, beside identifier and schemas.
    """
    answer = await scim.get(f'/Users?filter=userName+eq+"{_ZED}"&{query}')

    (user,) = answer.json()["Resources"]
    assert {"id", "schemas", *names} == user.keys()
    assert {"familyName": "Zulu"} == user.get("name", {"familyName": "Zulu"})
    assert "name.familyName" in query or "name" not in user
    if "department" in query:
        assert {"department": "Zoology"} == user[urns.ENTERPRISE]
        assert [{"value": _ZED}, {"value": "zed@home.example"}] == user["emails"]


async def test_excluded_attributes(scim: Client, zed: Person) -> None:
    """
    All but what is excluded comes; the identifier cannot be excluded. Reading one person knows both parameters too.
    """
    whole = (await scim.get(f"/Users/{zed.uuid}")).json()

    cut = (await scim.get(f"/Users/{zed.uuid}?excludedAttributes=id,emails,name.middleName,meta")).json()
    chosen = (await scim.get(f"/Users/{zed.uuid}?attributes=active")).json()

    assert whole.keys() - {"emails", "meta"} == cut.keys()
    assert {"givenName": "Zed", "familyName": "Zulu", "formatted": "Dr. Zulu"} == cut["name"]
    assert {"id", "schemas", "active"} == chosen.keys()


async def test_groups_of_people(scim: Client, sandbox: Sandbox) -> None:
    """
    `groups` comes when asked for, all or those of one usage.
    """
    group = next(group for group in sandbox.world.groups.values() if group.members)
    uuid = next(iter(group.members))
    await scim.patch(
        f"/Groups/{group.uuid}",
        json={"Operations": [{"op": "add", "path": f"{urns.WEBEX_GROUP}:usage", "value": "policy"}]},
    )
    query = f'/Users?filter=id+eq+"{uuid}"'

    plain = (await scim.get(query)).json()["Resources"][0]
    rich = (await scim.get(f"{query}&returnGroups=true")).json()["Resources"][0]
    policies = (await scim.get(f"{query}&includeGroupDetails=true&groupUsageTypes=policy")).json()["Resources"][0]
    distributions = (await scim.get(f"{query}&returnGroups=true&groupUsageTypes=distribution")).json()["Resources"][0]

    assert "groups" not in plain
    expected = {known.uuid for known in sandbox.world.groups.values() if uuid in known.members}
    assert expected == {entry["value"] for entry in rich["groups"]}
    assert [(group.uuid, group.display_name)] == [(entry["value"], entry["display"]) for entry in policies["groups"]]
    assert "groups" not in distributions


async def test_searches_lag_behind(sandbox: Sandbox, scim_served: Serve) -> None:
    """
    With a lag, searches on both roads show what was, reading by identifier what is; later both agree.
    """
    john = sandbox.world.person_at("john@example.wbx.ai")
    anna = [person for _, person in sandbox.world.people() if person.login_enabled and not person.roles][5]
    assert john is not None
    async with scim_served(search_lag=10.0) as scim:
        people = f"{str(scim.base_url).partition('/identity')[0]}/v1/people"
        made = await scim.post(
            "/Users", json={"schemas": [urns.USER], "userName": "new@acme.example", "userType": "user"}
        )
        new = made.json()["id"]
        change = {"Operations": [{"op": "replace", "path": "displayName", "value": "Changed"}]}
        await scim.patch(f"/Users/{john.uuid}", json=change)
        await scim.delete(f"/Users/{anna.uuid}")

        assert [] == await _found(scim, 'userName eq "new@acme.example"')
        assert [] == await _found(scim, f'id eq "{new}"')
        assert 200 == (await scim.get(f"/Users/{new}")).status_code
        assert [john.email] == await _found(scim, 'displayName eq "John Doe"')
        assert "Changed" == (await scim.get(f"/Users/{john.uuid}")).json()["displayName"]
        assert [anna.email] == await _found(scim, f'userName eq "{anna.email}"')
        assert 404 == (await scim.get(f"/Users/{anna.uuid}")).status_code
        assert [] == (await scim.get(people, params={"email": "new@acme.example"})).json()["items"]
        listed = (await scim.get(people)).json()["items"]
        assert {"John Doe", anna.display_name} <= {person["displayName"] for person in listed}
        assert 100 == len(listed) == (await scim.get("/Users?count=1")).json()["totalResults"]

        sandbox.clock.advance(10)

        assert ["new@acme.example"] == await _found(scim, f'id eq "{new}"')
        assert [john.email] == await _found(scim, 'displayName eq "Changed"')
        assert [] == await _found(scim, f'userName eq "{anna.email}"')
        listed = (await scim.get(people)).json()["items"]
        assert "Changed" in {person["displayName"] for person in listed}
        assert anna.uuid not in {user["id"] for user in (await scim.get("/Users?count=500")).json()["Resources"]}
