"""
Teams: listed by links, read, renamed, deleted.
"""

import pytest

from fakes.scripted_webex import Reply, Seen
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call
from webex_connector.webex.errors import NotFound, TooStrange, Withheld


async def test_teams_are_listed_to_the_end(stage: Stage) -> None:
    """
    And a walk may go on from any page.
    """

    def script(seen: Seen) -> Reply:
        link = f'<{server.uri}/teams?max=2&cursor=2>; rel="next"'
        if "cursor" in seen.query:
            return Reply(body={"items": [{"id": "t3"}]})
        return Reply(body={"items": [{"id": "t1"}, {"id": "t2"}]}, headers={"Link": link})

    server = await stage.server(script)
    teams = stage.client().teams
    pages = [page async for page in teams.list(Call(), max=2)]
    assert [["t1", "t2"], ["t3"]] == [[team["id"] for team in page.items] for page in pages]
    again = [page async for page in teams.list(Call(), max=2, start=pages[0].next_url)]
    assert [pages[1]] == again
    assert ["/v1/teams?max=2", "/v1/teams?max=2&cursor=2", "/v1/teams?max=2&cursor=2"] == [
        seen.target for seen in server.seen
    ]


async def test_a_team_is_read_written_and_deleted(stage: Stage) -> None:
    """
    Each call is one request of the documented form; a rename is a PUT.
    """
    server = await stage.server(lambda seen: Reply(204) if seen.method == "DELETE" else Reply(200, {"id": "t"}))
    teams, body = stage.client().teams, {"name": "Build"}
    assert {"id": "t"} == await teams.get("t", Call())
    assert {"id": "t"} == await teams.create(body, Call())
    assert {"id": "t"} == await teams.replace("t", body, Call())
    await teams.delete("t", Call())
    assert ["GET /v1/teams/t", "POST /v1/teams", "PUT /v1/teams/t", "DELETE /v1/teams/t"] == [
        f"{seen.method} {seen.target}" for seen in server.seen
    ]
    assert [body, body] == [seen.json() for seen in server.seen[1:3]]


async def test_a_team_without_an_id_is_too_strange(stage: Stage) -> None:
    """
    Nobody could find it again.
    """
    await stage.server(lambda _seen: Reply(200, {"name": "Build"}))
    with pytest.raises(TooStrange):
        await stage.client().teams.create({"name": "Build"}, Call())


async def test_a_team_that_cannot_be_seen_is_not_found(stage: Stage) -> None:
    """
    Webex shows only those its user is in.
    """
    await stage.server(lambda _seen: Reply(404))
    with pytest.raises(NotFound):
        await stage.client().teams.get("t", Call())


async def test_a_dry_run_changes_no_team(stage: Stage) -> None:
    """
    Every write shows its request and sends none.
    """
    server = await stage.server(lambda _seen: Reply(500))
    teams, dry = stage.client().teams, Call(dry_run=True)
    for attempt in (teams.create({}, dry), teams.replace("t", {}, dry), teams.delete("t", dry)):
        with pytest.raises(Withheld):
            await attempt
    assert [] == server.seen
