"""
PATCH by SCIM, over a socket: what becomes of the organisation, and which requests that took.
"""

import time
from typing import Any

import pytest

from fakes.scim_door import ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.gateway.scim.users import ENTERPRISE_URN
from webex_connector.webex.ids import uuid_of


def _patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_URN], "Operations": list(operations)}


def _writes(door: ScimDoor) -> list[str]:
    return [each for each in door.requests() if not each.startswith("GET ")]


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "value": {"active": False}},
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "path": "active", "value": False},
    ],
)
async def test_deactivating_is_one_write(clock: Clock, operation: dict[str, Any]) -> None:
    """
    As Okta and Entra send it; the user stays visible.
    """
    async with scim_door(clock) as door:
        # Of an administrator it is asked, too, whether the token is theirs.
        uid = door.uid_of(next(each.email for each in door.people() if not each.roles))
        await door.get(f"/Users/{uid}")
        door.requests()
        answer = await door.send("PATCH", f"/Users/{uid}", _patch(operation))
        person = door.person(uid)
        assert answer.status_code == 200
        assert answer.json()["active"] is False
        assert person is not None
        assert not person.active
        assert door.requests() == ["GET /people/{id}", "PUT /people/{id}"]


async def test_deactivating_by_scim_is_one_write_of_one_field(clock: Clock) -> None:
    """
    On the SCIM road nothing is read before; the answer is read back.
    """
    async with scim_door(clock, road="scim") as door:
        uid = door.uid_of(door.people()[3].email)
        await door.get(f"/Users/{uid}")
        door.requests()
        answer = await door.send("PATCH", f"/Users/{uid}", _patch({"op": "replace", "value": {"active": False}}))
        assert answer.json()["active"] is False
        assert _writes(door) == ["PATCH /Users/{id}"]


async def test_what_entra_sends_at_once(clock: Clock) -> None:
    """
    Names with dots, the manager as a text, an entry that its filter describes; each becomes what is meant.
    """
    async with scim_door(clock) as door:
        ann, boss = door.people()[3:5]
        uid, manager = door.uid_of(ann.email), door.uid_of(boss.email)
        body = _patch(
            {"op": "Add", "path": "name.givenName", "value": "Anna"},
            {"op": "Replace", "value": {"displayName": "Anna X", f"{ENTERPRISE_URN}:department": "R&D"}},
            {"op": "Add", "path": f"{ENTERPRISE_URN}:manager", "value": manager},
            {"op": "Add", "path": 'addresses[type eq "work"].locality', "value": "Reno"},
            {"op": "Replace", "path": "title", "value": ""},
        )
        answer = await door.send("PATCH", f"/Users/{uid}", body)
        person = door.person(uid)
        assert answer.status_code == 200, answer.text
        assert person is not None
        assert ("Anna", "Anna X", "R&D", boss.uuid, "") == (
            person.first_name,
            person.display_name,
            person.department,
            person.manager_uuid,
            person.title,
        )
        assert "Reno" in {each.locality for each in person.addresses}
        assert answer.json()[ENTERPRISE_URN]["manager"]["value"] == manager


async def test_a_change_to_what_is_there_writes_nothing(clock: Clock) -> None:
    """
    Okta renames before each change of members; nothing is written for that, and nothing is younger after.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        before = await door.get(f"/Users/{uid}")
        door.requests()
        body = _patch({"op": "replace", "path": "displayName", "value": before["displayName"]})
        answer = await door.send("PATCH", f"/Users/{uid}", body)
        assert answer.json() == before
        assert _writes(door) == []


async def test_members_go_in_and_out_by_membership_calls(clock: Clock) -> None:
    """
    In all the ways in which clients say it: Entra's list of values, Okta's filter; nobody else is lost.
    """
    async with scim_door(clock) as door:
        ann, bob, cem, dee = [door.uid_of(each.email) for each in door.people()[:4]]
        made = (await door.send("POST", "/Groups", {"displayName": "Sellers", "members": [{"value": ann}]})).json()
        group = door.group("Sellers")
        assert group is not None
        for operations, expected in (
            (
                [{"op": "Add", "path": "members", "value": [{"$ref": None, "value": bob}, {"value": cem}]}],
                {ann, bob, cem},
            ),
            ([{"op": "Remove", "path": "members", "value": [{"$ref": None, "value": bob}]}], {ann, cem}),
            (
                [
                    {"op": "remove", "path": f'members[value eq "{ann}"]'},
                    {"op": "add", "path": "members", "value": [{"value": dee}]},
                ],
                {cem, dee},
            ),
            ([{"op": "add", "path": "members", "value": [{"value": dee}]}], {cem, dee}),
            ([{"op": "replace", "path": "members", "value": [{"value": ann}]}], {ann}),
            ([{"op": "replace", "value": {"id": made["id"], "displayName": "Sellers"}}], {ann}),
            ([{"op": "remove", "path": "members"}], set()),
        ):
            answer = await door.send("PATCH", f"/Groups/{made['id']}", _patch(*operations))
            assert (204, b"") == (answer.status_code, answer.content), answer.text
            assert {uuid_of(uid) for uid in expected} == set(group.members), operations


@pytest.mark.parametrize("filtered", [False, True])
async def test_a_hundred_of_ten_thousand_members_are_two_requests(clock: Clock, *, filtered: bool) -> None:
    """
    One to see the group, one to put them out; the list is neither read nor rewritten, and takes little time of ours.
    """
    async with scim_door(clock, people=10_000) as door:
        members = [each.uuid for each in door.people()]
        made = (await door.send("POST", "/Groups", {"displayName": "Everybody"})).json()
        group = door.group("Everybody")
        assert group is not None
        group.members.update(dict.fromkeys(members))
        gone = [door.uid_of(each.email) for each in door.people()[:100]]
        each_filtered = [{"op": "remove", "path": f'members[value eq "{uid}"]'} for uid in gone]
        at_once = [{"op": "Remove", "path": "members", "value": [{"value": uid} for uid in gone]}]
        door.requests()
        began = time.process_time()
        answer = await door.send("PATCH", f"/Groups/{made['id']}", _patch(*(each_filtered if filtered else at_once)))
        spent = time.process_time() - began
        assert answer.status_code == 204
        assert len(group.members) == len(members) - 100
        assert door.requests() == ["GET /groups/{id}", "PATCH /groups/{id}"]
        # The simulated Webex, which is in the same process, is in it too.
        assert spent < 1.0


async def test_a_patch_that_is_wrong_changes_nothing(clock: Clock) -> None:
    """
    One wrong operation keeps the others from happening.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        before = door.person(uid)
        body = _patch(
            {"op": "replace", "path": "title", "value": "Boss"}, {"op": "replace", "path": "nothing", "value": "x"}
        )
        answer = await door.send("PATCH", f"/Users/{uid}", body)
        assert answer.status_code == 400
        assert answer.json()["scimType"] == "invalidPath"
        assert door.person(uid) == before


async def test_somebody_who_is_gone_cannot_be_changed(clock: Clock) -> None:
    """
    404, and not the 403 that Webex has for the deleted.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        await door.send("DELETE", f"/Users/{uid}")
        answer = await door.send("PATCH", f"/Users/{uid}", _patch({"op": "replace", "value": {"active": False}}))
        assert answer.status_code == 404


async def test_a_role_is_taken_by_its_name(clock: Clock) -> None:
    """
    As it can be given by its name; taken for an unknown id it would stay, and nobody would be told.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        role = (await door.get("/Roles"))["Resources"][0]
        given = _patch({"op": "add", "path": "roles", "value": [{"value": role["displayName"]}]})
        taken = _patch({"op": "remove", "path": "roles", "value": [{"value": role["displayName"].upper()}]})
        held = (await door.send("PATCH", f"/Users/{uid}", given)).json()["roles"]
        left = (await door.send("PATCH", f"/Users/{uid}", taken)).json()
        assert role["id"] in {each["value"] for each in held}
        assert role["id"] not in {each["value"] for each in left.get("roles", [])}


async def test_what_webex_does_not_take_is_no_success(clock: Clock) -> None:
    """
    Nobody's mobile number can be written by the people API, and who has not accepted the invitation cannot be switched
    off there: a client that hears of a success would believe it.
    """
    async with scim_door(clock) as door:
        made = (await door.send("POST", "/Users", {"userName": "ann@example.com"})).json()
        for path, value in {"phoneNumbers": [{"value": "+4930123", "type": "mobile"}], "active": False}.items():
            answer = await door.send(
                "PATCH", f"/Users/{made['id']}", _patch({"op": "add", "path": path, "value": value})
            )
            assert (400, "invalidValue") == (answer.status_code, answer.json()["scimType"])
            assert answer.json()["detail"].startswith("Not everything could be done")
        assert {**made, "meta": {}} == {**await door.get(f"/Users/{made['id']}"), "meta": {}}
