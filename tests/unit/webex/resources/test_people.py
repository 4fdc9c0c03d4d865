"""
People: which requests are made of them, and how a listing is walked.
"""

from collections.abc import Callable

import pytest

from fakes.scripted_webex import Reply, ScriptedWebex, Seen
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call, Lane
from webex_connector.webex.errors import Forbidden, NotFound, ServerFailed, TooStrange, WebexError, Withheld
from webex_connector.webex.ids import encode
from webex_connector.webex.paging import Page
from webex_connector.webex.resources.people import MOST_IDS, PeopleQuery

ALL = PeopleQuery()


def pages_of(sizes: list[int], server: Callable[[], ScriptedWebex]) -> Callable[[Seen], Reply]:
    """
    Serve pages of these sizes, each with a cursor to the next one that carries nothing else.
    """

    def script(seen: Seen) -> Reply:
        number = int(seen.query.get("cursor", "0"))
        first = sum(sizes[:number])
        items = [{"id": f"p{index}"} for index in range(first, first + sizes[number])]
        more = f'<{server().uri}/people?cursor={number + 1}>; rel="next"' if number + 1 < len(sizes) else ""
        return Reply(body={"items": items}, headers={"Link": more})

    return script


async def listed(stage: Stage, sizes: list[int], query: PeopleQuery = ALL) -> tuple[list[Page], list[Seen]]:
    """
    List everybody from a server with pages of these sizes.
    """
    server = await stage.server(pages_of(sizes, lambda: server))
    return [page async for page in stage.client().people.list(query, Call())], server.seen


@pytest.mark.parametrize("sizes", [[3], [0], [2, 2, 1], [2, 0, 0, 2], [0, 1], [1, 0], [1] * 40])
async def test_every_page_is_read_to_its_end(stage: Stage, sizes: list[int]) -> None:
    """
    Short and empty pages are no end; the missing link is.
    """
    pages, seen = await listed(stage, sizes)
    assert sizes == [len(page.items) for page in pages]
    assert [f"p{index}" for index in range(sum(sizes))] == [item["id"] for page in pages for item in page.items]
    assert len(sizes) == len(seen)


async def test_ten_thousand_people_take_ten_requests(stage: Stage) -> None:
    """
    The page is as large as Webex takes it.
    """
    _, seen = await listed(stage, [1000] * 10)
    assert 10 == len(seen)
    assert "1000" == seen[0].query["max"]


async def test_what_the_next_link_lost_is_asked_for_again(stage: Stage) -> None:
    """
    The scripted cursors carry no filter, as Webex's have at times not; every request has it all the same.
    """
    _, seen = await listed(stage, [1, 1, 1], PeopleQuery(display_name="Ana", exclude_status=True))
    assert [("Ana", "true", "1000")] * 3 == [
        (each.query["displayName"], each.query["excludeStatus"], each.query["max"]) for each in seen
    ]


async def test_a_listing_can_go_on_where_another_stopped(stage: Stage) -> None:
    """
    A page tells where the next one is, and a new listing may start there.
    """
    server = await stage.server(pages_of([2, 2, 2], lambda: server))
    people = stage.client().people
    first = [page async for page in people.list(ALL, Call())]
    again = [page async for page in people.list(ALL, Call(), start=first[0].next_url)]
    assert first[1:] == again


@pytest.mark.parametrize(
    ("third", "kind"),
    [
        (Reply(500), ServerFailed),
        (Reply(403), Forbidden),
        (Reply(body={"items": None}), TooStrange),
        (Reply(body={}), TooStrange),
        (Reply(body={"items": [], "message": "x"}, status=404), NotFound),
    ],
)
async def test_a_failed_third_page_fails_the_listing(stage: Stage, third: Reply, kind: type[WebexError]) -> None:
    """
    Two good pages are no answer; nobody may take them for everybody.
    """
    good = pages_of([2, 2, 2], lambda: server)
    server = await stage.server(lambda seen: third if seen.query.get("cursor") == "2" else good(seen))
    listing = stage.client().people.list(ALL, Call())
    assert [2, 2] == [len((await anext(listing)).items) for _ in range(2)]
    with pytest.raises(kind):
        await anext(listing)


async def test_a_listing_that_would_never_end_is_too_strange(stage: Stage) -> None:
    """
    A page that points to one already read is an error, not a day's work.
    """

    def script(seen: Seen) -> Reply:
        other = "2" if seen.query.get("cursor") == "1" else "1"
        return Reply(body={"items": []}, headers={"Link": f'<{server.uri}/people?cursor={other}>; rel="next"'})

    server = await stage.server(script)
    with pytest.raises(TooStrange, match="never end"):
        _ = [page async for page in stage.client().people.list(ALL, Call())]
    assert 3 == len(server.seen)


async def test_a_next_page_on_another_host_gets_no_token(stage: Stage) -> None:
    """
    The listing fails before anything is sent there.
    """
    elsewhere = await stage.server(lambda _seen: Reply(body={"items": []}))
    link = f'<{elsewhere.uri}/people?cursor=1>; rel="next"'
    await stage.server(lambda _seen: Reply(body={"items": []}, headers={"Link": link}))
    with pytest.raises(TooStrange, match="another host"):
        _ = [page async for page in stage.client().people.list(ALL, Call())]
    assert [] == elsewhere.seen


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ALL, {"max": "1000"}),
        (PeopleQuery(email="a@b.example"), {"max": "1000", "email": "a@b.example"}),
        (PeopleQuery(ids=("1", "2"), max=10), {"max": "10", "id": "1,2"}),
        (PeopleQuery(roles=("r1", "r2")), {"max": "1000", "roles": "r1,r2"}),
        (PeopleQuery(calling_data=True), {"max": "100", "callingData": "true"}),
        (PeopleQuery(calling_data=True, max=7), {"max": "7", "callingData": "true"}),
        (
            PeopleQuery(location_id="l", calling_data=True),
            {"max": "50", "callingData": "true", "locationId": "l"},
        ),
        (
            PeopleQuery(display_name="Ana", exclude_status=True),
            {"max": "1000", "displayName": "Ana", "excludeStatus": "true"},
        ),
    ],
)
def test_the_query_asks_for_no_more_than_webex_gives(query: PeopleQuery, expected: dict[str, str]) -> None:
    """
    Calling data and locations lower the page; what is not asked for is not sent.
    """
    assert expected == query.parameters()


def test_too_many_ids_are_refused_here() -> None:
    """
    Webex would refuse them after the request was paid for.
    """
    PeopleQuery(ids=("x",) * MOST_IDS)
    with pytest.raises(ValueError, match="85"):
        PeopleQuery(ids=("x",) * (MOST_IDS + 1))


async def test_one_person_is_read_written_and_deleted(stage: Stage) -> None:
    """
    Each call is one request of the documented form.
    """
    ana = {"id": "x", "emails": ["ana@acme.example"]}
    server = await stage.server(lambda seen: Reply(204) if seen.method == "DELETE" else Reply(body=ana))
    people, body = stage.client().people, {"displayName": "Ana"}
    assert ana == await people.get("a/b", Call(), calling_data=True)
    assert ana == await people.me(Call())
    assert ana == await people.create(body, Call())
    assert ana == await people.replace("x", body, Call(), calling_data=True, show_all_types=True)
    await people.delete("x", Call())
    assert [
        "GET /v1/people/a%2Fb?callingData=true",
        "GET /v1/people/me",
        "POST /v1/people",
        "PUT /v1/people/x?callingData=true&showAllTypes=true",
        "DELETE /v1/people/x",
    ] == [f"{seen.method} {seen.target}" for seen in server.seen]
    assert [body, body] == [seen.json() for seen in server.seen[2:4]]


@pytest.mark.parametrize("rest", [{}, {"emails": []}, {"emails": None}, {"emails": "ana@acme.example"}])
async def test_a_person_without_an_address_is_too_strange(stage: Stage, rest: dict[str, object]) -> None:
    """
    Nobody may take it for the person, and write a replacement made of it.
    """
    await stage.server(lambda _seen: Reply(body={"id": "x", **rest}))
    people = stage.client().people
    for answered in (people.get("x", Call()), people.create({}, Call()), people.replace("x", {}, Call())):
        with pytest.raises(TooStrange, match="without an address"):
            await answered


async def test_another_person_than_the_one_asked_for_is_too_strange(stage: Stage) -> None:
    """
    A replacement made of somebody else's data would make two people one. A bare UUID and the id around it are the same.
    """
    uuid, other = "3e7a9c15-b04d-4f68-82d1-f5c6a09e7b24", "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
    ana = {"id": encode("PEOPLE", uuid), "emails": ["ana@acme.example"]}
    await stage.server(lambda _seen: Reply(body=ana))
    people = stage.client().people
    assert ana == await people.get(uuid, Call())
    assert ana == await people.get(encode("PEOPLE", uuid), Call())
    for answered in (people.get(encode("PEOPLE", other), Call()), people.replace(other, {}, Call())):
        with pytest.raises(TooStrange, match="another person"):
            await answered


@pytest.mark.parametrize("uid", ["me", "ME"])
async def test_whoever_owns_the_token_is_nobodys_id(stage: Stage, uid: str) -> None:
    """
    Nobody deletes the administrator by a word, and nothing is sent.
    """
    server = await stage.server(lambda _seen: Reply(204))
    people = stage.client().people
    for refused in (people.get(uid, Call()), people.replace(uid, {}, Call()), people.delete(uid, Call())):
        with pytest.raises(NotFound):
            await refused
    assert [] == server.seen


async def test_a_replacement_may_be_answered_without_the_person(stage: Stage) -> None:
    """
    204 is a success that tells nothing more.
    """
    await stage.server(lambda _seen: Reply(204))
    assert await stage.client().people.replace("x", {}, Call()) is None


async def test_an_unknown_person_is_not_found(stage: Stage) -> None:
    """
    Reading and deleting tell the same.
    """
    await stage.server(lambda _seen: Reply(404, {"message": "gone", "trackingId": "ROUTER_1"}))
    people = stage.client().people
    for attempt in (people.get("x", Call()), people.delete("x", Call())):
        with pytest.raises(NotFound):
            await attempt


async def test_a_dry_run_changes_nobody(stage: Stage) -> None:
    """
    Every write shows its request and sends none.
    """
    server = await stage.server(lambda _seen: Reply(500))
    people, dry = stage.client().people, Call(Lane.BULK, dry_run=True)
    for attempt in (people.create({"a": 1}, dry), people.replace("x", {"a": 1}, dry), people.delete("x", dry)):
        with pytest.raises(Withheld):
            await attempt
    assert [] == server.seen
