"""
Users by SCIM: searched to the end, read, patched, replaced, deleted.
"""

from typing import Any

import pytest

from fakes.scripted_webex import Reply, ScriptedWebex, Seen
from fakes.webex_stage import Stage
from webex_connector.webex import scim_wire
from webex_connector.webex.call import Call
from webex_connector.webex.errors import (
    AnswerLost,
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    ServerFailed,
    TooStrange,
    Withheld,
)
from webex_connector.webex.ids import encode
from webex_connector.webex.paging import Page
from webex_connector.webex.resources.scim_users import ScimUsers
from webex_connector.webex.scim_wire import Search, SortBy

ORG = "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6"
ANA = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
PLACE = f"/identity/scim/{ORG}/v2/Users"
EXTENSION = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"


def users(stage: Stage) -> ScimUsers:
    """
    The users of the organisation.
    """
    return stage.client().scim(ORG).users


async def directory(stage: Stage, total: int, *, largest: int = 100, told: int | None = None) -> ScriptedWebex:
    """
    Serve that many users, in pages no larger than `largest`.
    """

    def script(seen: Seen) -> Reply:
        start, count = int(seen.query["startIndex"]), int(seen.query["count"])
        items = [{"id": f"u{n}"} for n in range(start, min(start + min(count, largest), total + 1))]
        size = total if told is None else told
        return Reply(body={"totalResults": size, "itemsPerPage": len(items), "startIndex": start, "Resources": items})

    return await stage.server(script)


async def walk(stage: Stage, search: Search | None = None, **options: Any) -> list[Page]:
    """
    Search to the end.
    """
    return [page async for page in users(stage).search(search or Search(), Call(), **options)]


def ids(pages: list[Page]) -> list[str]:
    """
    The ids on these pages.
    """
    return [item["id"] for page in pages for item in page.items]


@pytest.mark.parametrize(("total", "requests"), [(0, 1), (1, 1), (100, 1), (101, 2), (250, 3)])
async def test_a_search_is_walked_to_its_end(stage: Stage, total: int, requests: int) -> None:
    """
    Nobody is missed, nobody comes twice, no request is wasted, and each page tells the size of the whole.
    """
    server = await directory(stage, total)
    pages = await walk(stage)
    assert [f"u{n}" for n in range(1, total + 1)] == ids(pages)
    assert {total} == {page.total for page in pages}
    assert requests == len(server.seen)
    assert {PLACE} == {seen.path for seen in server.seen}


async def test_short_pages_move_on_by_what_they_held(stage: Stage) -> None:
    """
    Webex's limit is not published; whatever it is, the walk goes on from there.
    """
    server = await directory(stage, 25, largest=10)
    assert 25 == len(ids(await walk(stage)))
    assert 5 == len(ids(await walk(stage, start_index=21)))
    assert ["1", "11", "21", "21"] == [seen.query["startIndex"] for seen in server.seen]


async def test_what_is_asked_for_stands_on_every_page(stage: Stage) -> None:
    """
    A plus sign in a filter is a plus sign.
    """
    server = await directory(stage, 3)
    search = Search('userName eq "a+b@acme.example"', ("userName",), sort_by=SortBy.LAST_MODIFIED, count=2)
    await walk(stage, search, return_groups=True)
    expected = {
        "filter": 'userName eq "a+b@acme.example"',
        "attributes": "userName",
        "sortBy": "meta.lastModified",
        "sortOrder": "ascending",
        "count": "2",
        "returnGroups": "true",
    }
    assert [expected | {"startIndex": start} for start in ("1", "3")] == [seen.query for seen in server.seen]
    assert "a%2Bb" in server.seen[0].target
    assert {"application/json, application/scim+json"} == {seen.headers["accept"] for seen in server.seen}


async def test_users_that_are_missing_are_not_gone(stage: Stage) -> None:
    """
    Webex says 30 and shows 25: the walk fails, and nobody takes five people for deleted.
    """
    await directory(stage, 25, told=30)
    with pytest.raises(TooStrange, match="empty page at 26 of 30"):
        await walk(stage)


async def test_an_unknown_filter_is_refused_with_its_code(stage: Stage) -> None:
    """
    With the sentence, although Webex spells the key otherwise than the RFC.
    """
    body = {"status": "400", "scimType": "invalidFilter", "details": "no such column"}
    server = await stage.server(lambda _seen: Reply(400, body))
    with pytest.raises(Refused) as caught:
        await walk(stage, Search("active eq true"))
    assert (("invalidFilter",), ("no such column",)) == (caught.value.codes, caught.value.descriptions)
    assert 1 == len(server.seen)


async def test_a_user_is_read_written_and_deleted(stage: Stage) -> None:
    """
    Each call is one request of the documented form.
    """
    server = await stage.server(lambda seen: Reply(204) if seen.method == "DELETE" else Reply(200, {"id": ANA}))
    scim, body = users(stage), {"userName": "ana@acme.example"}
    operations = [scim_wire.replace("active", value=False)]
    answers = [
        await scim.get(ANA, Call()),
        await scim.me(Call()),
        await scim.create(body, Call()),
        await scim.patch(ANA, operations, Call()),
        await scim.replace(ANA, body, Call()),
    ]
    await scim.delete(ANA, Call())
    assert [{"id": ANA}] * 5 == answers
    assert [
        f"GET {PLACE}/{ANA}",
        "GET /identity/scim/v2/Users/me",
        f"POST {PLACE}",
        f"PATCH {PLACE}/{ANA}",
        f"PUT {PLACE}/{ANA}",
        f"DELETE {PLACE}/{ANA}",
    ] == [f"{seen.method} {seen.target}" for seen in server.seen]
    patched = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations}
    assert [body, patched, body] == [seen.json() for seen in server.seen[2:5]]
    assert {"Bearer good-token"} == {seen.headers["authorization"] for seen in server.seen}


async def test_an_organisation_is_known_by_either_of_its_ids(stage: Stage) -> None:
    """
    SCIM's paths want the bare UUID; anything that holds none is told before a request is made.
    """
    server = await stage.server(lambda _seen: Reply(200, {"id": ANA}))
    client = stage.client()
    await client.scim(encode("ORGANIZATION", ORG)).users.get(ANA, Call())
    assert f"{PLACE}/{ANA}" == server.seen[0].target
    with pytest.raises(ValueError, match="id"):
        client.scim("../v2")


async def test_a_change_without_an_answer_is_no_error(stage: Stage) -> None:
    """
    RFC 7644 allows 204 after a PATCH.
    """
    await stage.server(lambda _seen: Reply(204))
    assert await users(stage).patch(ANA, [], Call()) is None
    assert await users(stage).replace(ANA, {}, Call()) is None


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": "d19f3c77-5e0a-4b62-b8d4-6a2f90c1e83d"}])
async def test_an_answer_about_somebody_else_is_too_strange(stage: Stage, body: dict[str, object]) -> None:
    """
    Nobody is taken for another.
    """
    await stage.server(lambda _seen: Reply(200, body))
    for attempt in (users(stage).get(ANA, Call()), users(stage).patch(ANA, [], Call())):
        with pytest.raises(TooStrange):
            await attempt


async def test_the_case_of_an_id_means_nothing(stage: Stage) -> None:
    """
    UUIDs are the same in capitals (RFC 9562, section 4).
    """
    await stage.server(lambda _seen: Reply(200, {"id": ANA}))
    assert {"id": ANA} == await users(stage).get(ANA.upper(), Call())


@pytest.mark.parametrize("id_", ["me", "ME", "", "..", "."])
async def test_an_id_that_would_lead_elsewhere_is_nobodys(stage: Stage, id_: str) -> None:
    """
    Deleting "me" would delete the administrator, deleting "" who knows whom.
    """
    server = await stage.server(lambda _seen: Reply(204))
    with pytest.raises(NotFound):
        await users(stage).delete(id_, Call())
    assert [] == server.seen


async def test_a_taken_name_is_a_conflict_with_webexs_tracking_id(stage: Stage) -> None:
    """
    Cisco's own part of the error is the most telling one.
    """
    extension = {"trackingId": "ROUTER_7", "errorCode": "100200", "details": "taken"}
    body = {"status": "409", "scimType": "uniqueness", "detail": "conflict", EXTENSION: extension}
    await stage.server(lambda _seen: Reply(409, body))
    with pytest.raises(Conflict) as caught:
        await users(stage).create({}, Call())
    assert ("ROUTER_7", ("100200", "uniqueness")) == (caught.value.tracking_id, caught.value.codes)
    assert ("taken", "conflict") == caught.value.descriptions


async def test_a_missing_scope_is_told_in_the_gateways_words(stage: Stage) -> None:
    """
    It answers in the form of `/v1`.
    """
    body = {"message": "missing required scopes", "trackingId": "ROUTER_8"}
    await stage.server(lambda _seen: Reply(403, body))
    with pytest.raises(Forbidden, match=r"missing required scopes \(tracking id ROUTER_8\)"):
        await users(stage).me(Call())


@pytest.mark.parametrize("reply", [Reply(503), Reply(200, {"id": ANA}, cut_after=20)])
async def test_a_read_is_repeated_and_a_write_is_not(stage: Stage, reply: Reply) -> None:
    """
    The rules are those of `/v1`.
    """
    answers = [reply, Reply(200, {"id": ANA})]
    server = await stage.server(lambda _seen: answers[min(len(server.seen) - 1, 1)])
    assert {"id": ANA} == await users(stage).get(ANA, Call())
    server.seen.clear()
    with pytest.raises((ServerFailed, AnswerLost)):
        await users(stage).patch(ANA, [], Call())
    assert 1 == len(server.seen)


async def test_a_dry_run_changes_no_user(stage: Stage) -> None:
    """
    Every write shows its request and sends none.
    """
    server = await stage.server(lambda _seen: Reply(500))
    scim, dry = users(stage), Call(dry_run=True)
    for attempt in (scim.create({}, dry), scim.patch(ANA, [], dry), scim.replace(ANA, {}, dry), scim.delete(ANA, dry)):
        with pytest.raises(Withheld):
            await attempt
    assert [] == server.seen
