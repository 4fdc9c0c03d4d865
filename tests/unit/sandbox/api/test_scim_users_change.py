"""
Changing and deleting SCIM users, and the rules behind it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import msgspec
import pytest

from fakes.scim_calls import MARA, new_user, patch_of, reason_of, somebody
from webex_connector.sandbox import rendering, urns
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient

Serve = Callable[..., AbstractAsyncContextManager[Client]]


async def test_switching_off_and_on_shows_on_both_roads(scim: Client, sandbox: Sandbox) -> None:
    """
    `active` is `loginEnabled`; whoever never signed in is invited again.
    """
    active, pending = somebody(sandbox), next(who for _, who in sandbox.world.people() if who.invite_pending)

    for person in (active, pending):
        off = await scim.patch(f"/Users/{person.uuid}", json=patch_of(("replace", "active", False)))
        now = sandbox.world.person(person.uuid)
        assert now is not None
        assert (False, False, False) == (off.json()["active"], now.login_enabled, now.invite_pending)
        assert person.licenses == now.licenses
        assert "accountStatus" not in off.json()[urns.WEBEX_USER]
        on = await scim.patch(f"/Users/{person.uuid}", json=patch_of(("replace", None, {"active": True})))
        back = sandbox.world.person(person.uuid)
        assert back is not None
        assert on.json()["active"] is True
        assert (person.login_enabled, person.invite_pending) == (back.login_enabled, back.invite_pending)


async def test_a_replacement_clears_what_is_left_out(scim: Client, sandbox: Sandbox) -> None:
    """
    PUT keeps identifier, creation time, state and what SCIM does not show; all else is as written or gone.
    """
    person = somebody(sandbox)

    answer = await scim.put(f"/Users/{person.uuid}", json=new_user(userName=person.email, displayName="Only this"))

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
    made = (await scim.post("/Users", json=MARA)).json()

    answer = await scim.patch(
        f"/Users/{made['id']}",
        json=patch_of(
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
    made = (await scim.post("/Users", json=MARA)).json()
    address = f"/Users/{made['id']}"

    renamed = await scim.patch(address, json=patch_of(("replace", "userName", "m.berg@acme.example")))
    refused = await scim.patch(address, json=patch_of(("replace", 'emails[type eq "work"].value', "x@acme.example")))

    assert ["m.berg@acme.example", "mara@home.example"] == [entry["value"] for entry in renamed.json()["emails"]]
    assert 400 == refused.status_code
    assert sandbox.world.person_at("mara.new@acme.example") is None


@pytest.mark.parametrize(("atomic", "title"), [(True, "Controller"), (False, "Boss")])
async def test_a_failed_patch(atomic: bool, title: str, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether the operations before the failing one stay is unconfirmed; those after it are never tried.
    """
    async with scim_served(scim_patch_atomic=atomic) as scim:
        made = (await scim.post("/Users", json=MARA)).json()
        answer = await scim.patch(
            f"/Users/{made['id']}",
            json=patch_of(
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
    made = (await scim.post("/Users", json=MARA)).json()
    sandbox.clock.advance(60)

    answer = await scim.patch(f"/Users/{made['id']}", json=patch_of(("add", "roles", MARA["roles"])))

    assert made["meta"] == answer.json()["meta"]
    assert 1 == sandbox.world.writes


async def test_a_deleted_user_is_gone(scim: Client, sandbox: Sandbox) -> None:
    """
    204, then 404; nobody of that name is left in groups either.
    """
    person = somebody(sandbox)

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
            await scim.patch(f"/Users/{admin.uuid}", json=patch_of(("replace", "active", False))),
            await scim.patch(f"/Users/{admin.uuid}", json=patch_of(("replace", "active", True))),
            await scim.delete(f"/Users/{admin.uuid}"),
        ]
    assert ([400, 200, 400] if protected else [200, 200, 204]) == [answer.status_code for answer in answers]
    assert not protected or "administrator" in reason_of(answers[0])


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
