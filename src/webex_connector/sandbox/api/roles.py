"""
`/roles` (https://developer.webex.com/docs/api/v1/roles).
"""

from webex_connector.sandbox import ids, rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.problems import not_found
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN, Role
from webex_connector.sandbox.world import World

_READERS = frozenset({FULL_ADMIN, USER_ADMIN, READ_ONLY_ADMIN})


def inventory(world: World, _request: Request) -> Reply:
    """
    Answer all roles, in one piece.
    """
    return json_reply(200, {"items": [_shown(role) for role in world.roles.values()]})


def read(world: World, request: Request) -> Reply:
    """
    Answer one role.
    """
    role = world.roles.get(ids.value_of(ids.Kind.ROLE, request.params["id"]) or "")
    if role is None:
        raise not_found("Role")
    return json_reply(200, _shown(role))


def _shown(role: Role) -> dict[str, str]:
    return {"id": rendering.role_id(role.key), "name": role.name}


_READ = (need("spark-admin:roles_read"),)

ROUTES = (
    Route("GET", "/roles", inventory, _READ, _READERS),
    Route("GET", "/roles/{id}", read, _READ, _READERS),
)
"""
The calls of this resource.
"""
