"""
Reading SCIM users, who may, and what is shown.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from fakes.scim_calls import new_user, patch_of, somebody
from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import rendering, urns
from webex_connector.sandbox.grants import PEOPLE_ROAD_SCOPES, AccessToken, Credentials
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

Serve = Callable[..., AbstractAsyncContextManager[Client]]


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
        answer = await scim.request(method, f"/Users/{name}", json=patch_of())
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
            statuses += [
                (await scim.get("/Users")).status_code,
                (await scim.post("/Users", json=new_user())).status_code,
            ]

    assert [403, 403, 200, 403] == statuses
    assert PEOPLE_ROAD_SCOPES == poor.world.grants.machine().scopes


@pytest.mark.parametrize(("allowed", "status"), [(True, 201), (False, 403)])
async def test_machine_accounts(allowed: bool, status: int, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether a service app may write without an administrative role is unconfirmed; it reads in any case.
    """
    async with scim_served(token=sandbox.credentials.service_app_token, scim_machine_writes=allowed) as scim:
        assert status == (await scim.post("/Users", json=new_user())).status_code
        assert 200 == (await scim.get("/Users?count=1")).status_code


@pytest.mark.parametrize("shown", [True, False])
async def test_the_state_of_active_users(shown: bool, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    `accountStatus` was seen to be missing for plain active users.
    """
    async with scim_served(account_status_shown=shown) as scim:
        section = (await scim.get(f"/Users/{somebody(sandbox).uuid}")).json()[urns.WEBEX_USER]

    assert (["active"] if shown else None) == section.get("accountStatus")


@pytest.mark.parametrize("source", ["", "AD"])
async def test_people_may_come_from_a_directory(source: str, sandbox: Sandbox, scim_served: Serve) -> None:
    """
    Then SCIM names it as their source; otherwise it names none.
    """
    async with scim_served(provision_source=source) as scim:
        section = (await scim.get(f"/Users/{somebody(sandbox).uuid}")).json()[urns.WEBEX_USER]

    assert (source or None) == section.get("provisionSource")


async def test_the_sip_address_comes_later(scim: Client, sandbox: Sandbox) -> None:
    """
    It is missing in the answer to the create and there some seconds later.
    """
    made = (await scim.post("/Users", json=new_user())).json()
    sandbox.clock.advance(5)
    later = (await scim.get(f"/Users/{made['id']}")).json()

    assert "sipAddresses" not in made[urns.WEBEX_USER]
    assert ["new@acme.calls.webex.com"] == [entry["value"] for entry in later[urns.WEBEX_USER]["sipAddresses"]]


async def test_the_sip_address_may_be_there_at_once(scim_served: Serve) -> None:
    """
    How long it takes is a habit.
    """
    async with scim_served(sip_address_delay=0) as scim:
        made = (await scim.post("/Users", json=new_user())).json()
    assert ["new@acme.calls.webex.com"] == [entry["value"] for entry in made[urns.WEBEX_USER]["sipAddresses"]]


async def test_the_extension_of_calling_is_shown_and_kept(scim: Client, sandbox: Sandbox) -> None:
    """
    Somebody with Calling has a number of type `work_extension` that SCIM cannot change.
    """
    person = next(who for _, who in sandbox.world.people() if who.extension)
    before = (await scim.get(f"/Users/{person.uuid}")).json()["phoneNumbers"]

    after = await scim.patch(
        f"/Users/{person.uuid}", json=patch_of(("add", "phoneNumbers", [{"type": "mobile", "value": "+1 5"}]))
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
