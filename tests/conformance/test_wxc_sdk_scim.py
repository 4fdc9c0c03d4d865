"""
The sandbox's SCIM seen by an independent client, whose models were written from Cisco's definitions by somebody else.

wxc-sdk: https://github.com/jeokrohn/wxc_sdk
"""

from collections.abc import AsyncIterator

import pytest
from wxc_sdk.as_api import AsScimApiChild, AsWebexSimpleApi
from wxc_sdk.as_rest import AsRestError, AsRestSession
from wxc_sdk.scim.bulk import BulkMethod, BulkOperation
from wxc_sdk.scim.groups import ScimGroup
from wxc_sdk.scim.users import PatchUserOperation, PatchUserOperationOp, ScimUser

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import urns
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox


@pytest.fixture
def sandbox(clock: VirtualClock) -> Sandbox:
    """
    An organisation of several pages.
    """
    return Sandbox(people=1100, clock=clock)


@pytest.fixture
async def webex(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsWebexSimpleApi]:
    """
    The foreign client, pointed at the sandbox; for SCIM it knows only Webex's own host, so the address is replaced.
    """
    async with sandbox.serving() as address:

        def endpoint(child: AsScimApiChild, path: str | None = None) -> str:
            return "/".join(part for part in (address, child.base, path) if part)

        monkeypatch.setattr(AsRestSession, "BASE", f"{address}/v1")
        monkeypatch.setattr(AsScimApiChild, "ep", endpoint)
        async with AsWebexSimpleApi(tokens=sandbox.credentials.access_token) as client:
            yield client


@pytest.fixture
async def org(sandbox: Sandbox) -> str:
    """
    The organisation as SCIM names it.
    """
    return sandbox.world.organization.uuid


def _mara(sandbox: Sandbox) -> ScimUser:
    manager = next(person for _, person in sandbox.world.people())
    return ScimUser.model_validate(
        {
            "userName": "mara.new@acme.example",
            "userType": "user",
            "displayName": "Mara Lind",
            "name": {"givenName": "Mara", "familyName": "Lind"},
            "emails": [{"value": "mara.new@acme.example", "type": "work", "primary": True}],
            "phoneNumbers": [{"value": "+49 30 555 77", "type": "mobile"}],
            "externalId": "hr-1",
            urns.ENTERPRISE: {"department": "Finance", "manager": {"value": manager.uuid}},
            "roles": [{"value": "id_readonly_admin", "type": "cirole"}],
        }
    )


async def test_everybody_is_listed_and_understood(webex: AsWebexSimpleApi, sandbox: Sandbox, org: str) -> None:
    """
    The client's paging finds everybody once, and its models know every field with the same value.
    """
    users = await webex.scim.users.search_all(org_id=org, sort_by="userName", count=200)

    assert 1100 == len({user.id for user in users}) == len(users)
    assert 6 == len(sandbox.trace.requests(template="/Users"))
    for user in users:
        person = sandbox.world.person(user.id or "")
        assert person is not None
        assert (person.email, person.display_name, person.active) == (user.user_name, user.display_name, user.active)
        assert person.department == ((user.enterprise_user and user.enterprise_user.department) or "")
        assert user.webex_user is not None
        assert user.webex_user.meta is not None
        assert org == user.webex_user.meta.organization_id
        assert user.meta is not None
        assert user.meta.created is not None
        assert person.created == int(user.meta.created.timestamp() * 1000)
        assert set(user.model_extra or ()) <= {"x509Certificates"}


async def test_the_life_of_a_user(webex: AsWebexSimpleApi, sandbox: Sandbox, org: str) -> None:
    """
    Create, read, search, replace, patch and delete.
    """
    api = webex.scim.users
    made = await api.create(org_id=org, user=_mara(sandbox))
    assert made.id is not None
    found = await api.search(org_id=org, filter='userName eq "mara.new@acme.example"')
    read = await api.details(org_id=org, user_id=made.id)
    assert [read] == found.resources
    assert made == read

    read.title = "Controller"
    read.webex_user = None
    replaced = await api.update(org_id=org, user=read)
    assert ("Controller", "hr-1") == (replaced.title, replaced.external_id)

    rename = PatchUserOperation(op=PatchUserOperationOp("replace"), path="displayName", value="Mara Berg")
    patched = await api.patch(org_id=org, user_id=made.id, operations=[rename])
    person = sandbox.world.person(made.id)
    assert person is not None
    assert ("Mara Berg", "Controller", "Finance") == (patched.display_name, person.title, person.department)

    await api.delete(org_id=org, user_id=made.id)
    with pytest.raises(AsRestError) as gone:
        await api.details(org_id=org, user_id=made.id)
    assert 404 == gone.value.status
    assert sandbox.world.person(made.id) is None


async def test_the_life_of_a_group(webex: AsWebexSimpleApi, sandbox: Sandbox, org: str) -> None:
    """
    Create, read, search, replace and delete, and all members of a large group.
    """
    api = webex.scim.groups
    uuids = [person.uuid for _, person in sandbox.world.people()][:3]
    group = ScimGroup.model_validate(
        {
            "displayName": "Night shift",
            "members": [{"value": uuid, "type": "user"} for uuid in uuids],
            urns.WEBEX_GROUP: {"usage": "policy"},
        }
    )
    made = await api.create(org_id=org, group=group)
    assert made.id is not None
    assert uuids == [member.value for member in made.members or ()]
    assert "policy" == (made.webex_group and made.webex_group.usage)

    made.display_name = "Day shift"
    await api.update(org_id=org, group=made)
    found = await api.search(org_id=org, filter='displayName Eq "day shift"', include_members=True)
    assert [made.id] == [entry.id for entry in found.resources or ()]
    assert uuids == list(sandbox.world.groups[made.id].members)

    town_hall = next(known for known in sandbox.world.groups.values() if known.display_name == "Town hall")
    members = await api.members_all(org_id=org, group_id=town_hall.uuid)
    assert list(town_hall.members) == [member.value for member in members]
    assert len(sandbox.world.groups) == len(await api.search_all(org_id=org, count=7))

    await api.delete(org_id=org, group_id=made.id)
    assert made.id not in sandbox.world.groups


async def test_bulk(webex: AsWebexSimpleApi, sandbox: Sandbox, org: str) -> None:
    """
    Its lower-case `operations` are taken, and the outcomes understood, once they are spelled as it reads them.
    """
    sandbox.quirks = Quirks(bulk_answer_key="operations")
    john = sandbox.world.person_at("john@example.wbx.ai")
    assert john is not None
    mara = _mara(sandbox).create_update()
    taken = {**mara, "userName": john.email, "emails": []}
    operations = [
        BulkOperation(method=BulkMethod("POST"), path="/Users", bulk_id="a", data=mara),
        BulkOperation(method=BulkMethod("POST"), path="/Users", bulk_id="b", data=taken),
        BulkOperation(method=BulkMethod("DELETE"), path=f"/Users/{john.uuid}"),
    ]

    answer = await webex.scim.bulk.bulk_request(org_id=org, operations=operations, fail_on_errors=100)

    assert answer.operations is not None
    made, refused, deleted = answer.operations
    person = sandbox.world.person_at("mara.new@acme.example")
    assert person is not None
    assert (201, "a", person.uuid) == (made.status, made.bulk_id, made.user_id)
    assert refused.status != 201  # HTTP
    assert refused.response is not None
    assert refused.response.error is not None
    assert refused.response.error.details
    assert refused.response.error.tracking_id
    assert (204, None) == (deleted.status, sandbox.world.person(john.uuid))
