"""
Adding SCIM users, and the rules behind it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest

from fakes.scim_calls import MARA, new_user, patch_of, reason_of, somebody
from webex_connector.sandbox import rendering, urns
from webex_connector.sandbox.problems import SCIM_ERROR, SCIM_REASON
from webex_connector.sandbox.quirks import ScimErrors
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

Serve = Callable[..., AbstractAsyncContextManager[Client]]


async def test_a_user_comes_back_as_written(scim: Client, sandbox: Sandbox) -> None:
    """
    Every attribute of a create is shown again, and the server adds identifier, state and times.
    """
    manager = somebody(sandbox)
    section = {**MARA[urns.ENTERPRISE], "manager": {"value": manager.uuid}}  # type: ignore[dict-item]  # a dict

    answer = await scim.post("/Users", json={**MARA, urns.ENTERPRISE: section})

    shown = answer.json()
    assert 201 == answer.status_code
    for name, value in MARA.items():
        if name not in {urns.ENTERPRISE, urns.WEBEX_USER}:
            assert value == shown[name], name
    enterprise = dict(shown[urns.ENTERPRISE])
    above = enterprise.pop("manager")
    assert (manager.uuid, manager.display_name) == (above["value"], above["displayName"])
    assert above["$ref"].endswith(f"/v2/Users/{manager.uuid}")
    assert MARA[urns.ENTERPRISE] == enterprise
    assert ["pending"] == shown[urns.WEBEX_USER]["accountStatus"]
    assert ["a", "b"] == shown[urns.WEBEX_USER]["extensionAttribute3"]
    assert shown["active"] is True
    assert shown == (await scim.get(shown["meta"]["location"])).json()
    assert 1 == sandbox.world.writes


async def test_both_roads_lead_to_one_person(scim: Client, sandbox: Sandbox) -> None:
    """
    What SCIM wrote, `/people` shows, and a replacement there leaves alone what only SCIM knows.
    """
    made = (await scim.post("/Users", json=MARA)).json()
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
    shown = (await scim.post("/Users", json=new_user(name={"givenName": "Ida", "familyName": "Ek"}))).json()

    assert [{"value": "new@acme.example", "type": "work", "primary": True}] == shown["emails"]
    assert "Ida Ek" == shown["displayName"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (new_user(schemas=[]), "schemas"),
        ({"schemas": [urns.USER], "userName": "new@acme.example"}, "userType"),
        (new_user(userType="robot"), "userType"),
        (new_user(userName=""), "userName"),
        (new_user(userName="nobody"), "email address"),
        (new_user(userName=f"{'n' * 250}@acme.example"), "254"),
        (new_user(emails=[{"value": "other@acme.example", "type": "work"}]), "userName"),
        (
            new_user(
                emails=[
                    {"value": "new@acme.example", "type": "work"},
                    {"value": "other@acme.example", "type": "work", "primary": True},
                ]
            ),
            "userName",
        ),
        (new_user(externalId="x" * 257), "externalId"),
        (new_user(externalId=7), "externalId"),
        (new_user(roles=[{"value": "Location Admin"}]), "Location Admin"),
        (new_user(**{urns.ENTERPRISE: {"manager": {"value": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}}}), "manager"),
        (new_user(**{urns.WEBEX_USER: {"extensionAttribute1": ["x"] * 101}}), "100"),
        (new_user(**{urns.WEBEX_USER: {"extensionAttribute1": "x"}}), "array"),
    ],
)
async def test_what_cannot_be_created(document: dict[str, Any], said: str, scim: Client, sandbox: Sandbox) -> None:
    """
    A refusal is a 400 with SCIM's own body, names what is wrong, and nothing is changed.
    """
    answer = await scim.post("/Users", json=document)

    assert (400, "400", "invalidValue") == (answer.status_code, answer.json()["status"], answer.json()["scimType"])
    assert said in reason_of(answer)
    assert answer.headers["Trackingid"] == answer.json()[SCIM_REASON]["trackingId"]
    assert 0 == sandbox.world.writes


async def test_unknown_sections_and_read_only_attributes_are_ignored(scim: Client, sandbox: Sandbox) -> None:
    """
    They are dropped without a word.
    """
    document = new_user(id="mine", groups=[{"value": "g"}], unheard=1, **{"urn:other:User": {"x": 1}})

    answer = await scim.post("/Users", json={**document, urns.WEBEX_USER: {"licenseID": ["x"], "teamsClusterId": "x"}})

    assert 201 == answer.status_code
    assert not {"mine", "unheard", "urn:other:User"} & set(map(str, answer.json().values()) | answer.json().keys())
    assert (sandbox.world.person(answer.json()["id"]) or somebody(sandbox)).more is None


@pytest.mark.parametrize("foreign", [False, True])
async def test_a_user_name_is_unique_in_all_of_webex(foreign: bool, scim: Client, sandbox: Sandbox) -> None:  # noqa: FBT001  # two cases
    """
    A name in use is a 409, also when it belongs to another organisation, where no search finds it.
    """
    name = "taken@elsewhere.example" if foreign else somebody(sandbox).email.upper()
    sandbox.world.foreign_addresses.add("taken@elsewhere.example")

    created = await scim.post("/Users", json=new_user(userName=name))
    renamed = await scim.patch(f"/Users/{somebody(sandbox, 3).uuid}", json=patch_of(("replace", "userName", name)))
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
        answer = await scim.post("/Users", json=new_user(userName=somebody(sandbox).email))

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
        answer = await scim.post("/Users", json=new_user(active=False))

    assert (201, active) == (answer.status_code, answer.json()["active"])
