"""
What identity providers send, over a socket, in the order in which they send it; and what becomes of the organisation.

Written from the vendors' documentation: Okta's SCIM 2.0 reference
(https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20/), Microsoft's tutorial
(https://learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups), One Identity's
guide for Starling Connect (https://support.oneidentity.com/technical-documents), SailPoint's SCIM 2.0 connector
(https://documentation.sailpoint.com/connectors/saas/scim_2_0/) and the ConnId SCIM bundle
(https://github.com/Tirasa/ConnIdSCIMBundle).
"""

from typing import Any
from uuid import UUID

import pytest

from fakes.scim_door import ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.groups import GROUP_URN
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.gateway.scim.users import ENTERPRISE_URN, USER_URN
from webex_connector.webex.ids import encode

ADDRESS = "ann@example.com"
OKTA = {"User-Agent": "Okta SCIM Client 1.0.0", "Accept": "application/scim+json", "Accept-Charset": "utf-8"}
ENTRA_GROUP_URN = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"


def _patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_URN], "Operations": list(operations)}


async def _sent(door: ScimDoor, status: int, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """
    Send a request, expect this status, and return the body; an empty one without a body.
    """
    answer = await door.http.request(method, f"{door.address}/webex/v2{path}", json=body, headers=OKTA)
    assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
    found: dict[str, Any] = answer.json() if answer.content else {}
    return found


def _members(door: ScimDoor, name: str) -> set[str]:
    group = door.group(name)
    assert group is not None
    return {person.email for person in door.people() if person.uuid in group.members}


def _okta_user(**more: Any) -> dict[str, Any]:
    return {
        "schemas": [USER_URN],
        "userName": ADDRESS,
        "name": {"givenName": "Ann", "familyName": "Archer"},
        "emails": [{"primary": True, "value": ADDRESS, "type": "work"}],
        "displayName": "Ann Archer",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": True,
        **more,
    }


async def test_okta_from_assignment_to_return(clock: Clock) -> None:
    """
    Probes when it is switched on; looks, creates, updates by GET and PUT, deactivates, and takes the user up again when
    they are assigned once more. Nobody is made twice and nobody is deleted. On the SCIM road: the other cannot disable
    who has not yet accepted the invitation.
    """
    async with scim_door(clock, road="scim") as door:
        before = len(door.people())
        for path in ("/Users?startIndex=1&count=2", "/Groups?startIndex=1&count=100"):
            assert isinstance((await _sent(door, 200, "GET", path))["totalResults"], int)
        look = f"/Users?filter=userName%20eq%20%22{ADDRESS}%22&startIndex=1&count=100"
        assert [] == (await _sent(door, 200, "GET", look))["Resources"]
        made = await _sent(door, 201, "POST", "/Users", _okta_user())
        address = f"/Users/{made['id']}"
        read = await _sent(door, 200, "GET", address)
        await _sent(door, 200, "PUT", address, {**read, "name": {"givenName": "Anna", "familyName": "Archer"}})
        await _sent(door, 200, "PATCH", address, _patch({"op": "replace", "value": {"active": False}}))
        assert (await _sent(door, 200, "GET", address))["active"] is False
        assert [made["id"]] == [each["id"] for each in (await _sent(door, 200, "GET", look))["Resources"]]
        known = "/Users?filter=externalId%20eq%20%2200ujl29u0le5T6Aj10h7%22"
        assert [made["id"]] == [each["id"] for each in (await _sent(door, 200, "GET", known))["Resources"]]
        await _sent(door, 200, "PUT", address, {**_okta_user(active=True), "id": made["id"]})
        person = door.person(made["id"])
        assert person is not None
        assert (True, ADDRESS, before + 1) == (person.active, person.email, len(door.people()))


async def test_okta_pushes_a_group(clock: Clock) -> None:
    """
    Makes it empty, renames it before each change, puts people in and out in one request, then the whole list; unlinks
    by deleting.
    """
    async with scim_door(clock) as door:
        ann, bob, cem = door.people()[:3]
        ids = {each.email: door.uid_of(each.email) for each in (ann, bob, cem)}
        made = await _sent(
            door, 201, "POST", "/Groups", {"schemas": [GROUP_URN], "displayName": "Sellers", "members": []}
        )
        address = f"/Groups/{made['id']}"
        rename = {"op": "replace", "value": {"id": made["id"], "displayName": "Sellers EU"}}
        await _sent(door, 204, "PATCH", address, _patch(rename))
        value = [{"value": ids[each.email], "display": each.email} for each in (ann, bob)]
        await _sent(door, 204, "PATCH", address, _patch({"op": "add", "path": "members", "value": value}))
        assert {ann.email, bob.email} == _members(door, "Sellers EU")
        mixed = _patch(
            {"op": "remove", "path": f'members[value eq "{ids[ann.email]}"]'},
            {"op": "add", "path": "members", "value": [{"value": ids[cem.email], "display": cem.email}]},
        )
        await _sent(door, 204, "PATCH", address, mixed)
        assert {bob.email, cem.email} == _members(door, "Sellers EU")
        await _sent(door, 204, "PATCH", address, _patch(rename))
        whole = _patch({"op": "replace", "path": "members", "value": [{"value": ids[ann.email]}]})
        await _sent(door, 204, "PATCH", address, whole)
        assert {ann.email} == _members(door, "Sellers EU")
        await _sent(door, 204, "DELETE", address)
        assert door.group("Sellers EU") is None


async def test_entra_provisions_a_user(clock: Clock) -> None:
    """
    Tries the connection with a GUID; probes, makes, changes one attribute after the other in the words it has by
    default, disables, restores, deletes.
    """
    async with scim_door(clock, road="scim") as door:
        boss = door.people()[0]
        guid = UUID(int=5)
        for name in ("userName", "externalId"):
            probe = await _sent(door, 200, "GET", f"/Users?filter={name}+eq+%22{guid}%22&aadOptscim062020")
            assert (0, []) == (probe["totalResults"], probe["Resources"])
        made = await _sent(
            door,
            201,
            "POST",
            "/Users",
            {
                "schemas": [USER_URN, ENTERPRISE_URN],
                "externalId": "jyoung",
                "userName": ADDRESS,
                "active": True,
                "addresses": None,
                "displayName": "Joy Young",
                "emails": [{"type": "work", "value": ADDRESS, "primary": True}],
                "meta": {"resourceType": "User"},
                "name": {"formatted": "Joy Young", "familyName": "Young", "givenName": "Joy"},
                "roles": [],
                "department": "IT",
            },
        )
        address = f"/Users/{made['id']}"
        change = _patch(
            {"op": "Replace", "path": "displayName", "value": "Joy A. Young"},
            {"op": "Add", "path": "name.formatted", "value": "Joy A. Young"},
            {"op": "Replace", "path": "name.familyName", "value": "Younger"},
            {"op": "Add", "path": 'addresses[type eq "work"].formatted', "value": "1 Main St, Bonn"},
            {"op": "Add", "path": 'addresses[type eq "work"].locality', "value": "Bonn"},
            {"op": "Add", "path": 'addresses[type eq "work"].country', "value": "DE"},
            {"op": "Replace", "path": f"{ENTERPRISE_URN}:employeeNumber", "value": "0042"},
            {"op": "Add", "path": f"{ENTERPRISE_URN}:manager", "value": door.uid_of(boss.email)},
            {"op": "Replace", "path": 'emails[type eq "work"].value', "value": ADDRESS},
        )
        await _sent(door, 200, "PATCH", address, change)
        person = door.person(made["id"])
        assert person is not None
        assert ("Joy A. Young", "Younger", boss.uuid) == (person.display_name, person.last_name, person.manager_uuid)
        assert [("Bonn", "DE")] == [(each.locality, each.country) for each in person.addresses]
        reference = f"id+eq+%22{made['id']}%22+and+manager+eq+%22{door.uid_of(boss.email)}%22"
        assert 1 == (await _sent(door, 200, "GET", f"/Users?filter={reference}"))["totalResults"]
        role = (await _sent(door, 200, "GET", "/Roles"))["Resources"][2]
        packed = [{"value": f'{{"id":"{guid}","value":"{role["id"]}","displayName":"{role["displayName"]}"}}'}]
        for op, held in (("Add", [role["id"]]), ("Remove", [])):
            await _sent(door, 200, "PATCH", address, _patch({"op": op, "path": "roles", "value": packed}))
            assert held == [encode("ROLE", each) for each in (door.person(made["id"]) or boss).roles]
        off = {"op": "Replace", "path": "active", "value": "False"}
        assert (await _sent(door, 200, "PATCH", address, _patch(off)))["active"] is False
        assert not (door.person(made["id"]) or boss).active
        on = {"op": "Replace", "value": {"active": True, "name.givenName": "Jo"}}
        assert (await _sent(door, 200, "PATCH", address, _patch(on)))["active"] is True
        await _sent(door, 200, "PATCH", address, _patch({"op": "Remove", "path": f"{ENTERPRISE_URN}:manager"}))
        assert ((door.person(made["id"]) or boss).manager_uuid or "") == ""
        await _sent(door, 204, "DELETE", address)
        await _sent(door, 404, "GET", address)
        assert door.person(made["id"]) is None


async def test_entra_provisions_a_group(clock: Clock) -> None:
    """
    Never reads members, asks for each whether it is in the group, and puts people out by a list of values.
    """
    async with scim_door(clock) as door:
        ann, bob = door.people()[:2]
        ids = [door.uid_of(each.email) for each in (ann, bob)]
        look = "/Groups?excludedAttributes=members&filter=displayName+eq+%22Sellers%22"
        assert 0 == (await _sent(door, 200, "GET", look))["totalResults"]
        body = {
            "schemas": [GROUP_URN, ENTRA_GROUP_URN],
            "externalId": "8aa1a0c0",
            "displayName": "Sellers",
            "meta": {"resourceType": "Group"},
        }
        made = await _sent(door, 201, "POST", "/Groups", body)
        address = f"/Groups/{made['id']}"
        add = {"op": "Add", "path": "members", "value": [{"$ref": None, "value": each} for each in ids]}
        await _sent(door, 204, "PATCH", address, _patch(add))
        assert {ann.email, bob.email} == _members(door, "Sellers")
        assert "members" not in await _sent(door, 200, "GET", f"{address}?excludedAttributes=members")
        member = f"/Groups?excludedAttributes=members&filter=id+eq+%22{made['id']}%22+and+members+eq+%22{ids[0]}%22"
        assert 1 == (await _sent(door, 200, "GET", member))["totalResults"]
        remove = {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": ids[0]}]}
        await _sent(door, 204, "PATCH", address, _patch(remove))
        assert {bob.email} == _members(door, "Sellers")
        assert 0 == (await _sent(door, 200, "GET", member))["totalResults"]
        rename = {"op": "Replace", "path": "displayName", "value": "Sellers EU"}
        await _sent(door, 204, "PATCH", address, _patch(rename))
        assert {bob.email} == _members(door, "Sellers EU")
        await _sent(door, 204, "DELETE", address)
        assert door.group("Sellers EU") is None


async def test_one_identity_replaces(clock: Clock) -> None:
    """
    Reads everything by cursor, then knows PUT alone: on people, and on groups with the whole list of members.
    """
    async with scim_door(clock, people=25) as door:
        for path in ("/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Roles", "/Profiles"):
            await _sent(door, 200, "GET", path)
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = await _sent(door, 200, "GET", f"/Users?count=10&cursor={cursor}")
            found += page["Resources"]
            cursor = page.get("nextCursor")
        assert {each["userName"] for each in found} == {each.email for each in door.people()}
        user = found[3]
        await _sent(door, 200, "PUT", f"/Users/{user['id']}", {**user, "nickName": "Nick", "active": False})
        person = door.person(user["id"])
        assert person is not None
        assert not person.active
        made = await _sent(door, 201, "POST", "/Groups", {"schemas": [GROUP_URN], "displayName": "G"})
        for wanted in ([found[0], found[1]], [found[1], found[2]]):
            members = [{"value": each["id"], "type": "User"} for each in wanted]
            await _sent(door, 200, "PUT", f"/Groups/{made['id']}", {**made, "members": members})
            assert {each["userName"] for each in wanted} == _members(door, "G")
        await _sent(door, 204, "DELETE", f"/Groups/{made['id']}")


async def test_sailpoint_discovers_and_aggregates(clock: Clock) -> None:
    """
    Asks for the two resource types by name, pages by index with a filter, changes entitlements by PATCH.
    """
    async with scim_door(clock, people=25) as door:
        for name in ("User", "Group"):
            assert name == (await _sent(door, 200, "GET", f"/ResourceTypes/{name}"))["id"]
        assert (await _sent(door, 200, "GET", "/ServiceProviderConfig"))["patch"]["supported"] is True
        first = door.people()[0].email[0]
        address = f"/Users?filter=userName+sw+%22{first.upper()}%22&count=3&startIndex="
        start, found = 1, list[str]()
        while True:
            page = await _sent(door, 200, "GET", f"{address}{start}")
            found += [each["userName"] for each in page["Resources"]]
            start += page["itemsPerPage"]
            if start > page["totalResults"]:
                break
        assert sorted(found) == sorted(each.email for each in door.people() if each.email.startswith(first))
        role = (await _sent(door, 200, "GET", "/Roles"))["Resources"][0]["id"]
        uid = door.uid_of(door.people()[4].email)
        await _sent(
            door, 200, "PATCH", f"/Users/{uid}", _patch({"op": "add", "path": "roles", "value": [{"value": role}]})
        )
        held = (await _sent(door, 200, "GET", f"/Users/{uid}"))["roles"]
        assert role in {each["value"] for each in held}
        gone = _patch({"op": "remove", "path": f'roles[value eq "{role}"]'})
        left = await _sent(door, 200, "PATCH", f"/Users/{uid}", gone)
        assert role not in {each["value"] for each in left.get("roles", [])}


@pytest.mark.parametrize("count", [10, 500])
async def test_connid_imports_until_a_short_page(clock: Clock, count: int) -> None:
    """
    Syncope and older midPoint look people up by `username` in small letters, and stop at the first page that is
    shorter than asked for: so none is, before the last.
    """
    async with scim_door(clock, people=25) as door:
        test = await _sent(door, 200, "GET", "/Users?startIndex=1&count=1&attributes=userName")
        assert 1 == test["itemsPerPage"]
        start, found = 1, list[str]()
        while True:
            page = await _sent(door, 200, "GET", f"/Users?startIndex={start}&count={count}")
            found += [each["userName"] for each in page["Resources"]]
            start += len(page["Resources"])
            if len(page["Resources"]) < count:
                break
        assert sorted(found) == sorted(each.email for each in door.people())
        one = await _sent(door, 200, "GET", f"/Users?filter=username+eq+%22{found[2]}%22")
        assert [found[2]] == [each["userName"] for each in one["Resources"]]
