"""
`/team/memberships` (https://developer.webex.com/docs/api/v1/team-memberships).
"""

from webex_connector.sandbox import paging, rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.problems import bad_request
from webex_connector.sandbox.rules import teams as rules
from webex_connector.sandbox.rules.teams import MembershipDraft
from webex_connector.sandbox.world import World

_PAGE = 100


def search(world: World, request: Request) -> Reply:
    """
    Answer a page of the members of one team.
    """
    if not request.query.get("teamId"):
        raise bad_request("Required String parameter 'teamId' is not present")
    team = rules.find(world, _viewer(request), request.query["teamId"])
    limit = request.number("max", _PAGE)
    cursor = paging.cursor_in(request.query)
    parts = [(member.number, uuid) for uuid, member in team.members.items() if member.number >= cursor.place]
    page = paging.cut(iter(parts), cursor, limit, world.quirks)
    headers = paging.link_headers(request, page.following, limit, world.quirks)
    return json_reply(200, {"items": [rendering.membership(world, team, uuid) for uuid in page.items]}, headers)


def create(world: World, request: Request) -> Reply:
    """
    Take somebody into a team and answer 200 with the membership.
    """
    one = rules.join(world, _viewer(request), request.json(MembershipDraft))
    return json_reply(200, rendering.membership(world, one.team, one.uuid))


def read(world: World, request: Request) -> Reply:
    """
    Answer one membership.
    """
    one = rules.part(world, _viewer(request), request.params["id"])
    return json_reply(200, rendering.membership(world, one.team, one.uuid))


def change(world: World, request: Request) -> Reply:
    """
    Make somebody a moderator or no longer, and answer 200 with the membership.
    """
    one = rules.part(world, _viewer(request), request.params["id"])
    rules.appoint(world, one, request.json(MembershipDraft))
    return json_reply(200, rendering.membership(world, one.team, one.uuid))


def delete(world: World, request: Request) -> Reply:
    """
    Take somebody out of a team and answer 204.
    """
    rules.leave(world, rules.part(world, _viewer(request), request.params["id"]))
    return Reply(204)


def _viewer(request: Request) -> str | None:
    return request.token.person if request.token else None


_READ = (need("spark:team_memberships_read"),)
_WRITE = (need("spark:team_memberships_write"),)

ROUTES = (
    Route("GET", "/team/memberships", search, _READ),
    Route("POST", "/team/memberships", create, _WRITE),
    Route("GET", "/team/memberships/{id}", read, _READ),
    Route("PUT", "/team/memberships/{id}", change, _WRITE),
    Route("DELETE", "/team/memberships/{id}", delete, _WRITE),
)
"""
The calls of this resource.
"""
