"""
SCIM `/Users` (https://developer.webex.com/docs/api/v1/scim-2-users).
"""

from typing import Any

from webex_connector.sandbox import scim_rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply
from webex_connector.sandbox.problems import bad_request, not_found
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN, Person
from webex_connector.sandbox.rules import people, scim_search
from webex_connector.sandbox.rules import scim_users as rules
from webex_connector.sandbox.rules.scim_patch import PatchDraft
from webex_connector.sandbox.scim_rendering import Json, Scene
from webex_connector.sandbox.scim_routes import READ, scim_route
from webex_connector.sandbox.world import World

_DEFAULT_PAGE = 100
_WRITERS = frozenset({FULL_ADMIN, USER_ADMIN})
_READERS = _WRITERS | {READ_ONLY_ADMIN, "id_device_admin"}


def search(world: World, request: Request) -> Reply:
    """
    Answer a page of the people that the filter finds, counted from one.
    """
    query = request.query
    found = scim_search.people(world, query.get("filter", ""), scim_search.order_by(query.get("sortBy", "")))
    start = max(1, request.number("startIndex", 1, least=0))
    count = min(request.number("count", _DEFAULT_PAGE, least=0), world.quirks.scim_page_cap)
    if _is_descending(query.get("sortOrder", "")):
        end = max(0, len(found) - start + 1)
        page = list(reversed(found[max(0, end - count) : end]))
    else:
        page = list(found[start - 1 : start - 1 + count])
    people_found = [person for uuid in page if (person := world.found_person(uuid))]
    cut = scim_rendering.selection(query.get("attributes", ""), query.get("excludedAttributes", ""))
    shown = [cut(_shown(world, request, person)) for person in people_found]
    return json_reply(200, scim_rendering.listing(shown, len(found), start))


def create(world: World, request: Request) -> Reply:
    """
    Add a person and answer 201 with it.
    """
    return _answer(world, request, rules.create(world, request.json(dict[str, Any])), status=201)


def read(world: World, request: Request) -> Reply:
    """
    Answer one person, or those of its attributes that are asked for.
    """
    cut = scim_rendering.selection(request.query.get("attributes", ""), request.query.get("excludedAttributes", ""))
    return json_reply(200, cut(_shown(world, request, rules.find(world, request.params["id"]))))


def me(world: World, request: Request) -> Reply:
    """
    Answer the person the token belongs to. Raises a 404 for a machine account: there is nobody behind it.
    """
    person = world.person((request.token.person if request.token else None) or "")
    if person is None:
        raise not_found("User")
    return _answer(world, request, person)


def replace(world: World, request: Request) -> Reply:
    """
    Replace a person as a whole and answer 200 with it.
    """
    before = rules.find(world, request.params["id"])
    return _answer(world, request, rules.replace(world, before, request.json(dict[str, Any])))


def change(world: World, request: Request) -> Reply:
    """
    Carry operations out on a person and answer 200 with it.
    """
    before = rules.find(world, request.params["id"])
    document = scim_rendering.user(Scene(world, request.base_url), before)
    return _answer(world, request, rules.patch(world, before, document, request.json(PatchDraft)))


def delete(world: World, request: Request) -> Reply:
    """
    Delete a person and answer 204.
    """
    person = rules.find(world, request.params["id"])
    people.require_somebody_else(world, person, request.token.person if request.token else None)
    people.remove(world, person)
    return Reply(204)


def _answer(world: World, request: Request, person: Person, *, status: int = 200) -> Reply:
    return json_reply(status, scim_rendering.user(Scene(world, request.base_url), person))


def _shown(world: World, request: Request, person: Person) -> Json:
    scene = Scene(world, request.base_url)
    shown = scim_rendering.user(scene, person)
    if not request.flag("returnGroups") and not request.flag("includeGroupDetails"):
        return shown
    usages = [usage for usage in request.query.get("groupUsageTypes", "").split(",") if usage]
    return scim_rendering.with_groups(scene, shown, usages=usages)


def _is_descending(order: str) -> bool:
    if order.lower() not in {"", "ascending", "descending"}:
        raise bad_request(f"Unsupported sortOrder: {order}")
    return order.lower() == "descending"


ROUTES = (
    Route("GET", "/Users/me", me, READ, root="/identity/scim/v2", scim=True),
    scim_route("GET", "/Users", search, _READERS),
    scim_route("POST", "/Users", create, _WRITERS),
    scim_route("GET", "/Users/{id}", read, _READERS),
    scim_route("PUT", "/Users/{id}", replace, _WRITERS),
    scim_route("PATCH", "/Users/{id}", change, _WRITERS),
    scim_route("DELETE", "/Users/{id}", delete, _WRITERS),
)
"""
The calls of this resource.
"""
