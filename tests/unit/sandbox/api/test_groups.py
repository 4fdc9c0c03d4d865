"""
The groups API and the rules behind it.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx2
import pytest

from webex_connector.sandbox import ids, rendering
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.records import Group
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]


def _group(sandbox: Sandbox, name: str) -> Group:
    return next(group for group in sandbox.world.groups.values() if group.display_name == name)


def _people(sandbox: Sandbox, count: int) -> list[str]:
    return [rendering.person_id(person.uuid) for _, person in sandbox.world.people()][:count]


async def test_all_groups_page_by_page(api: Client, sandbox: Sandbox) -> None:
    """
    Advancing `startIndex` by what was received shows each group once.
    """
    seen, start = [], 1
    while True:
        answer = (await api.get(f"/groups?startIndex={start}&count=9")).json()
        assert (len(sandbox.world.groups), start) == (answer["totalResults"], answer["startIndex"])
        assert answer["itemsPerPage"] == len(answer["groups"])
        if not answer["groups"]:
            break
        seen += [group["displayName"] for group in answer["groups"]]
        start += len(answer["groups"])

    assert [group.display_name for group in sandbox.world.groups.values()] == seen


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('displayName eq "finance"', ["Finance"]),
        ('displayName sw "fin"', ["Finance", "Finance approvers"]),
        ('displayName eq "The \\"Q\\" club"', ['The "Q" club']),
        ('displayName sw "первая"', ["Первая помощь"]),
        ('displayName eq "nothing"', []),
    ],
)
async def test_filters_by_name(text: str, names: list[str], api: Client) -> None:
    """
    `eq` and `sw` on the display name, in any case and with escaped quotation marks.
    """
    answer = (await api.get("/groups", params={"filter": text})).json()

    assert names == [group["displayName"] for group in answer["groups"]]
    assert len(names) == answer["totalResults"]


@pytest.mark.parametrize(
    "query",
    [
        {"filter": 'displayName co "a"'},
        {"filter": 'id eq "a"'},
        {"filter": "displayName eq Finance"},
        {"sortBy": "created"},
        {"startIndex": "0"},
        {"count": "many"},
    ],
)
async def test_other_queries_are_refused(query: dict[str, str], api: Client) -> None:
    """
    Filters, sort keys and numbers that Webex does not know are 400.
    """
    assert 400 == (await api.get("/groups", params=query)).status_code


async def test_sorting(api: Client) -> None:
    """
    Groups can be sorted by name or identifier, either way.
    """
    down = (await api.get("/groups?sortBy=displayName&sortOrder=descending")).json()["groups"]
    up = (await api.get("/groups?sortBy=id")).json()["groups"]

    names = [group["displayName"].casefold() for group in down]
    uuids = [ids.value_of(Kind.GROUP, group["id"]) or "" for group in up]
    assert sorted(names, reverse=True) == names
    assert sorted(uuids) == uuids


async def test_members_of_a_large_group_come_in_pages_of_500(sandbox: Sandbox, served: Serve) -> None:
    """
    A listing and a group show the first 500 members when asked; the pages under `members` show all, in order.
    """
    sandbox.seed(1000, 7)
    group = _group(sandbox, "Town hall")
    group_id = rendering.group_id(sandbox.world, group)
    async with served() as api:
        plain = (await api.get(f"/groups/{group_id}")).json()
        first = (await api.get(f"/groups/{group.uuid}?includeMembers=true")).json()
        listed = (await api.get('/groups?includeMembers=true&filter=displayName eq "Town hall"')).json()["groups"][0]
        pages = [
            (await api.get(f"/groups/{group_id}/{word}?startIndex={start}&count=5000")).json()
            for start, word in ((1, "members"), (501, "Members"), (601, "members"))
        ]
    assert "members" not in plain
    assert 600 == plain["memberSize"] == first["memberSize"]
    assert first["members"] == listed["members"] == pages[0]["members"]
    assert [500, 100, 0] == [len(page["members"]) for page in pages]
    shown = [ids.value_of(Kind.PERSON, member["id"]) for page in pages for member in page["members"]]
    assert list(group.members) == shown
    assert {"id", "type", "displayName"} == set(first["members"][0])


async def test_a_group_is_made_with_members(api: Client, sandbox: Sandbox) -> None:
    """
    A create answers 201 with the group, which is then in the organisation.
    """
    members = _people(sandbox, 3)

    answer = await api.post(
        "/groups",
        json={"displayName": "Choir", "description": "Thursdays", "members": [{"id": id_} for id_ in members]},
    )

    assert 201 == answer.status_code
    made = answer.json()
    assert ("Choir", "Thursdays", 3) == (made["displayName"], made["description"], made["memberSize"])
    assert members == [member["id"] for member in made["members"]]
    assert made == (await api.get(f"/groups/{made['id']}?includeMembers=true")).json()
    assert 1 == sandbox.world.writes


@pytest.mark.parametrize(
    ("draft", "status"),
    [
        ({}, 400),
        ({"displayName": " "}, 400),
        ({"displayName": 7}, 400),
        ({"displayName": "Choir", "members": [{"id": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}]}, 400),
        ({"displayName": "Choir", "members": [{"id": "userId"}]}, 400),
        ({"displayName": "Choir", "orgId": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}, 403),
    ],
)
async def test_a_bad_group_is_not_made(draft: dict[str, object], status: int, api: Client, sandbox: Sandbox) -> None:
    """
    A name is required and members must exist.
    """
    answer = await api.post("/groups", json=draft)

    assert (status, 0) == (answer.status_code, sandbox.world.writes)


@pytest.mark.parametrize(("allowed", "status"), [(True, 201), (False, 409)])
async def test_two_groups_of_one_name(allowed: bool, status: int, served: Serve) -> None:  # noqa: FBT001  # the case
    """
    Whether a second group may have the same name is a habit of Webex.
    """
    async with served(duplicate_groups=allowed) as api:
        assert status == (await api.post("/groups", json={"displayName": "FINANCE"})).status_code


async def test_a_patch_changes_what_it_names(api: Client, sandbox: Sandbox) -> None:
    """
    Name, description and members change; joining twice and leaving unasked are no errors.
    """
    group = _group(sandbox, "Newly founded")
    anna, ben, cleo = _people(sandbox, 3)
    path = f"/groups/{group.uuid}"
    joins = [{"id": anna}, {"id": anna, "operation": "add"}, {"id": ben, "operation": "ADD"}]

    joined = await api.patch(path, json={"members": joins})
    left = await api.patch(
        path,
        json={
            "displayName": "Long founded",
            "members": [{"id": anna, "operation": "delete"}, {"id": cleo, "operation": "delete"}],
        },
    )

    assert [200, 200] == [joined.status_code, left.status_code]
    assert [anna, ben] == [member["id"] for member in joined.json()["members"]]
    assert [ben] == [member["id"] for member in left.json()["members"]]
    assert ("Long founded", "Nobody is in it yet") == (group.display_name, group.description)
    assert 2 == sandbox.world.writes


@pytest.mark.parametrize(
    "draft",
    [
        {"members": [{"id": "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"}]},
        {"members": [{"id": "{anna}"}, {"id": "{anna}", "operation": "remove"}]},
        {"members": [{"id": "{anna}"}] * 501},
        {"displayName": "", "members": [{"id": "{anna}"}]},
    ],
)
async def test_a_bad_patch_changes_nothing(draft: dict[str, object], api: Client, sandbox: Sandbox) -> None:
    """
    An unknown member or operation, more than 500 changes or an empty name refuse the whole request.
    """
    group = _group(sandbox, "Newly founded")
    if members := draft.get("members"):
        assert isinstance(members, list)
        anna = _people(sandbox, 1)[0]
        draft = {**draft, "members": [{**member, "id": member["id"].format(anna=anna)} for member in members]}

    answer = await api.patch(f"/groups/{group.uuid}", json=draft)

    assert (400, {}, 0) == (answer.status_code, group.members, sandbox.world.writes)


async def test_a_deleted_group_is_gone(api: Client, sandbox: Sandbox) -> None:
    """
    A delete answers 204, and 404 the second time; the members stay where they are.
    """
    group, count = _group(sandbox, "Finance"), sandbox.world.people_count

    answers = [await api.delete(f"/groups/{group.uuid}") for _ in range(2)]

    assert [204, 404] == [answer.status_code for answer in answers]
    assert group.uuid not in sandbox.world.groups
    assert count == sandbox.world.people_count


async def test_there_is_no_put(api: Client, sandbox: Sandbox) -> None:
    """
    Groups are changed by PATCH only; a malformed identifier is 400.
    """
    group = _group(sandbox, "Finance")

    assert 405 == (await api.put(f"/groups/{group.uuid}", json={"displayName": "F"})).status_code
    assert 400 == (await api.get("/groups/GROUP_ID")).status_code
