"""
`/identity/organizations/{org}/v1/ArchivedUser/{id}` (https://developer.webex.com/docs/api/v1/archived-users).
"""

from typing import Any

from webex_connector.sandbox import ids, rendering
from webex_connector.sandbox.archive import Tombstone
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.problems import not_found
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN
from webex_connector.sandbox.rules.organizations import require_own
from webex_connector.sandbox.world import World

_SCHEMAS = ["urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:cisco:commonidentity:1.0"]
_READERS = frozenset({FULL_ADMIN, USER_ADMIN, READ_ONLY_ADMIN})


def read(world: World, request: Request) -> Reply:
    """
    Answer what is left of somebody who was deleted; whoever is still there is not found.
    """
    require_own(world, request.params["org"])
    tombstone = world.archive.get(ids.value_of(Kind.PERSON, request.params["id"]) or "")
    if tombstone is None:
        raise not_found("Archived user")
    return json_reply(200, _shown(world, tombstone, request))


def _shown(world: World, of: Tombstone, request: Request) -> dict[str, Any]:
    name = {"givenName": of.first_name, "familyName": of.last_name}
    return {
        "schemas": _SCHEMAS,
        "id": of.uuid,
        "userName": of.email,
        "emails": [{"value": of.email, "type": "work", "primary": True}],
        "name": {part: text for part, text in name.items() if text},
        "displayName": of.display_name,
        "organization": world.organization.uuid,
        "meta": {
            "resourceType": "User",
            "organizationID": world.organization.uuid,
            "created": rendering.moment(of.created),
            "lastModified": rendering.moment(of.last_modified),
            "deleted": rendering.moment(of.deleted),
            "location": f"{request.base_url}{request.path}",
        },
    }


_READ = (need("identity:people_read"), need("identity:people_rw"))

ROUTES = tuple(
    Route("GET", "/identity/organizations/{org}/v1/ArchivedUser/{id}", read, _READ, _READERS, root)
    # Which of the two it is, is not documented.
    for root in ("/v1", "")
)
"""
The calls of this resource.
"""
