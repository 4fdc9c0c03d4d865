"""
`/teams` (https://developer.webex.com/docs/api/v1/teams).
"""

from webex_connector.sandbox import paging, rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.rules import teams as rules
from webex_connector.sandbox.rules.teams import TeamDraft
from webex_connector.sandbox.world import World

_PAGE = 100


def search(world: World, request: Request) -> Reply:
    """
    Answer a page of the teams of the token's person.
    """
    limit = request.number("max", _PAGE)
    cursor = paging.cursor_in(request.query)
    page = paging.cut(iter(rules.visible(world, _viewer(request), cursor.place)), cursor, limit, world.quirks)
    headers = paging.link_headers(request, page.following, limit, world.quirks)
    return json_reply(200, {"items": [rendering.team(team) for team in page.items]}, headers)


def create(world: World, request: Request) -> Reply:
    """
    Make a team and answer 200 with it.
    """
    return json_reply(200, rendering.team(rules.create(world, _viewer(request), request.json(TeamDraft))))


def read(world: World, request: Request) -> Reply:
    """
    Answer one team of the token's person.
    """
    return json_reply(200, rendering.team(rules.find(world, _viewer(request), request.params["id"])))


def change(world: World, request: Request) -> Reply:
    """
    Rename a team and answer 200 with it.
    """
    team = rules.find(world, _viewer(request), request.params["id"])
    rules.change(world, team, request.json(TeamDraft))
    return json_reply(200, rendering.team(team))


def delete(world: World, request: Request) -> Reply:
    """
    Delete a team and answer 204.
    """
    rules.remove(world, rules.find(world, _viewer(request), request.params["id"]))
    return Reply(204)


def _viewer(request: Request) -> str | None:
    return request.token.person if request.token else None


_READ = (need("spark:teams_read"),)
_WRITE = (need("spark:teams_write"),)

ROUTES = (
    Route("GET", "/teams", search, _READ),
    Route("POST", "/teams", create, _WRITE),
    Route("GET", "/teams/{id}", read, _READ),
    Route("PUT", "/teams/{id}", change, _WRITE),
    Route("DELETE", "/teams/{id}", delete, _WRITE),
)
"""
The calls of this resource.
"""
