"""
`/settings/organizations` (https://developer.webex.com/docs/api/v1/organization-settings). There is one setting:
whether people who are added get an e-mail. The sandbox sends none either way.
"""

import msgspec

from webex_connector.sandbox.changes import OrganizationChanged
from webex_connector.sandbox.exchange import Reply, Request, Route, json_reply, need
from webex_connector.sandbox.problems import bad_request, not_found
from webex_connector.sandbox.records import FULL_ADMIN, READ_ONLY_ADMIN
from webex_connector.sandbox.rules.organizations import require_own
from webex_connector.sandbox.world import INVITATIONS, World

_NAMES = {INVITATIONS: "Automatic Activation Emails"}


class SettingDraft(msgspec.Struct, frozen=True):
    """
    What a caller writes.
    """

    key: str
    value: bool


def read(world: World, request: Request) -> Reply:
    """
    Answer one setting.
    """
    require_own(world, request.params["id"])
    key = request.params["key"]
    if key not in world.settings:
        raise not_found("Setting")
    return _shown(world, key)


def change(world: World, request: Request) -> Reply:
    """
    Change a setting and answer 200 with it.
    """
    require_own(world, request.params["id"])
    draft = request.json(SettingDraft)
    if draft.key not in world.settings:
        raise bad_request(f"Unknown setting: {draft.key}")
    world.settings[draft.key] = draft.value
    world.changed(OrganizationChanged(f"setting {draft.key}"))
    return _shown(world, draft.key)


def _shown(world: World, key: str) -> Reply:
    return json_reply(200, {"key": key, "value": world.settings[key], "name": _NAMES[key]})


_READ = (need("identity:organizations_read"), need("identity:organizations_rw"))
_WRITE = (need("identity:organizations_rw"),)

ROUTES = (
    Route("GET", "/settings/organizations/{id}/settings/{key}", read, _READ, frozenset({FULL_ADMIN, READ_ONLY_ADMIN})),
    Route("POST", "/settings/organizations/{id}/settings", change, _WRITE, frozenset({FULL_ADMIN})),
)
"""
The calls of this resource.
"""
