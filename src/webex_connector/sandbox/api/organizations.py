"""
`/organizations` (https://developer.webex.com/docs/api/v1/organizations). There is one, and it cannot be deleted here.
"""

from datetime import UTC, datetime

from webex_connector.sandbox import ids, rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.problems import not_found
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN
from webex_connector.sandbox.world import World

_READERS = frozenset({FULL_ADMIN, USER_ADMIN, READ_ONLY_ADMIN})


def inventory(world: World, _request: Request) -> Reply:
    """
    Answer the organisations that the token may see: its own.
    """
    return json_reply(200, {"items": [_shown(world)]})


def read(world: World, request: Request) -> Reply:
    """
    Answer the organisation; any other is not found.
    """
    if ids.value_of(ids.Kind.ORGANIZATION, request.params["id"]) != world.organization.uuid:
        raise not_found("Organization")
    return json_reply(200, _shown(world))


def _shown(world: World) -> dict[str, str]:
    created = datetime.fromtimestamp(world.organization.created / 1000, UTC)
    return {
        "id": rendering.organization_id(world),
        "displayName": world.organization.name,
        "created": created.isoformat(timespec="seconds"),
    }


_READ = (need("spark-admin:organizations_read"),)

ROUTES = (
    Route("GET", "/organizations", inventory, _READ, _READERS),
    Route("GET", "/organizations/{id}", read, _READ, _READERS),
)
"""
The calls of this resource.
"""
