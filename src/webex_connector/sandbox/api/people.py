"""
`/people` (https://developer.webex.com/docs/api/v1/people).
"""

from collections.abc import Iterator

from webex_connector.sandbox import ids, paging, rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.problems import Problem, bad_request, not_found
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN, Person
from webex_connector.sandbox.rendering import PersonView
from webex_connector.sandbox.rules import people as rules
from webex_connector.sandbox.rules.people import PersonDraft
from webex_connector.sandbox.world import World

_DEFAULT_PAGE = 100
_CALLING_PAGE = 100
_LOCATION_PAGE = 50
_IDS_AT_ONCE = 85
_ADMIN_SCOPE = "spark-admin:people_read"
_WRITERS = frozenset({FULL_ADMIN, USER_ADMIN})
_READERS = _WRITERS | {READ_ONLY_ADMIN, "id_device_admin"}


def search(world: World, request: Request) -> Reply:
    """
    Answer a page of the people that the parameters name; without any of them, everybody.
    """
    admin = _sees_all(world, request)
    query = request.query
    if not admin and not any(query.get(name) for name in ("email", "displayName", "id")):
        raise bad_request("Email, displayName, or id list should be specified.")
    if query.get("id"):
        return _by_ids(world, query["id"].split(","))
    calling = request.flag("callingData")
    view = PersonView(admin=admin, calling=calling, presence=not request.flag("excludeStatus"))
    limit = _page_size(world, request, calling=calling)
    cursor = paging.cursor_in(query)
    page = paging.cut(_matching(world, request, cursor.place), cursor, limit, world.quirks)
    headers = {}
    if page.following is not None:
        names = (world.quirks.people_cursor.value, "max")
        headers["Link"] = paging.link_to(request, page.following, limit, world.quirks, names=names)
    items = [rendering.person(world, who, view) for who in page.items]
    return json_reply(200, {"notFoundIds": None, "items": items}, headers)


def create(world: World, request: Request) -> Reply:
    """
    Add a person and answer 200 with it, or with its identifier alone when `minResponse` asks for that.
    """
    person = rules.create(world, request.json(PersonDraft))
    return _written(world, request, person)


def read(world: World, request: Request) -> Reply:
    """
    Answer one person; `me` is the person the token belongs to, if there is one.
    """
    if request.params["id"] == "me":
        person = world.person((request.token.person if request.token else None) or "")
        if person is None:
            raise not_found("Person")
    else:
        person = rules.find(world, request.params["id"])
    view = PersonView(admin=_sees_all(world, request), calling=request.flag("callingData"))
    return json_reply(200, rendering.person(world, person, view))


def replace(world: World, request: Request) -> Reply:
    """
    Replace a person as a whole, and answer 200 with it or 204, as the quirks say.
    """
    before = rules.find(world, request.params["id"])
    after = rules.replace(world, before, request.json(PersonDraft), show_all_types=request.flag("showAllTypes"))
    return Reply(204) if world.quirks.put_status == 204 else _written(world, request, after)  # noqa: PLR2004  # HTTP


def delete(world: World, request: Request) -> Reply:
    """
    Delete a person and answer 204.
    """
    person = rules.find(world, request.params["id"])
    rules.require_somebody_else(world, person, request.token.person if request.token else None)
    rules.remove(world, person)
    return Reply(204)


def _sees_all(world: World, request: Request) -> bool:
    token = request.token
    if token is None or _ADMIN_SCOPE not in token.scopes:
        return False
    person = world.person(token.person) if token.person else None
    return token.person is None or (person is not None and not _READERS.isdisjoint(person.roles))


def _page_size(world: World, request: Request, *, calling: bool) -> int:
    caps = [world.quirks.people_page_cap]
    if calling:
        caps.append(_CALLING_PAGE)
    if request.query.get("locationId"):
        caps.append(_LOCATION_PAGE)
    size, most = min(request.number("max", _DEFAULT_PAGE), *caps), world.quirks.people_page_timeout
    if most and size > most:
        raise Problem(504)
    return size


def _by_ids(world: World, asked: list[str]) -> Reply:
    if len(asked) > _IDS_AT_ONCE:
        raise bad_request(f"At most {_IDS_AT_ONCE} ids can be listed.")
    found = {text: world.person(ids.value_of(Kind.PERSON, text) or "") for text in asked}
    view = PersonView(admin=False, presence=False)
    items = [rendering.person(world, person, view) for person in found.values() if person]
    missing = [text for text, person in found.items() if person is None]
    return json_reply(200, {"notFoundIds": missing or None, "items": items})


def _matching(world: World, request: Request, start: int) -> Iterator[tuple[int, Person]]:
    query = request.query
    if address := query.get("email"):
        person = world.found_at(address)
        walk = iter([(start, person)] if person and start == 0 else [])
    else:
        walk = world.found(start)
    if prefix := query.get("displayName", "").casefold():
        if len(prefix) < world.quirks.display_name_minimum:
            raise bad_request(f"displayName needs at least {world.quirks.display_name_minimum} characters.")
        walk = (at for at in walk if at[1].display_name.casefold().startswith(prefix))
    if query.get("roles"):
        roles = {ids.value_of(Kind.ROLE, text) for text in query["roles"].split(",")}
        walk = (at for at in walk if not roles.isdisjoint(at[1].roles))
    if query.get("locationId"):
        location = ids.value_of(Kind.LOCATION, query["locationId"])
        walk = (at for at in walk if at[1].location_uuid == location)
    return walk


def _written(world: World, request: Request, person: Person) -> Reply:
    if request.flag("minResponse"):
        return json_reply(200, {"id": rendering.person_id(person.uuid)})
    return json_reply(200, rendering.person(world, person, PersonView(calling=request.flag("callingData"))))


_READ = (need(_ADMIN_SCOPE), need("spark:people_read"))
_WRITE = (need(_ADMIN_SCOPE, "spark-admin:people_write"),)

ROUTES = (
    Route("GET", "/people", search, _READ),
    Route("POST", "/people", create, _WRITE, _WRITERS),
    Route("GET", "/people/{id}", read, _READ),
    Route("PUT", "/people/{id}", replace, _WRITE, _WRITERS),
    Route("DELETE", "/people/{id}", delete, _WRITE, _WRITERS),
)
"""
The calls of this resource.
"""
