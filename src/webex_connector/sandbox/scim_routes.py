"""
What all calls of SCIM have in common: where they are, which scopes they need, whose organisation they name.
"""

import re
from dataclasses import replace

from webex_connector.sandbox.exchange import Handler, Reply, Request, Route, need
from webex_connector.sandbox.problems import Problem, bad_request
from webex_connector.sandbox.world import World

ROOT = "/identity/scim/{org}/v2"
"""
What stands before the template. The organisation is named by its UUID, never by an identifier of `/v1`.
"""

READ = (need("identity:people_read"), need("identity:people_rw"))
"""
The scopes that reading needs.
"""

WRITE = (need("identity:people_rw"),)
"""
The scope that writing needs.
"""

_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def scim_route(method: str, template: str, handler: Handler, roles: frozenset[str]) -> Route:
    """
    Return the route of a call within the organisation: 400 for an organisation that is no UUID, 404 for another one.
    """

    def checked(world: World, request: Request) -> Reply:
        text = request.params["org"]
        if _UUID.fullmatch(text) is None:
            raise bad_request(f"The organization must be a UUID: {text}")
        if text.lower() != world.organization.uuid:
            raise Problem(404)
        return handler(world, request)

    route = Route(method, template, checked, READ, roles, root=ROOT, scim=True)
    return replace(route, scopes=WRITE) if route.is_write else route
