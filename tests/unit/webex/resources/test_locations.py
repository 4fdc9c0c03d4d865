"""
Locations: listed by links, read, written, deleted.
"""

import pytest

from fakes.scripted_webex import Reply, Seen
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Conflict, TooStrange, Withheld


async def test_locations_are_listed_to_the_end(stage: Stage) -> None:
    """
    With the part of the name that was asked for on every page.
    """

    def script(seen: Seen) -> Reply:
        link = f'<{server.uri}/locations?cursor=2>; rel="next"'
        if "cursor" in seen.query:
            return Reply(body={"items": [{"id": "l2"}]})
        return Reply(body={"items": [{"id": "l1"}]}, headers={"Link": link})

    server = await stage.server(script)
    locations = stage.client().locations
    pages = [page async for page in locations.list(Call(), name="Ber & lin")]
    assert ["l1", "l2"] == [each["id"] for page in pages for each in page.items]
    assert [("Ber & lin", "500")] * 2 == [(seen.query["name"], seen.query["max"]) for seen in server.seen]
    assert [pages[1]] == [page async for page in locations.list(Call(), name="Ber & lin", start=pages[0].next_url)]
    assert [page async for page in locations.list(Call(), max=9)]
    assert {"max": "9"} == server.seen[-2].query


async def test_a_location_is_read_written_and_deleted(stage: Stage) -> None:
    """
    Each call is one request of the documented form; a creation tells the id alone, a change nothing.
    """
    answers = {"GET": Reply(200, {"id": "l"}), "POST": Reply(201, {"id": "l"})}
    server = await stage.server(lambda seen: answers.get(seen.method, Reply(204)))
    locations, body = stage.client().locations, {"name": "Berlin"}
    assert {"id": "l"} == await locations.get("l", Call())
    assert "l" == await locations.create(body, Call())
    await locations.update("l", body, Call())
    await locations.delete("l", Call())
    assert ["GET /v1/locations/l", "POST /v1/locations", "PUT /v1/locations/l", "DELETE /v1/locations/l"] == [
        f"{seen.method} {seen.target}" for seen in server.seen
    ]
    assert [body, body] == [seen.json() for seen in server.seen[1:3]]


async def test_a_creation_without_an_id_is_too_strange(stage: Stage) -> None:
    """
    It may be there, but nobody knows where.
    """
    await stage.server(lambda _seen: Reply(201, {}))
    with pytest.raises(TooStrange):
        await stage.client().locations.create({}, Call())


async def test_a_location_in_use_is_a_conflict(stage: Stage) -> None:
    """
    With the words of Webex.
    """
    body = {"message": "in use", "errors": [{"description": "being referenced"}]}
    await stage.server(lambda _seen: Reply(409, body))
    with pytest.raises(Conflict, match="being referenced"):
        await stage.client().locations.delete("l", Call())


async def test_a_dry_run_changes_no_location(stage: Stage) -> None:
    """
    Every write shows its request and sends none.
    """
    server = await stage.server(lambda _seen: Reply(500))
    locations, dry = stage.client().locations, Call(dry_run=True)
    for attempt in (locations.create({}, dry), locations.update("l", {}, dry), locations.delete("l", dry)):
        with pytest.raises(Withheld):
            await attempt
    assert [] == server.seen
