"""
SCIM groups and the rules behind them.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import pytest

from webex_connector.sandbox import rendering, urns
from webex_connector.sandbox.records import Group
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]


def _group(sandbox: Sandbox, name: str) -> Group:
    return next(group for group in sandbox.world.groups.values() if group.display_name == name)


def _uuids(sandbox: Sandbox, count: int, start: int = 0) -> list[str]:
    return [person.uuid for _, person in sandbox.world.people()][start : start + count]


def _members(uuids: list[str]) -> list[dict[str, str]]:
    return [{"value": uuid, "type": "user"} for uuid in uuids]


def _new(**changes: Any) -> dict[str, Any]:
    return {"schemas": [urns.GROUP], "displayName": "Night shift", **changes}


def _patch(*operations: tuple[Any, ...]) -> dict[str, Any]:
    return {"Operations": [dict(zip(("op", "path", "value"), row, strict=False)) for row in operations]}


async def test_a_group_comes_back_as_written(scim: Client, sandbox: Sandbox) -> None:
    """
    Name, members and the Cisco section, with the organisation under Cisco's own spelling.
    """
    section = {
        "usage": "policy",
        "owners": [{"value": _uuids(sandbox, 1)[0]}],
        "inheritances": [{"type": "role", "value": "id_readonly_admin"}],
        "groupType": "flat_static",
    }
    document = _new(externalId="g-1", members=_members(_uuids(sandbox, 3)), **{urns.WEBEX_GROUP: section})

    answer = await scim.post("/Groups", json=document)

    shown = answer.json()
    assert 201 == answer.status_code
    assert ("Night shift", "g-1") == (shown["displayName"], shown["externalId"])
    assert _uuids(sandbox, 3) == [member["value"] for member in shown["members"]]
    assert {"user"} == {member["type"] for member in shown["members"]}
    assert {**section, "meta": {"organizationID": sandbox.world.organization.uuid}} == shown[urns.WEBEX_GROUP]
    assert shown == (await scim.get(shown["meta"]["location"])).json()


async def test_both_views_are_of_one_group(scim: Client, sandbox: Sandbox) -> None:
    """
    `/groups` shows what SCIM wrote, and its writes keep what only SCIM shows.
    """
    made = (await scim.post("/Groups", json=_new(externalId="g-1", members=_members(_uuids(sandbox, 2))))).json()
    address = f"{str(scim.base_url).partition('/identity')[0]}/v1/groups/{made['id']}"

    seen = (await scim.get(address)).json()
    await scim.patch(address, json={"description": "After ten", "members": [{"id": _uuids(sandbox, 1, 5)[0]}]})

    again = (await scim.get(f"/Groups/{made['id']}")).json()
    assert ("Night shift", 2) == (seen["displayName"], seen["memberSize"])
    assert ("g-1", 3) == (again["externalId"], len(again["members"]))


@pytest.mark.parametrize(
    "document",
    [
        {"displayName": "No schema"},
        _new(displayName=" "),
        _new(displayName="x" * 513),
        _new(members=[{"value": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}]),
        _new(members=[{"value": "{somebody}", "type": "machine"}]),
        _new(members=[{"value": "{somebody}"}] * 501),
        _new(**{urns.WEBEX_GROUP: {"usage": "fun"}}),
        _new(**{urns.WEBEX_GROUP: {"owners": [{"value": "x"}] * 31}}),
    ],
)
async def test_what_cannot_be_created(document: dict[str, Any], scim: Client, sandbox: Sandbox) -> None:
    """
    A 400, and no group.
    """
    before = len(sandbox.world.groups)
    for member in document.get("members", ()):
        member["value"] = member["value"].replace("{somebody}", _uuids(sandbox, 1)[0])

    answer = await scim.post("/Groups", json=document)

    assert (400, "400") == (answer.status_code, answer.json()["status"])
    assert before == len(sandbox.world.groups)


@pytest.mark.parametrize(("allowed", "status"), [(True, 201), (False, 409)])
async def test_two_groups_of_one_name(allowed: bool, status: int, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    The same switch as for `/groups`; renaming is bound by it too.
    """
    async with scim_served(duplicate_groups=allowed) as scim:
        made = (await scim.post("/Groups", json=_new())).json()
        assert status == (await scim.post("/Groups", json=_new(displayName="finance"))).status_code
        renamed = await scim.patch(f"/Groups/{made['id']}", json=_patch(("replace", "displayName", "Finance")))
        assert (200 if allowed else 409) == renamed.status_code


async def test_members_join_and_leave_by_delta(scim: Client, sandbox: Sandbox) -> None:
    """
    Each way to say it; joining twice and leaving without being in it change nothing.
    """
    one, two, three, four = _uuids(sandbox, 4)
    made = (await scim.post("/Groups", json=_new(members=_members([one, two])))).json()
    address = f"/Groups/{made['id']}"
    members = sandbox.world.groups[made["id"]]

    for operation, expected in (
        (("add", "members", _members([three, one])), [one, two, three]),
        (("remove", f'members[value eq "{two}"]'), [one, three]),
        (("remove", f'members[value eq "{two}"]'), [one, three]),
        (("add", None, {"members": _members([four])}), [one, three, four]),
        (("remove", f'members[value eq "{one}" or value eq "{four}"]'), [three]),
        (("replace", "members", _members([two, one])), [two, one]),
        (("add", f"{urns.GROUP}:members", {"value": three}), [two, one, three]),
        (("remove", f'members[value sw "{two}" and type eq "user"]'), [one, three]),
        (("remove", "members"), []),
    ):
        answer = await scim.patch(address, json=_patch(operation))
        assert (200, expected) == (answer.status_code, list(members.members)), operation


@pytest.mark.parametrize(("atomic", "name", "size"), [(True, "Night shift", 1), (False, "Day shift", 2)])
async def test_a_failed_patch(atomic: bool, name: str, size: int, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether name and members changed before the failing operation stay changed is unconfirmed.
    """
    async with scim_served(scim_patch_atomic=atomic) as scim:
        made = (await scim.post("/Groups", json=_new(members=_members(_uuids(sandbox, 1))))).json()
        answer = await scim.patch(
            f"/Groups/{made['id']}",
            json=_patch(
                ("replace", "displayName", "Day shift"),
                ("add", "members", _members(_uuids(sandbox, 1, 5))),
                ("add", "members", [{"value": "nobody"}]),
                ("remove", "members"),
            ),
        )
    group = sandbox.world.groups[made["id"]]
    assert 400 == answer.status_code
    assert (name, size) == (group.display_name, len(group.members))


async def test_what_a_patch_cannot_do(scim: Client, sandbox: Sandbox) -> None:
    """
    More than 500 members at once, members changed in place, members of another shape, a group without a name.
    """
    group = _group(sandbox, "Finance")
    before = dict(group.members)
    half = _members(_uuids(sandbox, 1)) * 251
    for operations in (
        (("add", "members", half), ("add", "members", half)),
        (("replace", f'members[value eq "{next(iter(before))}"]', {"value": "x"}),),
        (("add", "members", ["text"]),),
        (("remove", "displayName"),),
        (("replace", "colour", "red"),),
    ):
        answer = await scim.patch(f"/Groups/{group.uuid}", json=_patch(*operations))
        assert 400 == answer.status_code, operations
    assert before == group.members


@pytest.mark.parametrize("strict", [True, False])
async def test_strict_members(strict: bool, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether adding a member twice or removing nobody is an error is unconfirmed; the same on both roads.
    """
    group = _group(sandbox, "Finance")
    member = next(iter(group.members))
    stranger = next(uuid for uuid in _uuids(sandbox, 100) if uuid not in group.members)
    async with scim_served(strict_members=strict) as scim:
        address = f"{str(scim.base_url).partition('/identity')[0]}/v1/groups/{group.uuid}"
        answers = [
            await scim.patch(f"/Groups/{group.uuid}", json=_patch(("add", "members", _members([member])))),
            await scim.patch(f"/Groups/{group.uuid}", json=_patch(("remove", f'members[value eq "{stranger}"]'))),
            await scim.patch(address, json={"members": [{"id": member}]}),
            await scim.patch(address, json={"members": [{"id": stranger, "operation": "delete"}]}),
        ]
    assert ([409, 400, 409, 400] if strict else [200] * 4) == [answer.status_code for answer in answers]


@pytest.mark.parametrize(("most", "status"), [(4, 400), (5, 200)])
async def test_a_group_has_room_for_so_many(most: int, status: int, sandbox: Sandbox, scim_served: Serve) -> None:
    """
    A change that would make it too large is refused as a whole, the same on both roads; taking out makes room.
    """
    async with scim_served(most_members=most) as scim:
        made = await scim.post("/Groups", json=_new(members=_members(_uuids(sandbox, 3, 9))))
        group = sandbox.world.groups[made.json()["id"]]
        address = f"{str(scim.base_url).partition('/identity')[0]}/v1/groups/{group.uuid}"
        before, two = list(group.members), _uuids(sandbox, 2, 12)
        by_scim = await scim.patch(f"/Groups/{group.uuid}", json=_patch(("add", "members", _members(two))))
        by_scim_left = list(group.members)
        by_groups = await scim.patch(address, json={"members": [{"id": each} for each in two]})
        swapped = [{"id": two[0]}, {"id": before[0], "operation": "delete"}]
        swap = await scim.patch(address, json={"members": swapped})
        founded = await scim.post(
            f"{address.rpartition('/')[0]}",
            json={"displayName": "New", "members": [{"id": each} for each in _uuids(sandbox, 6)]},
        )

    assert (status, status, 200, 400) == tuple(each.status_code for each in (by_scim, by_groups, swap, founded))
    assert (before if status != 200 else before + two) == by_scim_left
    assert f"A group can have at most {most} members." == founded.json()["errors"][0]["description"]


@pytest.mark.parametrize("moves", [True, False])
async def test_membership_may_be_a_change_of_the_person(moves: bool, sandbox: Sandbox, scim_served: Serve) -> None:  # noqa: FBT001  # two cases
    """
    Whether joining moves a person's `meta.lastModified` is unconfirmed.
    """
    uuid = _uuids(sandbox, 1, 9)[0]
    person = sandbox.world.person(uuid)
    assert person is not None
    async with scim_served(membership_modifies=moves) as scim:
        await scim.post("/Groups", json=_new(members=_members([uuid])))
        modified = (await scim.get(f"/Users/{uuid}")).json()["meta"]["lastModified"]
    assert moves is (modified != rendering.moment(person.last_modified))


async def test_a_replacement_is_whole(scim: Client, sandbox: Sandbox) -> None:
    """
    PUT without members empties the group.
    """
    made = (await scim.post("/Groups", json=_new(externalId="g", members=_members(_uuids(sandbox, 3))))).json()

    answer = await scim.put(f"/Groups/{made['id']}", json=_new(displayName="Other"))

    assert (200, "Other", []) == (answer.status_code, answer.json()["displayName"], answer.json()["members"])
    assert "externalId" not in answer.json()


async def test_large_groups_show_500_members_and_pages_of_them() -> None:
    """
    Reading shows the first 500, the list of members all of them in pages; excluded, none come.
    """
    sandbox = Sandbox(people=1100)
    group = _group(sandbox, "Town hall")
    everybody = list(group.members)
    root = f"/identity/scim/{sandbox.world.organization.uuid}/v2"
    headers = {"Authorization": f"Bearer {sandbox.credentials.access_token}"}
    async with sandbox.serving() as address, Client(base_url=f"{address}{root}", headers=headers) as scim:
        read = (await scim.get(f"/Groups/{group.uuid}")).json()
        bare = (await scim.get(f"/Groups/{group.uuid}?excludedAttributes=members")).json()
        pages = [
            (await scim.get(f"/Groups/{group.uuid}/Members?startIndex={start}&count=900")).json()
            for start in (1, 501, 1001)
        ]
        machines = (await scim.get(f"/Groups/{group.uuid}/Members?memberType=machine")).json()
    assert everybody[:500] == [member["value"] for member in read["members"]]
    assert "members" not in bare
    assert everybody == [member["value"] for page in pages for member in page["members"]]
    assert [(len(everybody), 500, 1), (len(everybody), len(everybody) - 500, 501), (len(everybody), 0, 1001)] == [
        (page["memberSize"], page["itemsPerPage"], page["startIndex"]) for page in pages
    ]
    assert [urns.GROUP_MEMBERS] == pages[0]["schemas"]
    assert (0, []) == (machines["memberSize"], machines["members"])


async def test_searching_groups(scim: Client, sandbox: Sandbox) -> None:
    """
    By name, in order, page by page; members come only when asked for.
    """
    some = await scim.get("/Groups", params={"filter": 'displayName Eq "FINANCE" or displayName sw "Office B"'})
    by_id = await scim.get("/Groups", params={"filter": f'id eq "{_group(sandbox, "Sales").uuid}"'})
    query = {
        "sortBy": "displayName",
        "sortOrder": "descending",
        "startIndex": "3",
        "count": "4",
        "includeMembers": "true",
    }
    page = (await scim.get("/Groups", params=query)).json()

    names = sorted((group.display_name for group in sandbox.world.groups.values()), key=str.casefold, reverse=True)
    found = [group["displayName"] for group in some.json()["Resources"]]
    assert {"Finance", "Office Berlin", "Office Bengaluru"} == set(found)
    assert "members" not in some.json()["Resources"][0]
    assert ["Sales"] == [group["displayName"] for group in by_id.json()["Resources"]]
    assert (names[2:6], len(names)) == ([group["displayName"] for group in page["Resources"]], page["totalResults"])
    assert all("members" in group for group in page["Resources"])


@pytest.mark.parametrize("query", ["filter=usage+eq+%22policy%22", "sortBy=members", "sortOrder=up", "filter=x"])
async def test_impossible_searches(query: str, scim: Client) -> None:
    """
    Other attributes, orders and texts are refused.
    """
    assert 400 == (await scim.get(f"/Groups?{query}")).status_code


async def test_a_deleted_group_is_gone(scim: Client, sandbox: Sandbox) -> None:
    """
    204, then 404 on both roads.
    """
    uuid = _group(sandbox, "Finance").uuid
    address = f"{str(scim.base_url).partition('/identity')[0]}/v1/groups/{uuid}"

    assert 204 == (await scim.delete(f"/Groups/{uuid}")).status_code

    assert [404, 404] == [(await scim.get(path)).status_code for path in (f"/Groups/{uuid}", address)]
