"""
`/groups` (https://developer.webex.com/docs/api/v1/groups).
"""

from itertools import islice

from webex_connector.sandbox import rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.problems import bad_request
from webex_connector.sandbox.records import FULL_ADMIN, GROUP_ADMIN, READ_ONLY_ADMIN, USER_ADMIN, Group
from webex_connector.sandbox.rules import groups as rules
from webex_connector.sandbox.rules.groups import GroupDraft
from webex_connector.sandbox.rules.membership import AT_ONCE
from webex_connector.sandbox.world import World

_DEFAULT_PAGE = 100
_WRITERS = frozenset({FULL_ADMIN, GROUP_ADMIN})
_READERS = _WRITERS | {USER_ADMIN, READ_ONLY_ADMIN, "id_device_admin"}


def search(world: World, request: Request) -> Reply:
    """
    Answer a page of the groups that the filter finds.
    """
    found = rules.matching(world, request.query.get("filter", ""))
    _sort(found, request.query.get("sortBy", ""), request.query.get("sortOrder", ""))
    start = request.number("startIndex", 1)
    count = min(request.number("count", _DEFAULT_PAGE), world.quirks.groups_page_cap)
    page = found[start - 1 : start - 1 + count]
    with_members = request.flag("includeMembers")
    return json_reply(
        200,
        {
            "totalResults": len(found),
            "startIndex": start,
            "itemsPerPage": len(page),
            "groups": [
                rendering.group(world, group, _first_members(group) if with_members else None) for group in page
            ],
        },
    )


def create(world: World, request: Request) -> Reply:
    """
    Add a group and answer 201 with it.
    """
    group = rules.create(world, request.json(GroupDraft))
    return json_reply(201, rendering.group(world, group, _first_members(group)))


def read(world: World, request: Request) -> Reply:
    """
    Answer one group, with its first members when asked.
    """
    group = rules.find(world, request.params["id"])
    members = _first_members(group) if request.flag("includeMembers") else None
    return json_reply(200, rendering.group(world, group, members))


def members(world: World, request: Request) -> Reply:
    """
    Answer a group with one page of its members.
    """
    group = rules.find(world, request.params["id"])
    start = request.number("startIndex", 1)
    count = min(request.number("count", AT_ONCE), AT_ONCE)
    page = list(islice(group.members, start - 1, start - 1 + count))
    return json_reply(200, rendering.group(world, group, page))


def change(world: World, request: Request) -> Reply:
    """
    Change a group and answer 200 with it.
    """
    group = rules.find(world, request.params["id"])
    rules.change(world, group, request.json(GroupDraft))
    return json_reply(200, rendering.group(world, group, _first_members(group)))


def delete(world: World, request: Request) -> Reply:
    """
    Delete a group and answer 204.
    """
    world.drop_group(rules.find(world, request.params["id"]).uuid)
    return Reply(204)


def _first_members(group: Group) -> list[str]:
    return list(islice(group.members, AT_ONCE))


def _sort(groups: list[Group], by: str, order: str) -> None:
    if not by:
        return
    if by not in {"id", "displayName"}:
        raise bad_request(f"Unsupported sortBy: {by}")
    groups.sort(
        key=lambda group: group.uuid if by == "id" else group.display_name.casefold(),
        reverse=order.lower() == "descending",
    )


_READ = (need("identity:groups_read"), need("identity:groups_rw"))
_WRITE = (need("identity:groups_rw"),)

ROUTES = (
    Route("GET", "/groups", search, _READ, _READERS),
    Route("POST", "/groups", create, _WRITE, _WRITERS),
    Route("GET", "/groups/{id}", read, _READ, _READERS),
    Route("GET", "/groups/{id}/members", members, _READ, _READERS),
    # Some clients write the last word with a capital letter, and Webex answers them.
    Route("GET", "/groups/{id}/Members", members, _READ, _READERS),
    Route("PATCH", "/groups/{id}", change, _WRITE, _WRITERS),
    Route("DELETE", "/groups/{id}", delete, _WRITE, _WRITERS),
)
"""
The calls of this resource.
"""
