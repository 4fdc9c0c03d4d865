"""
`/locations` (https://developer.webex.com/docs/api/v1/locations).
"""

from webex_connector.sandbox import ids, paging, rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN
from webex_connector.sandbox.rules import locations as rules
from webex_connector.sandbox.rules.locations import LocationDraft
from webex_connector.sandbox.world import World

_PAGE = 500


def search(world: World, request: Request) -> Reply:
    """
    Answer a page of the locations whose name contains a text, or of all.

    There are few, and they have no places of their own: one that is deleted between two pages moves the rest.
    """
    text, sought = request.query.get("name", "").casefold(), request.query.get("id", "")
    uuid = ids.value_of(ids.Kind.LOCATION, sought) if sought else None
    limit = request.number("max", _PAGE)
    cursor = paging.cursor_in(request.query)
    found = [
        place for place in world.locations.values() if text in place.name.casefold() and uuid in {None, place.uuid}
    ]
    walk = ((place, entry) for place, entry in enumerate(found) if place >= cursor.place)
    page = paging.cut(walk, cursor, limit, world.quirks)
    headers = paging.link_headers(request, page.following, limit, world.quirks)
    return json_reply(200, {"items": [rendering.location(world, place) for place in page.items]}, headers)


def create(world: World, request: Request) -> Reply:
    """
    Add a location and answer 201 with its identifier.
    """
    place = rules.create(world, request.json(LocationDraft))
    return json_reply(201, {"id": rendering.location_id(place.uuid)})


def read(world: World, request: Request) -> Reply:
    """
    Answer one location.
    """
    return json_reply(200, rendering.location(world, rules.find(world, request.params["id"])))


def change(world: World, request: Request) -> Reply:
    """
    Change a location and answer 204.
    """
    rules.change(world, rules.find(world, request.params["id"]), request.json(LocationDraft))
    return Reply(204)


def delete(world: World, request: Request) -> Reply:
    """
    Delete a location and answer 204.
    """
    rules.remove(world, rules.find(world, request.params["id"]))
    return Reply(204)


_READ = (need("spark-admin:locations_read"), need("spark-admin:people_read"), need("spark-admin:device_read"))
_WRITE = (need("spark-admin:locations_write"),)
_READERS = frozenset({FULL_ADMIN, USER_ADMIN, READ_ONLY_ADMIN})
_WRITERS = frozenset({FULL_ADMIN})

ROUTES = (
    Route("GET", "/locations", search, _READ, _READERS),
    Route("POST", "/locations", create, _WRITE, _WRITERS),
    Route("GET", "/locations/{id}", read, _READ, _READERS),
    Route("PUT", "/locations/{id}", change, _WRITE, _WRITERS),
    Route("DELETE", "/locations/{id}", delete, _WRITE, _WRITERS),
)
"""
The calls of this resource.
"""
