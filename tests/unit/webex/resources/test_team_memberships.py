"""
Team memberships: listed for one team, given, changed, taken.
"""

import pytest

from fakes.scripted_webex import Reply, Seen
from fakes.webex_stage import Stage
from webex_connector.webex.call import Call
from webex_connector.webex.errors import Conflict, Refused, Withheld


async def test_the_memberships_of_a_team_are_listed_to_the_end(stage: Stage) -> None:
    """
    Of that team on every page, also when the link forgets it.
    """

    def script(seen: Seen) -> Reply:
        link = f'<{server.uri}/team/memberships?max=2&cursor=2>; rel="next"'
        if "cursor" in seen.query:
            return Reply(body={"items": [{"id": "m3"}]})
        return Reply(body={"items": [{"id": "m1"}, {"id": "m2"}]}, headers={"Link": link})

    server = await stage.server(script)
    pages = [page async for page in stage.client().team_memberships.list("t", Call(), max=2)]
    assert ["m1", "m2", "m3"] == [each["id"] for page in pages for each in page.items]
    resumed = stage.client().team_memberships.list("t", Call(), max=2, start=pages[0].next_url)
    assert [pages[1]] == [page async for page in resumed]
    assert [("t", "2")] * 3 == [(seen.query["teamId"], seen.query["max"]) for seen in server.seen]


async def test_a_membership_is_read_written_and_deleted(stage: Stage) -> None:
    """
    Each call is one request of the documented form.
    """
    server = await stage.server(lambda seen: Reply(204) if seen.method == "DELETE" else Reply(200, {"id": "m"}))
    memberships = stage.client().team_memberships
    assert {"id": "m"} == await memberships.get("m", Call())
    assert {"id": "m"} == await memberships.create("t", "p", Call())
    assert {"id": "m"} == await memberships.create("t", "p", Call(), is_moderator=True)
    assert {"id": "m"} == await memberships.update("m", Call(), is_moderator=False)
    await memberships.delete("m", Call())
    assert [
        "GET /v1/team/memberships/m",
        "POST /v1/team/memberships",
        "POST /v1/team/memberships",
        "PUT /v1/team/memberships/m",
        "DELETE /v1/team/memberships/m",
    ] == [f"{seen.method} {seen.target}" for seen in server.seen]
    assert [
        {"teamId": "t", "personId": "p", "isModerator": False},
        {"teamId": "t", "personId": "p", "isModerator": True},
        {"isModerator": False},
    ] == [seen.json() for seen in server.seen[1:4]]


async def test_webexs_refusals_are_told_apart(stage: Stage) -> None:
    """
    A member there already, and the last moderator.
    """
    await stage.server(lambda seen: Reply(409 if seen.method == "POST" else 400))
    memberships = stage.client().team_memberships
    with pytest.raises(Conflict):
        await memberships.create("t", "p", Call())
    with pytest.raises(Refused):
        await memberships.delete("m", Call())


async def test_a_dry_run_changes_no_membership(stage: Stage) -> None:
    """
    Every write shows its request and sends none.
    """
    server = await stage.server(lambda _seen: Reply(500))
    memberships, dry = stage.client().team_memberships, Call(dry_run=True)
    attempts = [
        memberships.create("t", "p", dry),
        memberships.update("m", dry, is_moderator=True),
        memberships.delete("m", dry),
    ]
    for attempt in attempts:
        with pytest.raises(Withheld):
            await attempt
    assert [] == server.seen
