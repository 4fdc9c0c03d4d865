"""
SCIM `/Groups` (https://developer.webex.com/docs/api/v1/scim-2-groups).
"""

from itertools import islice
from typing import Any

from webex_connector.sandbox import scim_rendering, urns
from webex_connector.sandbox.exchange import Reply, Request, json_reply
from webex_connector.sandbox.problems import bad_request
from webex_connector.sandbox.records import FULL_ADMIN, GROUP_ADMIN, READ_ONLY_ADMIN, Group
from webex_connector.sandbox.rules import scim_groups as rules
from webex_connector.sandbox.rules import scim_search
from webex_connector.sandbox.rules.membership import AT_ONCE
from webex_connector.sandbox.rules.scim_patch import PatchDraft
from webex_connector.sandbox.scim_rendering import Scene
from webex_connector.sandbox.scim_routes import scim_route
from webex_connector.sandbox.world import World

_DEFAULT_PAGE = 100
_WRITERS = frozenset({FULL_ADMIN, GROUP_ADMIN})
_READERS = _WRITERS | {READ_ONLY_ADMIN, "id_device_admin"}
_ORDERS = {
    "displayname": lambda group: (group.display_name.casefold(), group.uuid),
    "id": lambda group: group.uuid,
    "meta.lastmodified": lambda group: (group.last_modified, group.uuid),
}


def search(world: World, request: Request) -> Reply:
    """
    Answer a page of the groups that the filter finds, counted from one; without members unless asked.
    """
    query = request.query
    found = scim_search.groups(world, query.get("filter", ""))
    by, order = query.get("sortBy", "").lower() or "id", query.get("sortOrder", "").lower()
    if by not in _ORDERS or order not in {"", "ascending", "descending"}:
        raise bad_request(f"Unsupported order: {by} {order}")
    found.sort(key=_ORDERS[by], reverse=order == "descending")
    start = max(1, request.number("startIndex", 1, least=0))
    count = min(request.number("count", _DEFAULT_PAGE, least=0), world.quirks.scim_page_cap)
    cut = scim_rendering.selection(query.get("attributes", ""), query.get("excludedAttributes", ""))
    scene, with_members = Scene(world, request.base_url), request.flag("includeMembers")
    shown = [
        cut(scim_rendering.group(scene, group, _first_members(request, group) if with_members else None))
        for group in found[start - 1 : start - 1 + count]
    ]
    return json_reply(200, scim_rendering.listing(shown, len(found), start))


def create(world: World, request: Request) -> Reply:
    """
    Add a group and answer 201 with it.
    """
    return _answer(world, request, rules.create(world, request.json(dict[str, Any])), status=201)


def read(world: World, request: Request) -> Reply:
    """
    Answer one group with its first members, or without them if they are excluded.
    """
    return _answer(world, request, rules.find(world, request.params["id"]))


def members(world: World, request: Request) -> Reply:
    """
    Answer one page of a group's members, counted from one.
    """
    group = rules.find(world, request.params["id"])
    start = max(1, request.number("startIndex", 1, least=0))
    count = min(request.number("count", AT_ONCE, least=0), AT_ONCE)
    everybody = group.members if _shows_users(request) else {}
    page = scim_rendering.members_of(world, islice(everybody, start - 1, start - 1 + count))
    return json_reply(
        200,
        {
            "schemas": [urns.GROUP_MEMBERS],
            "displayName": group.display_name,
            "memberSize": len(everybody),
            "itemsPerPage": len(page),
            "startIndex": start,
            "members": page,
        },
    )


def replace(world: World, request: Request) -> Reply:
    """
    Replace a group as a whole, its members too, and answer 200 with it.
    """
    group = rules.find(world, request.params["id"])
    rules.replace(world, group, request.json(dict[str, Any]))
    return _answer(world, request, group)


def change(world: World, request: Request) -> Reply:
    """
    Carry operations out on a group and answer 200 with it.
    """
    group = rules.find(world, request.params["id"])
    document = scim_rendering.group(Scene(world, request.base_url), group)
    rules.patch(world, group, document, request.json(PatchDraft))
    return _answer(world, request, group)


def delete(world: World, request: Request) -> Reply:
    """
    Delete a group and answer 204.
    """
    world.drop_group(rules.find(world, request.params["id"]).uuid)
    return Reply(204)


def _answer(world: World, request: Request, group: Group, *, status: int = 200) -> Reply:
    cut = scim_rendering.selection(request.query.get("attributes", ""), request.query.get("excludedAttributes", ""))
    shown = scim_rendering.group(Scene(world, request.base_url), group, _first_members(request, group))
    return json_reply(status, cut(shown))


def _first_members(request: Request, group: Group) -> list[str]:
    return list(islice(group.members, AT_ONCE)) if _shows_users(request) else []


def _shows_users(request: Request) -> bool:
    return request.query.get("memberType", "user").lower() == "user"


ROUTES = (
    scim_route("GET", "/Groups", search, _READERS),
    scim_route("POST", "/Groups", create, _WRITERS),
    scim_route("GET", "/Groups/{id}", read, _READERS),
    scim_route("GET", "/Groups/{id}/Members", members, _READERS),
    scim_route("PUT", "/Groups/{id}", replace, _WRITERS),
    scim_route("PATCH", "/Groups/{id}", change, _WRITERS),
    scim_route("DELETE", "/Groups/{id}", delete, _WRITERS),
)
"""
The calls of this resource.
"""
