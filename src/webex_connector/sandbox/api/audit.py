"""
`/adminAudit/events` and `/adminAudit/eventCategories` (https://developer.webex.com/docs/admin-audit-events).
"""

import base64
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from webex_connector.sandbox import ids, rendering
from webex_connector.sandbox.audit_log import Category, Event, Target
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.records import FULL_ADMIN
from webex_connector.sandbox.rules import audit as rules
from webex_connector.sandbox.world import World

_PAGE = 100
_MOST = 200
_KINDS = {
    Target.PERSON: Kind.PERSON,
    Target.GROUP: Kind.GROUP,
    Target.LOCATION: Kind.LOCATION,
    Target.TEAM: Kind.TEAM,
    Target.ORG: Kind.ORGANIZATION,
}


def events(world: World, request: Request) -> Reply:
    """
    Answer the events of a span of time, beginning with the one at `offset`; a larger `max` than 200 is reduced to it.
    """
    query = request.query
    search = rules.wanted(
        world,
        query.get("orgId", ""),
        (query.get("from", ""), query.get("to", "")),
        query.get("eventCategories", ""),
        query.get("actorId", ""),
    )
    start, limit = request.number("offset", 0, least=0), min(request.number("max", _PAGE), _MOST)
    page = islice(rules.found(world, search), start, start + limit)
    return json_reply(200, {"items": [_shown(world, event) for event in page]})


def categories(_world: World, _request: Request) -> Reply:
    """
    Answer the categories that events can have here.
    """
    return json_reply(200, {"eventCategories": [category.value for category in Category]})


def _shown(world: World, event: Event) -> dict[str, Any]:
    caller, plain = event.caller, world.quirks.audit_plain_names
    organization = rendering.organization_id(world)
    data = {
        "eventCategory": event.category.value if plain else f"EventCategory.{event.category.value}",
        "eventDescription": f"{event.target.value.lower()}: {event.did}",
        "actionText": f"{caller.name} {event.did} {event.name}".strip(),
        "actorName": caller.name,
        "actorEmail": caller.email,
        "actorOrgName": world.organization.name,
        "adminRoles": list(caller.roles),
        "actorIp": "192.0.2.1",
        "actorUserAgent": caller.agent,
        "targetType": event.target.value if plain else f"TargetResourceType.{event.target.value}",
        "targetId": _identifier(world, _KINDS[event.target], event.uuid),
        "targetName": event.name,
        "targetOrgId": organization,
        "targetOrgName": world.organization.name,
        "trackingId": caller.tracking_id,
        "errorMessage": event.error,
        "errorCode": event.error_code,
    }
    return {
        "id": _base64(str(uuid5(UUID(world.organization.uuid), str(event.number)))),
        "created": rendering.moment(event.created),
        "actorId": _identifier(world, Kind.PERSON, caller.actor),
        "actorOrgId": organization,
        "data": {name: value for name, value in data.items() if value},
    }


def _identifier(world: World, kind: Kind, value: str) -> str:
    if not value:
        return ""
    if world.quirks.audit_plain_ids:
        return _base64(value)
    return ids.encode(kind, f"{value}:{world.organization.uuid}" if kind is Kind.GROUP else value)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")


_READ = (need("audit:events_read"),)
_READERS = frozenset({FULL_ADMIN})

ROUTES = (
    Route("GET", "/adminAudit/events", events, _READ, _READERS),
    Route("GET", "/adminAudit/eventCategories", categories, _READ, _READERS),
)
"""
The calls of this resource.
"""
