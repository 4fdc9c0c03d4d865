"""
`/licenses` (https://developer.webex.com/docs/api/v1/licenses).
"""

from webex_connector.sandbox import paging, rendering
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.problems import bad_request, not_found
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN, License
from webex_connector.sandbox.rules import assignments, licensing
from webex_connector.sandbox.rules.assignments import AssignmentDraft
from webex_connector.sandbox.world import World

_HOLDERS_AT_ONCE = 300
_WRITERS = frozenset({FULL_ADMIN, USER_ADMIN})
_READERS = _WRITERS | {READ_ONLY_ADMIN}


def inventory(world: World, _request: Request) -> Reply:
    """
    Answer all licences of the organisation, in one piece.
    """
    return json_reply(200, {"items": [rendering.license_(world, entry) for entry in world.licenses.values()]})


def read(world: World, request: Request) -> Reply:
    """
    Answer one licence; with `includeAssignedTo=user`, a page of its holders too.
    """
    keys = licensing.known(world, (request.params["id"],))
    if not keys:
        raise not_found("License")
    entry = world.licenses[keys[0]]
    who = request.query.get("includeAssignedTo", "")
    if not who:
        return json_reply(200, rendering.license_(world, entry))
    if who != "user":
        raise bad_request(f"Unsupported includeAssignedTo: {who}")
    return _with_holders(world, request, entry)


def assign(world: World, request: Request) -> Reply:
    """
    Give and take licences of one person; 206 instead of 200 when not all could be given.
    """
    outcome = assignments.assign(world, request.json(AssignmentDraft))
    person = outcome.person
    host, attendee = ("HOST", "ATTENDEE") if world.quirks.account_types_upper_case else ("host", "attendee")
    sites = [{"siteUrl": site, "accountType": host} for site in licensing.host_sites(world, person.licenses)]
    sites += [{"siteUrl": site, "accountType": attendee} for site in person.attendee_sites]
    body = {
        "orgId": rendering.organization_id(world),
        "personId": rendering.person_id(person.uuid),
        "email": person.email,
        "licenses": [rendering.license_id(world, key) for key in person.licenses],
        "siteUrls": sites,
        "pendingLicenses": [],
        "pendingSiteUrls": [],
    }
    return json_reply(200 if outcome.complete else 206, body)


def _with_holders(world: World, request: Request, entry: License) -> Reply:
    limit = min(request.number("limit", _HOLDERS_AT_ONCE), _HOLDERS_AT_ONCE)
    cursor = paging.cursor_in(request.query)
    walk = (at for at in world.people(cursor.place) if entry.key in at[1].licenses)
    page = paging.cut(walk, cursor, limit, world.quirks)
    headers = {}
    if page.following is not None:
        headers["Link"] = paging.link_to(request, page.following, limit, world.quirks, names=("next", "limit"))
    users = [
        {
            "id": rendering.person_id(who.uuid),
            "type": "INTERNAL",
            "displayName": who.display_name,
            "email": who.email,
        }
        for who in page.items
    ]
    return json_reply(200, {**rendering.license_(world, entry), "users": users}, headers)


_READ = (need("spark-admin:licenses_read"),)

ROUTES = (
    Route("GET", "/licenses", inventory, _READ, _READERS),
    Route("PATCH", "/licenses/users", assign, (need("spark-admin:people_write"),), _WRITERS),
    Route("GET", "/licenses/{id}", read, _READ, _READERS),
)
"""
The calls of this resource.
"""
