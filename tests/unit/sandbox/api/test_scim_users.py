"""
SCIM users and the rules behind them.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import msgspec
import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import rendering, urns
from webex_connector.sandbox.grants import PEOPLE_ROAD_SCOPES, AccessToken, Credentials
from webex_connector.sandbox.problems import SCIM_ERROR, SCIM_REASON
from webex_connector.sandbox.quirks import ScimErrors
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]

_MARA = {
    "schemas": [urns.USER, urns.ENTERPRISE, urns.WEBEX_USER],
    "userName": "mara.new@acme.example",
    "userType": "user",
    "externalId": "hr-004711",
    "displayName": "Mara Lind",
    "nickName": "Mara",
    "title": "Controller",
    "name": {"givenName": "Mara", "familyName": "Lind", "middleName": "E.", "honorificPrefix": "Dr."},
    "emails": [
        {"value": "mara.new@acme.example", "type": "work", "primary": True},
        {"value": "mara@home.example", "type": "home", "display": "at home"},
    ],
    "phoneNumbers": [{"value": "+49 30 555 77", "type": "mobile", "primary": True}],
    "addresses": [{"type": "work", "country": "DE", "streetAddress": "Lindenstraße 7"}],
    "roles": [{"value": "id_readonly_admin", "type": "cirole"}],
    "ims": [{"value": "mara@xmpp.example", "type": "xmpp-fed-jid"}],
    "preferredLanguage": "de_DE",
    "locale": "de_DE",
    "timezone": "Europe/Berlin",
    "profileUrl": "https://acme.example/mara",
    urns.ENTERPRISE: {
        "employeeNumber": "004711",
        "costCenter": "C7",
        "organization": "Acme",
        "division": "North",
        "department": "Finance",
    },
    urns.WEBEX_USER: {"extensionAttribute3": ["a", "b"], "pronouns": {"value": "she/her", "visibility": "Everyone"}},
}


def _new(**changes: Any) -> dict[str, Any]:
    return {"schemas": [urns.USER], "userName": "new@acme.example", "userType": "user", **changes}


def _somebody(sandbox: Sandbox, number: int = 10) -> Person:
    return [person for _, person in sandbox.world.people() if person.login_enabled][number]


def _reason(answer: httpx2.Response) -> str:
    reason: str = answer.json()[SCIM_REASON]["details"]
    return reason


def _patch(*operations: tuple[Any, ...]) -> dict[str, Any]:
    rows = [dict(zip(("op", "path", "value"), operation, strict=False)) for operation in operations]
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": rows}


async def test_a_user_comes_back_as_written(scim: Client, sandbox: Sandbox) -> None:
    """
    Every attribute of a create is shown again, and the server adds identifier, state and times.
    """
    manager = _somebody(sandbox)
    section = {**_MARA[urns.ENTERPRISE], "manager": {"value": manager.uuid}}  # type: ignore[dict-item]  # a dict

    answer = await scim.post("/Users", json={**_MARA, urns.ENTERPRISE: section})

    shown = answer.json()
    assert 201 == answer.status_code
    for name, value in _MARA.items():
        if name not in {urns.ENTERPRISE, urns.WEBEX_USER}:
            assert value == shown[name], name
    enterprise = dict(shown[urns.ENTERPRISE])
    above = enterprise.pop("manager")
    assert (manager.uuid, manager.display_name) == (above["value"], above["displayName"])
    assert above["$ref"].endswith(f"/v2/Users/{manager.uuid}")
    assert _MARA[urns.ENTERPRISE] == enterprise
    assert ["pending"] == shown[urns.WEBEX_USER]["accountStatus"]
    assert ["a", "b"] == shown[urns.WEBEX_USER]["extensionAttribute3"]
    assert shown["active"] is True
    assert shown == (await scim.get(shown["meta"]["location"])).json()
    assert 1 == sandbox.world.writes


async def test_both_roads_lead_to_one_person(scim: Client, sandbox: Sandbox) -> None:
    """
    What SCIM wrote, `/people` shows, and a replacement there leaves alone what only SCIM knows.
    """
    made = (await scim.post("/Users", json=_MARA)).json()
    root = str(scim.base_url).partition("/identity")[0]
    address = f"{root}/v1/people/{rendering.person_id(made['id'])}"

    person = (await scim.get(address)).json()

    assert ("Controller", "Finance", "Europe/Berlin") == (person["title"], person["department"], person["timezone"])
    assert [rendering.role_id("id_readonly_admin")] == person["roles"]
    assert (False, True) == (person["loginEnabled"], person["invitePending"])
    assert [{"type": "mobile", "value": "+49 30 555 77", "primary": True}] == person["phoneNumbers"]
    assert "hr-004711" not in str(person)
    answer = await scim.put(address, json={"displayName": "Mara Berg", "title": "Boss"})
    assert 200 == answer.status_code
    again = (await scim.get(f"/Users/{made['id']}")).json()
    assert ("Mara Berg", "Boss", "hr-004711") == (again["displayName"], again["title"], again["externalId"])
    assert "department" not in again[urns.ENTERPRISE]


async def test_the_server_adds_the_work_address_and_a_name(scim: Client) -> None:
    """
    The user name is the primary work address when none is sent, and a name is found for everybody.
    """
    shown = (await scim.post("/Users", json=_new(name={"givenName": "Ida", "familyName": "Ek"}))).json()

    assert [{"value": "new@acme.example", "type": "work", "primary": True}] == shown["emails"]
    assert "Ida Ek" == shown["displayName"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (_new(schemas=[]), "schemas"),
        ({"schemas": [urns.USER], "userName": "new@acme.example"}, "userType"),
        (_new(userType="robot"), "userType"),
        (_new(userName=""), "userName"),
        (_new(userName="nobody"), "email address"),
        (_new(userName=f"{'n' * 250}@acme.example"), "254"),
        (_new(emails=[{"value": "other@acme.example", "type": "work"}]), "userName"),
        (
            _new(
                emails=[
                    {"value": "new@acme.example", "type": "work"},
                    {"value": "other@acme.example", "type": "work", "primary": True},
                ]
            ),
            "userName",
        ),
        (_new(externalId="x" * 257), "externalId"),
        (_new(externalId=7), "externalId"),
        (_new(roles=[{"value": "Location Admin"}]), "Location Admin"),
        (_new(**{urns.ENTERPRISE: {"manager": {"value": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}}}), "manager"),
        (_new(**{urns.WEBEX_USER: {"extensionAttribute1": ["x"] * 101}}), "100"),
        (_new(**{urns.WEBEX_USER: {"extensionAttribute1": "x"}}), "array"),
    ],
)
async def test_what_cannot_be_created(document: dict[str, Any], said: str, scim: Client, sandbox: Sandbox) -> None:
    """
    A refusal is a 400 with SCIM's own body, names what is wrong, and nothing is changed.
    """
    answer = await scim.post("/Users", json=document)

    assert (400, "400", "invalidValue") == (answer.status_code, answer.json()["status"], answer.json()["scimType"])
    assert said in _reason(answer)
    assert answer.headers["Trackingid"] == answer.json()[SCIM_REASON]["trackingId"]
    assert 0 == sandbox.world.writes


async def test_unknown_sections_and_read_only_attributes_are_ignored(scim: Client, sandbox: Sandbox) -> None:
    """
    They are dropped without a word.
    """
    document = _new(id="mine", groups=[{"value": "g"}], unheard=1, **{"urn:other:User": {"x": 1}})

    answer = await scim.post("/Users", json={**document, urns.WEBEX_USER: {"licenseID": ["x"], "teamsClusterId": "x"}})

    assert 201 == answer.status_code
    assert not {"mine", "unheard", "urn:other:User"} & set(map(str, answer.json().values()) | answer.json().keys())
    assert (sandbox.world.person(answer.json()["id"]) or _somebody(sandbox)).more is None


@pytest.mark.parametrize("foreign", [False, True])
async def test_a_user_name_is_unique_in_all_of_webex(foreign: bool, scim: Client, sandbox: Sandbox) -> None:  # noqa: FBT001  # two cases
    """
    A name in use is a 409, also when it belongs to another organisation, where no search finds it.
    """
    name = "taken@elsewhere.example" if foreign else _somebody(sandbox).email.upper()
    sandbox.world.foreign_addresses.add("taken@elsewhere.example")

    created = await scim.post("/Users", json=_new(userName=name))
    renamed = await scim.patch(f"/Users/{_somebody(sandbox, 3).uuid}", json=_patch(("replace", "userName", name)))
    found = await scim.get("/Users", params={"filter": f'userName eq "{name}"'})

    assert (409, "uniqueness") == (created.status_code, created.json()["scimType"])
    assert 409 == renamed.status_code
    assert (0 if foreign else 1) == found.json()["totalResults"]
    assert 0 == sandbox.world.writes


async def test_a_conflict_may_come_without_its_type(sandbox: Sandbox, scim_served: Serve) -> None:
    """
    Whether the 409 has a `scimType` is unconfirmed.
    """
    async with scim_served(scim_conflict_type="") as scim:
        answer = await scim.post("/Users", json=_new(userName=_somebody(sandbox).email))

    assert 409 == answer.status_code
    assert "scimType" not in answer.json()


async def test_refusals_may_look_as_in_the_rfc(scim_served: Serve) -> None:
    """
    The reason stands in `detail` then, and Cisco's section is missing.
    """
    async with scim_served(scim_errors=ScimErrors.RFC) as scim:
        answer = await scim.get("/Users/nobody")

    assert {"schemas": [SCIM_ERROR], "status": "404", "detail": "User not found"} == answer.json()


@pytest.mark.parametrize(("obeyed", "active"), [(True, False), (False, True)])
async def test_an_inactive_user_may_be_created(obeyed: bool, active: bool, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether `active: false` on a create is obeyed or ignored is unconfirmed.
    """
    async with scim_served(scim_create_inactive=obeyed) as scim:
        answer = await scim.post("/Users", json=_new(active=False))

    assert (201, active) == (answer.status_code, answer.json()["active"])


async def test_switching_off_and_on_shows_on_both_roads(scim: Client, sandbox: Sandbox) -> None:
    """
    `active` is `loginEnabled`; whoever never signed in is invited again.
    """
    active, pending = _somebody(sandbox), next(who for _, who in sandbox.world.people() if who.invite_pending)

    for person in (active, pending):
        off = await scim.patch(f"/Users/{person.uuid}", json=_patch(("replace", "active", False)))
        now = sandbox.world.person(person.uuid)
        assert now is not None
        assert (False, False, False) == (off.json()["active"], now.login_enabled, now.invite_pending)
        assert person.licenses == now.licenses
        assert "accountStatus" not in off.json()[urns.WEBEX_USER]
        on = await scim.patch(f"/Users/{person.uuid}", json=_patch(("replace", None, {"active": True})))
        back = sandbox.world.person(person.uuid)
        assert back is not None
        assert on.json()["active"] is True
        assert (person.login_enabled, person.invite_pending) == (back.login_enabled, back.invite_pending)


async def test_a_replacement_clears_what_is_left_out(scim: Client, sandbox: Sandbox) -> None:
    """
    PUT keeps identifier, creation time, state and what SCIM does not show; all else is as written or gone.
    """
    person = _somebody(sandbox)

    answer = await scim.put(f"/Users/{person.uuid}", json=_new(userName=person.email, displayName="Only this"))

    after = sandbox.world.person(person.uuid)
    assert after is not None
    assert 200 == answer.status_code
    assert ("Only this", "", "", ()) == (after.display_name, after.first_name, after.department, after.addresses)
    assert (person.created, person.licenses, person.login_enabled) == (
        after.created,
        after.licenses,
        after.login_enabled,
    )
    assert answer.json()["meta"]["lastModified"] > rendering.moment(person.last_modified)
    assert 400 == (await scim.put(f"/Users/{person.uuid}", json={"userName": person.email})).status_code


async def test_operations_are_applied_in_order(scim: Client, sandbox: Sandbox) -> None:
    """
    A PATCH reaches core, enterprise and Cisco attributes, and elements of lists.
    """
    made = (await scim.post("/Users", json=_MARA)).json()

    answer = await scim.patch(
        f"/Users/{made['id']}",
        json=_patch(
            ("add", "roles", [{"value": "id_user_admin", "type": "cirole"}]),
            ("replace", f"{urns.ENTERPRISE}:department", "Treasury"),
            ("replace", "name.familyName", "Berg"),
            ("remove", 'phoneNumbers[type eq "mobile"]'),
            ("add", f"{urns.WEBEX_USER}:extensionAttribute3", ["c"]),
            ("replace", f"{urns.WEBEX_USER}:accountStatus", "suspended"),
            ("remove", "externalId"),
        ),
    )

    after = sandbox.world.person(made["id"])
    assert after is not None
    assert after.more is not None
    assert 200 == answer.status_code
    assert ("id_readonly_admin", "id_user_admin") == after.roles
    assert ("Treasury", "Berg", (), "") == (after.department, after.last_name, after.phones, after.more.external_id)
    assert ["a", "b", "c"] == answer.json()[urns.WEBEX_USER]["extensionAttribute3"]
    assert ["suspended", "pending"] == answer.json()[urns.WEBEX_USER]["accountStatus"]


async def test_a_new_name_moves_the_primary_address(scim: Client, sandbox: Sandbox) -> None:
    """
    Renaming moves the work address along; addresses that contradict the name are refused.
    """
    made = (await scim.post("/Users", json=_MARA)).json()
    address = f"/Users/{made['id']}"

    renamed = await scim.patch(address, json=_patch(("replace", "userName", "m.berg@acme.example")))
    refused = await scim.patch(address, json=_patch(("replace", 'emails[type eq "work"].value', "x@acme.example")))

    assert ["m.berg@acme.example", "mara@home.example"] == [entry["value"] for entry in renamed.json()["emails"]]
    assert 400 == refused.status_code
    assert sandbox.world.person_at("mara.new@acme.example") is None


@pytest.mark.parametrize(("atomic", "title"), [(True, "Controller"), (False, "Boss")])
async def test_a_failed_patch(atomic: bool, title: str, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether the operations before the failing one stay is unconfirmed; those after it are never tried.
    """
    async with scim_served(scim_patch_atomic=atomic) as scim:
        made = (await scim.post("/Users", json=_MARA)).json()
        answer = await scim.patch(
            f"/Users/{made['id']}",
            json=_patch(
                ("replace", "title", "Boss"), ("replace", 'emails[type eq "none"].value', "x"), ("remove", "nickName")
            ),
        )

    after = sandbox.world.person(made["id"])
    assert after is not None
    assert (400, "noTarget") == (answer.status_code, answer.json()["scimType"])
    assert (title, "Mara") == (after.title, after.nick_name)


async def test_a_patch_that_changes_nothing_moves_no_time(scim: Client, sandbox: Sandbox) -> None:
    """
    Adding what is there already leaves version and times alone.
    """
    made = (await scim.post("/Users", json=_MARA)).json()
    sandbox.clock.advance(60)

    answer = await scim.patch(f"/Users/{made['id']}", json=_patch(("add", "roles", _MARA["roles"])))

    assert made["meta"] == answer.json()["meta"]
    assert 1 == sandbox.world.writes


async def test_a_deleted_user_is_gone(scim: Client, sandbox: Sandbox) -> None:
    """
    204, then 404; nobody of that name is left in groups either.
    """
    person = _somebody(sandbox)

    answers = [await scim.delete(f"/Users/{person.uuid}") for _ in range(2)]

    assert [204, 404] == [answer.status_code for answer in answers]
    assert sandbox.world.person(person.uuid) is None
    assert not any(person.uuid in group.members for group in sandbox.world.groups.values())


@pytest.mark.parametrize("protected", [True, False])
async def test_the_last_administrator(protected: bool, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Neither deleted, switched off nor stripped of the role by SCIM, if the quirks protect; refused in SCIM's words.
    """
    admin = next(person for _, person in sandbox.world.people())
    for _, other in list(sandbox.world.people())[1:]:
        if other.roles:
            sandbox.world.put_person(msgspec.structs.replace(other, roles=()))
    async with scim_served(last_admin_protected=protected) as scim:
        answers = [
            await scim.patch(f"/Users/{admin.uuid}", json=_patch(("replace", "active", False))),
            await scim.patch(f"/Users/{admin.uuid}", json=_patch(("replace", "active", True))),
            await scim.delete(f"/Users/{admin.uuid}"),
        ]
    assert ([400, 200, 400] if protected else [200, 200, 204]) == [answer.status_code for answer in answers]
    assert not protected or "administrator" in _reason(answers[0])


@pytest.mark.parametrize(("protected", "status"), [(True, 400), (False, 204)])
async def test_the_own_account(protected: bool, status: int, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether an administrator may delete the own account is unconfirmed; the same on both roads.
    """
    admin = next(person for _, person in sandbox.world.people())
    quirks = {"own_account_protected": protected, "last_admin_protected": False}
    async with scim_served(**quirks) as scim:
        root = str(scim.base_url).partition("/identity")[0]
        assert status == (await scim.delete(f"/Users/{admin.uuid}")).status_code
        if protected:
            assert 400 == (await scim.delete(f"{root}/v1/people/{admin.uuid}")).status_code


async def test_me(scim: Client, sandbox: Sandbox, scim_served: Serve) -> None:
    """
    The person of the token, at an address without organisation; a machine account has none.
    """
    path = "/identity/scim/v2/Users/me"

    answer = await scim.get(scim.base_url.copy_with(path=path))
    async with scim_served(token=sandbox.credentials.service_app_token) as machine:
        refused = await machine.get(machine.base_url.copy_with(path=path))

    assert (200, "ada.admin@acme.example") == (answer.status_code, answer.json()["userName"])
    assert 404 == refused.status_code


async def test_the_organisation_in_the_path(scim: Client, sandbox: Sandbox) -> None:
    """
    Another organisation is not found; an identifier of `/v1` is no UUID and refused.
    """
    encoded = rendering.organization_id(sandbox.world)
    other = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"

    paths = [f"/identity/scim/{name}/v2/Users" for name in (encoded, other, sandbox.world.organization.uuid.upper())]
    answers = [await scim.get(scim.base_url.copy_with(path=path)) for path in paths]

    assert [400, 404, 200] == [answer.status_code for answer in answers]


@pytest.mark.parametrize(
    "name", ["{id}", "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9hNmIw", "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"]
)
async def test_nobody_of_that_identifier(name: str, scim: Client) -> None:
    """
    Only UUIDs name users; all else is nobody.
    """
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await scim.request(method, f"/Users/{name}", json=_patch())
        assert 404 == answer.status_code


async def test_scopes_can_be_left_out(sandbox: Sandbox, clock: VirtualClock, scim_served: Serve) -> None:
    """
    A token without the identity scopes reads and writes nothing here, one with the reading scope writes nothing; so
    for a whole sandbox.
    """
    poor = Sandbox(people=2, clock=clock, credentials=Credentials(scopes=PEOPLE_ROAD_SCOPES))
    sandbox.world.grants.grant(AccessToken("poor", "machine", None, PEOPLE_ROAD_SCOPES))
    sandbox.world.grants.grant(AccessToken("reader", "machine", None, frozenset({"identity:people_read"})))
    statuses = []
    for token in ("poor", "reader"):
        async with scim_served(token=token) as scim:
            statuses += [(await scim.get("/Users")).status_code, (await scim.post("/Users", json=_new())).status_code]

    assert [403, 403, 200, 403] == statuses
    assert PEOPLE_ROAD_SCOPES == poor.world.grants.machine().scopes


@pytest.mark.parametrize(("allowed", "status"), [(True, 201), (False, 403)])
async def test_machine_accounts(allowed: bool, status: int, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether a service app may write without an administrative role is unconfirmed; it reads in any case.
    """
    async with scim_served(token=sandbox.credentials.service_app_token, scim_machine_writes=allowed) as scim:
        assert status == (await scim.post("/Users", json=_new())).status_code
        assert 200 == (await scim.get("/Users?count=1")).status_code


@pytest.mark.parametrize("shown", [True, False])
async def test_the_state_of_active_users(shown: bool, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    `accountStatus` was seen to be missing for plain active users.
    """
    async with scim_served(account_status_shown=shown) as scim:
        section = (await scim.get(f"/Users/{_somebody(sandbox).uuid}")).json()[urns.WEBEX_USER]

    assert (["active"] if shown else None) == section.get("accountStatus")


@pytest.mark.parametrize("source", ["", "AD"])
async def test_people_may_come_from_a_directory(source: str, sandbox: Sandbox, scim_served: Serve) -> None:
    """
    Then SCIM names it as their source; otherwise it names none.
    """
    async with scim_served(provision_source=source) as scim:
        section = (await scim.get(f"/Users/{_somebody(sandbox).uuid}")).json()[urns.WEBEX_USER]

    assert (source or None) == section.get("provisionSource")


async def test_the_sip_address_comes_later(scim: Client, sandbox: Sandbox) -> None:
    """
    It is missing in the answer to the create and there some seconds later.
    """
    made = (await scim.post("/Users", json=_new())).json()
    sandbox.clock.advance(5)
    later = (await scim.get(f"/Users/{made['id']}")).json()

    assert "sipAddresses" not in made[urns.WEBEX_USER]
    assert ["new@acme.calls.webex.com"] == [entry["value"] for entry in later[urns.WEBEX_USER]["sipAddresses"]]


async def test_the_extension_of_calling_is_shown_and_kept(scim: Client, sandbox: Sandbox) -> None:
    """
    Somebody with Calling has a number of type `work_extension` that SCIM cannot change.
    """
    person = next(who for _, who in sandbox.world.people() if who.extension)
    before = (await scim.get(f"/Users/{person.uuid}")).json()["phoneNumbers"]

    after = await scim.patch(
        f"/Users/{person.uuid}", json=_patch(("add", "phoneNumbers", [{"type": "mobile", "value": "+1 5"}]))
    )

    assert before[-1]["type"] == "work_extension"
    assert before[-1]["value"].endswith(person.extension)
    assert [*before[:-1], {"type": "mobile", "value": "+1 5"}, before[-1]] == after.json()["phoneNumbers"]


@pytest.mark.parametrize("moves", [True, False])
async def test_a_licence_may_be_a_change_of_the_person(moves: bool, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether a change of licences moves `meta.lastModified` is unconfirmed.
    """
    person = next(who for _, who in sandbox.world.people() if not who.licenses)
    key = next(entry.key for entry in sandbox.world.licenses.values() if entry.name == "Advanced Messaging")
    change = {"personId": person.uuid, "licenses": [{"id": rendering.license_id(sandbox.world, key)}]}
    async with scim_served(licenses_modify=moves) as scim:
        root = str(scim.base_url).partition("/identity")[0]
        assert 200 == (await scim.patch(f"{root}/v1/licenses/users", json=change)).status_code
        modified = (await scim.get(f"/Users/{person.uuid}")).json()["meta"]["lastModified"]

    assert moves is (modified != rendering.moment(person.last_modified))
