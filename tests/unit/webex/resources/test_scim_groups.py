"""
Groups by SCIM: searched, read with their members, changed in portions.
"""

from collections.abc import Sequence

import pytest

from fakes.scripted_webex import Reply, ScriptedWebex, Seen
from fakes.webex_stage import Stage
from webex_connector.webex import scim_wire
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Refused, TooStrange, Withheld
from webex_connector.webex.resources.scim_groups import ScimGroups
from webex_connector.webex.scim_wire import Search, SortBy

ORG = "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6"
FINANCE = "3e7a9c15-b04d-4f68-82d1-f5c6a09e7b24"
PLACE = f"/identity/scim/{ORG}/v2/Groups"


def groups(stage: Stage) -> ScimGroups:
    """
    The groups of the organisation.
    """
    return stage.client().scim(ORG).groups


async def group_of(stage: Stage, total: int, *, told: int | None = None) -> ScriptedWebex:
    """
    Serve a group of that many members, 500 on a page at most.
    """

    def script(seen: Seen) -> Reply:
        start, count = int(seen.query["startIndex"]), min(500, int(seen.query["count"]))
        members = [{"value": f"u{n}", "type": "user"} for n in range(start, min(start + count, total + 1))]
        return Reply(body={"displayName": "Finance", "memberSize": told or total, "members": members})

    return await stage.server(script)


async def test_a_search_is_walked_to_its_end(stage: Stage) -> None:
    """
    With its filter and order, from page to page.
    """

    def script(seen: Seen) -> Reply:
        start = int(seen.query["startIndex"])
        return Reply(body={"totalResults": 3, "Resources": [{"id": f"g{n}"} for n in range(start, min(start + 2, 4))]})

    server = await stage.server(script)
    search = Search('displayName eq "Finance"', sort_by=SortBy.DISPLAY_NAME, count=2)
    pages = [page async for page in groups(stage).search(search, Call(), include_members=True)]
    assert ["g1", "g2", "g3"] == [group["id"] for page in pages for group in page.items]
    assert [3, 3] == [page.total for page in pages]
    assert [search.parameters() | {"includeMembers": "true", "startIndex": start} for start in ("1", "3")] == [
        seen.query for seen in server.seen
    ]


@pytest.mark.parametrize(("total", "requests"), [(0, 1), (1, 1), (500, 1), (501, 2), (1200, 3)])
async def test_members_are_read_to_the_end(stage: Stage, total: int, requests: int) -> None:
    """
    Five hundred at a time, each once.
    """
    server = await group_of(stage, total)
    pages = [page async for page in groups(stage).members(FINANCE, Call())]
    assert [f"u{n}" for n in range(1, total + 1)] == [member["value"] for page in pages for member in page.items]
    assert requests == len(server.seen)
    assert {f"{PLACE}/{FINANCE}/Members"} == {seen.path for seen in server.seen}
    assert {"500"} == {seen.query["count"] for seen in server.seen}


async def test_members_may_be_read_from_any_place(stage: Stage) -> None:
    """
    A walk may go on where another one stopped.
    """
    server = await group_of(stage, 700)
    pages = [page async for page in groups(stage).members(FINANCE, Call(), start_index=699)]
    assert ["u699", "u700"] == [member["value"] for page in pages for member in page.items]
    assert 1 == len(server.seen)


async def test_a_member_without_an_id_is_too_strange(stage: Stage) -> None:
    """
    Nobody knows who that is.
    """
    await stage.server(lambda _seen: Reply(body={"memberSize": 1, "members": [{"type": "user"}]}))
    with pytest.raises(TooStrange):
        await anext(groups(stage).members(FINANCE, Call()))


async def test_members_that_are_missing_have_not_left(stage: Stage) -> None:
    """
    A part is no whole.
    """
    await group_of(stage, 5, told=9)
    with pytest.raises(TooStrange, match="empty page at 6 of 9"):
        assert [page async for page in groups(stage).members(FINANCE, Call())]


def changed(bodies: Sequence[dict[str, list[dict[str, object]]]]) -> tuple[list[str], list[str]]:
    """
    Who is added and who is removed by these PATCH bodies, in their order.
    """
    added, removed = [], []
    for body in bodies:
        for operation in body["Operations"]:
            if operation["op"] == "add":
                assert "members" == operation["path"]
                assert isinstance(operation["value"], list)
                assert {"user"} == {member["type"] for member in operation["value"]}
                added += [member["value"] for member in operation["value"]]
            else:
                assert "remove" == operation["op"]
                removed.append(str(operation["path"]).removeprefix('members[value eq "').removesuffix('"]'))
    return added, removed


async def test_members_are_changed_500_at_a_time(stage: Stage) -> None:
    """
    1,100 changes are three requests; everybody is named once.
    """
    server = await stage.server(lambda _seen: Reply(body={"id": FINANCE}))
    joining, leaving = [f"a{n}" for n in range(600)], [f"r{n}" for n in range(500)]
    await groups(stage).change_members(FINANCE, joining, leaving, Call())
    bodies = [seen.json() for seen in server.seen]
    sizes = [sum(map(len, changed([body]))) for body in bodies]
    assert [500, 500, 100] == sizes
    assert (joining, leaving) == changed(bodies)
    assert {("PATCH", f"{PLACE}/{FINANCE}")} == {(seen.method, seen.target) for seen in server.seen}


async def test_a_refused_portion_stops_the_rest(stage: Stage) -> None:
    """
    What follows a failure is not sent.
    """
    server = await stage.server(lambda _seen: Reply(400))
    with pytest.raises(Refused):
        await groups(stage).change_members(FINANCE, [f"a{n}" for n in range(600)], [], Call())
    assert 1 == len(server.seen)


async def test_no_change_is_no_request(stage: Stage) -> None:
    """
    Nothing to do costs nothing.
    """
    server = await stage.server(lambda _seen: Reply(500))
    await groups(stage).change_members(FINANCE, [], [], Call())
    assert [] == server.seen


async def test_a_group_is_read_written_and_deleted(stage: Stage) -> None:
    """
    Each call is one request of the documented form; members come only if asked for.
    """
    server = await stage.server(lambda seen: Reply(204) if seen.method == "DELETE" else Reply(200, {"id": FINANCE}))
    scim, body = groups(stage), {"displayName": "Finance"}
    operations = [scim_wire.replace("displayName", "Treasury")]
    answers = [
        await scim.get(FINANCE, Call()),
        await scim.get(FINANCE, Call(), include_members=True),
        await scim.create(body, Call()),
        await scim.patch(FINANCE, operations, Call()),
        await scim.replace(FINANCE, body, Call()),
    ]
    await scim.delete(FINANCE, Call())
    assert [{"id": FINANCE}] * 5 == answers
    assert [
        f"GET {PLACE}/{FINANCE}?excludedAttributes=members",
        f"GET {PLACE}/{FINANCE}",
        f"POST {PLACE}",
        f"PATCH {PLACE}/{FINANCE}",
        f"PUT {PLACE}/{FINANCE}",
        f"DELETE {PLACE}/{FINANCE}",
    ] == [f"{seen.method} {seen.target}" for seen in server.seen]
    patched = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}
    assert [body, patched, body] == [seen.json() for seen in server.seen[2:5]]


async def test_an_answer_about_another_group_is_too_strange(stage: Stage) -> None:
    """
    No group is taken for another.
    """
    await stage.server(lambda _seen: Reply(200, {"id": "5e0a"}))
    with pytest.raises(TooStrange):
        await groups(stage).get(FINANCE, Call())


async def test_a_change_without_an_answer_is_no_error(stage: Stage) -> None:
    """
    RFC 7644 allows 204 after a PATCH.
    """
    await stage.server(lambda _seen: Reply(204))
    assert await groups(stage).patch(FINANCE, [], Call()) is None
    assert await groups(stage).replace(FINANCE, {}, Call()) is None


async def test_a_dry_run_changes_no_group(stage: Stage) -> None:
    """
    Every write shows its request and sends none.
    """
    server = await stage.server(lambda _seen: Reply(500))
    scim, dry = groups(stage), Call(dry_run=True)
    attempts = [
        scim.create({}, dry),
        scim.patch(FINANCE, [], dry),
        scim.change_members(FINANCE, ["a"], [], dry),
        scim.replace(FINANCE, {}, dry),
        scim.delete(FINANCE, dry),
    ]
    for attempt in attempts:
        with pytest.raises(Withheld):
            await attempt
    assert [] == server.seen
