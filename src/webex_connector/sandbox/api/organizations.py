"""
`/organizations` (https://developer.webex.com/docs/api/v1/organizations) and the same as the identity service shows it.

There is one organisation, and it cannot be deleted here.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from webex_connector.sandbox import rendering
from webex_connector.sandbox.changes import OrganizationChanged
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.problems import bad_request
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN, USER_ADMIN
from webex_connector.sandbox.rules.organizations import require_own
from webex_connector.sandbox.world import World

_READERS = frozenset({FULL_ADMIN, USER_ADMIN, READ_ONLY_ADMIN})
_SCHEMA = "urn:cisco:codev:identity:organization:core:1.0"


class IdentityDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a caller writes about the organisation.
    """

    schemas: tuple[str, ...] = ()
    display_name: str = ""
    preferred_language: str | None = None


def inventory(world: World, _request: Request) -> Reply:
    """
    Answer the organisations that the token may see: its own.
    """
    return json_reply(200, {"items": [_shown(world)]})


def read(world: World, request: Request) -> Reply:
    """
    Answer the organisation; any other is not found.
    """
    require_own(world, request.params["id"])
    return json_reply(200, _shown(world))


def read_identity(world: World, request: Request) -> Reply:
    """
    Answer the organisation as the identity service shows it.
    """
    require_own(world, request.params["id"])
    return json_reply(200, _identity(world))


def change_identity(world: World, request: Request) -> Reply:
    """
    Change the organisation's name or language, and answer 200 with it.
    """
    require_own(world, request.params["id"])
    draft = request.json(IdentityDraft)
    if _SCHEMA not in draft.schemas or not draft.display_name.strip():
        raise bad_request("schemas and displayName are required.")
    language = draft.preferred_language
    world.organization = msgspec.structs.replace(
        world.organization,
        name=draft.display_name,
        preferred_language=world.organization.preferred_language if language is None else language,
        last_modified=world.now(),
    )
    world.changed(OrganizationChanged("name"))
    return json_reply(200, _identity(world))


def _shown(world: World) -> dict[str, str]:
    created = datetime.fromtimestamp(world.organization.created / 1000, UTC)
    return {
        "id": rendering.organization_id(world),
        "displayName": world.organization.name,
        "created": created.isoformat(timespec="seconds"),
    }


def _identity(world: World) -> dict[str, Any]:
    one = world.organization
    modified = one.last_modified or one.created
    shown = {
        "schemas": [_SCHEMA],
        "id": one.uuid,
        "displayName": one.name,
        "preferredLanguage": one.preferred_language,
        "meta": {
            "created": rendering.moment(one.created),
            "lastModified": rendering.moment(modified),
            "version": f'W/"{modified}"',
        },
    }
    return {name: value for name, value in shown.items() if value}


_READ = (need("spark-admin:organizations_read"),)
_IDENTITY_WRITE = (need("identity:organizations_rw"),)
_IDENTITY_READ = (need("identity:organizations_read"), *_IDENTITY_WRITE)
_IDENTITY = "/identity/organizations/{id}"

ROUTES = (
    Route("GET", "/organizations", inventory, _READ, _READERS),
    Route("GET", "/organizations/{id}", read, _READ, _READERS),
    Route("GET", _IDENTITY, read_identity, _IDENTITY_READ, _READERS),
    Route("PATCH", _IDENTITY, change_identity, _IDENTITY_WRITE, frozenset({FULL_ADMIN})),
    # The specification prints these two without a prefix, clients were seen to call them with one.
    Route("GET", _IDENTITY, read_identity, _IDENTITY_READ, _READERS, root=""),
    Route("PATCH", _IDENTITY, change_identity, _IDENTITY_WRITE, frozenset({FULL_ADMIN}), root=""),
)
"""
The calls of this resource.
"""
