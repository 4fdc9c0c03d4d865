"""
Groups: counted pages, and members changed in portions.
"""

from typing import Any

import pytest

from fakes.scripted_webex import Reply, ScriptedWebex, Seen
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Refused, ServerFailed, TooStrange, Withheld
from webex_connector.webex.paging import Page


async def directory(stage: Stage, total: int, *, largest: int = 100, told: int | None = None) -> ScriptedWebex:
    """
    Serve that many groups, each with as many members, in pages no larger than `largest`.
    """

    def script(seen: Seen) -> Reply:
        start, count = int(seen.query.get("startIndex", "1")), int(seen.query.get("count", "10"))
        items = [{"id": f"x{n}"} for n in range(start, min(start + min(count, largest), total + 1))]
        if seen.path.endswith("/members"):
            return Reply(body={"id": "g", "memberSize": told if told is not None else total, "members": items})
        return Reply(body={"totalResults": told if told is not None else total, "groups": items})

    return await stage.server(script)


async def walk(stage: Stage, **options: Any) -> list[Page]:
    """
    List all groups.
    """
    return [page async for page in stage.client().groups.list(Call(), **options)]


def ids(pages: list[Page]) -> list[str]:
    """
    The ids on these pages.
    """
    return [item["id"] for page in pages for item in page.items]


@pytest.mark.parametrize(("total", "requests"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
async def test_groups_are_counted_to_their_end(stage: Stage, total: int, requests: int) -> None:
    """
    No group is missed, none comes twice, and no request is wasted.
    """
    server = await directory(stage, total)
    assert [f"x{n}" for n in range(1, total + 1)] == ids(await walk(stage))
    assert requests == len(server.seen)


async def test_short_pages_move_on_by_what_they_held(stage: Stage) -> None:
    """
    A server that gives fewer than asked for is asked from there on.
    """
    server = await directory(stage, 25, largest=10)
    assert 25 == len(ids(await walk(stage)))
    assert ["1", "11", "21"] == [seen.query["startIndex"] for seen in server.seen]


async def test_the_list_is_ordered_and_may_be_filtered(stage: Stage) -> None:
    """
    A walk by index over an unordered set would mean nothing.
    """
    server = await directory(stage, 1)
    await walk(stage, display_name_filter='displayName sw "Fin"', include_members=True, count=7)
    expected = {
        "sortBy": "id",
        "sortOrder": "ascending",
        "count": "7",
        "filter": 'displayName sw "Fin"',
        "includeMembers": "true",
        "startIndex": "1",
    }
    assert expected == server.seen[0].query


async def test_an_empty_page_before_the_end_is_too_strange(stage: Stage) -> None:
    """
    Webex says 30 and shows 25: five groups are missing, and nobody may believe they were deleted.
    """
    await directory(stage, 25, told=30)
    with pytest.raises(TooStrange, match="empty page at 26 of 30"):
        await walk(stage)


@pytest.mark.parametrize("body", [{"totalResults": 3}, {"groups": None, "totalResults": 0}, {"groups": ["x"]}])
async def test_a_page_without_groups_is_too_strange(stage: Stage, body: dict[str, object]) -> None:
    """
    Only an empty whole may leave its list out.
    """
    await stage.server(lambda _seen: Reply(body=body))
    with pytest.raises(TooStrange):
        await walk(stage)


async def test_without_a_total_the_walk_ends_with_an_empty_page(stage: Stage) -> None:
    """
    Where Webex does not say how many there are, asking until nothing comes is the only way.
    """

    def script(seen: Seen) -> Reply:
        start = int(seen.query["startIndex"])
        return Reply(body={"groups": [{"id": f"x{start}"}] if start <= 3 else []})

    await stage.server(script)
    assert ["x1", "x2", "x3"] == ids(await walk(stage))


async def test_a_failed_third_page_fails_the_listing(stage: Stage) -> None:
    """
    As for people: a part is no whole.
    """
    server = await directory(stage, 30, largest=10)
    good = server._script
    server._script = lambda seen: Reply(500) if seen.query["startIndex"] == "21" else good(seen)
    listing = stage.client().groups.list(Call())
    assert 20 == len(ids([await anext(listing), await anext(listing)]))
    with pytest.raises(ServerFailed):
        await anext(listing)


async def test_members_are_read_500_at_a_time_from_any_place(stage: Stage) -> None:
    """
    A walk may go on where another one stopped.
    """
    server = await directory(stage, 1200, largest=500)
    groups = stage.client().groups
    assert 1200 == len(ids([page async for page in groups.members("g", Call())]))
    assert 200 == len(ids([page async for page in groups.members("g", Call(), 1001)]))
    assert ["1", "501", "1001", "1001"] == [seen.query["startIndex"] for seen in server.seen]
    assert {("/v1/groups/g/members", "500")} == {(seen.path, seen.query["count"]) for seen in server.seen}


async def test_a_group_without_members_may_leave_the_list_out(stage: Stage) -> None:
    """
    Nothing of nothing is complete.
    """
    await stage.server(lambda _seen: Reply(body={"id": "g", "memberSize": 0}))
    assert [] == ids([page async for page in stage.client().groups.members("g", Call())])


async def test_members_are_changed_500_at_a_time(stage: Stage) -> None:
    """
    1,100 changes are three requests; everybody is named once, with Webex's words for it.
    """
    server = await stage.server(lambda _seen: Reply(body={"id": "g"}))
    add, remove = [f"a{n}" for n in range(600)], [f"r{n}" for n in range(500)]
    await stage.client().groups.change_members("g", add, remove, Call())
    sent = [seen.json()["members"] for seen in server.seen]
    assert [500, 500, 100] == [len(portion) for portion in sent]
    expected = [{"id": id_, "operation": "add"} for id_ in add]
    expected += [{"id": id_, "operation": "delete"} for id_ in remove]
    assert expected == [change for portion in sent for change in portion]
    assert {("PATCH", "/v1/groups/g")} == {(seen.method, seen.path) for seen in server.seen}


async def test_a_refused_portion_stops_the_rest(stage: Stage) -> None:
    """
    What follows a failure is not sent.
    """
    server = await stage.server(lambda _seen: Reply(400))
    with pytest.raises(Refused):
        await stage.client().groups.change_members("g", [f"a{n}" for n in range(600)], [], Call())
    assert 1 == len(server.seen)


async def test_no_change_is_no_request(stage: Stage) -> None:
    """
    Nothing to do costs nothing.
    """
    server = await stage.server(lambda _seen: Reply(500))
    await stage.client().groups.change_members("g", [], [], Call())
    assert [] == server.seen


async def test_a_group_is_read_written_and_deleted(stage: Stage) -> None:
    """
    Each call is one request of the documented form.
    """
    server = await stage.server(lambda seen: Reply(204) if seen.method == "DELETE" else Reply(201, {"id": "g"}))
    groups, body = stage.client().groups, {"displayName": "Finance"}
    assert {"id": "g"} == await groups.get("g", Call())
    assert {"id": "g"} == await groups.get("g", Call(), include_members=True)
    assert {"id": "g"} == await groups.create(body, Call())
    assert {"id": "g"} == await groups.update("g", body, Call())
    await groups.delete("g", Call())
    assert [
        "GET /v1/groups/g",
        "GET /v1/groups/g?includeMembers=true",
        "POST /v1/groups",
        "PATCH /v1/groups/g",
        "DELETE /v1/groups/g",
    ] == [f"{seen.method} {seen.target}" for seen in server.seen]
    assert [body, body] == [seen.json() for seen in server.seen[2:4]]


async def test_a_dry_run_changes_no_group(stage: Stage) -> None:
    """
    Every write shows its request and sends none.
    """
    server = await stage.server(lambda _seen: Reply(500))
    groups, dry = stage.client().groups, Call(dry_run=True)
    writes = [
        groups.create({}, dry),
        groups.update("g", {}, dry),
        groups.change_members("g", ["a"], [], dry),
        groups.delete("g", dry),
    ]
    for attempt in writes:
        with pytest.raises(Withheld):
            await attempt
    assert [] == server.seen
