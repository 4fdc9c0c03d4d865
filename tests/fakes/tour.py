"""
A walk past every call of the sandbox, refusals included.
"""

from dataclasses import replace
from uuid import UUID

import httpx2
import msgspec

from fakes.caller import Caller
from fakes.tour_scim import tour_scim
from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.grants import AccessToken
from webex_connector.sandbox.sandbox import Sandbox

_KEY = "allow-admin-invite-emails"
_ADDRESS = {"address1": "Quai 5", "city": "Basel", "state": "BS", "postalCode": "4051", "country": "CH"}
_PLACE = {
    "name": "Basel",
    "timeZone": "Europe/Zurich",
    "preferredLanguage": "de_de",
    "announcementLanguage": "de_de",
    "latitude": "47.56",
    "longitude": "7.59",
    "address": _ADDRESS,
}


async def tour(address: str, sandbox: Sandbox) -> None:
    """
    Make every call with every success it has, and the common refusals.
    """
    async with httpx2.AsyncClient(base_url=address) as client:
        caller = Caller(client, sandbox, sandbox.credentials.access_token)
        await _tokens(caller)
        await _people(caller)
        await _licenses(caller)
        await _groups(caller)
        await _places(caller)
        await _teams(caller)
        for root in ("/v1", ""):
            await _organization(replace(caller, root=root))
        await _around(caller)
        await _refusals(caller)
        await tour_scim(replace(caller, root=f"/identity/scim/{sandbox.world.organization.uuid}/v2"))


async def _tokens(caller: Caller) -> None:
    known = caller.sandbox.credentials
    client = {"client_id": known.client_id, "client_secret": known.client_secret}
    granted = await caller.client.post(
        "/v1/access_token", data={"grant_type": "refresh_token", "refresh_token": known.refresh_token, **client}
    )
    await replace(caller, token=granted.json()["access_token"]).call("GET", "/authorizations/tokenExpiry")
    organization = rendering.organization_id(caller.sandbox.world)
    app = {"clientId": known.client_id, "clientSecret": known.client_secret, "targetOrgId": organization}
    path = f"/applications/{known.application_id}/token"
    await caller.call("POST", path, app)
    await caller.call("POST", path, {**app, "clientSecret": "wrong"}, expect=401)
    await caller.call("POST", path, {**app, "targetOrgId": str(UUID(int=1))}, expect=403)
    await caller.call("POST", "/applications/unknown/token", app, expect=404)


async def _people(caller: Caller) -> None:
    mara = {
        "emails": ["mara.new@acme.example"],
        "displayName": "Mara Lind",
        "licenses": [rendering.license_id(caller.sandbox.world, catalogue.CALLING_PROFESSIONAL)],
        "locationId": rendering.location_id(catalogue.LOCATIONS[0].uuid),
        "extension": "4711",
    }
    made = await caller.call("POST", "/people?callingData=true", mara)
    await caller.call("POST", "/people?minResponse=true", {"emails": ["second@acme.example"], "displayName": "Second"})
    await caller.call("POST", "/people", mara, expect=409)
    await caller.call("POST", "/people", {"emails": []}, expect=400)
    await caller.follow("/people?max=7&callingData=true")
    await caller.call("GET", f"/people?email={scenarios.SAMPLE}&excludeStatus=true")
    await caller.call("GET", f"/people?id={made['id']},{UUID(int=1)}")
    await caller.call("GET", "/people/me")
    path = f"/people/{made['id']}"
    await caller.call("GET", f"{path}?callingData=true")
    kept = {"emails": mara["emails"], "licenses": made["licenses"], "extension": mara["extension"]}
    phone = {"type": "work", "value": "+493012345678", "primary": True}
    await caller.call("PUT", path, {**kept, "displayName": "Mara L.", "phoneNumbers": [phone], "loginEnabled": False})
    caller.sandbox.quirks = msgspec.structs.replace(caller.sandbox.quirks, put_status=204)
    await caller.call("PUT", path, {**kept, "displayName": "Mara"}, expect=204)
    await caller.call("DELETE", path, expect=204)
    await caller.call("DELETE", path, expect=404)
    for root in ("/v1", ""):
        organization = f"/identity/organizations/{caller.sandbox.world.organization.uuid}"
        await replace(caller, root=root).call("GET", f"{organization}/v1/ArchivedUser/{made['id']}")


async def _licenses(caller: Caller) -> None:
    world = caller.sandbox.world
    meetings, exhausted = (rendering.license_id(world, key) for key in (catalogue.MEETINGS, catalogue.EXHAUSTED))
    assign = {"email": scenarios.SAMPLE, "licenses": [{"id": meetings, "operation": "add"}]}
    await caller.call("GET", "/licenses")
    await caller.call("PATCH", "/licenses/users", assign)
    await caller.call("GET", f"/licenses/{meetings}?includeAssignedTo=user&limit=3")
    await caller.call("PATCH", "/licenses/users", {**assign, "licenses": [{"id": exhausted}]}, expect=206)
    await caller.call("PATCH", "/licenses/users", {**assign, "licenses": [{"id": "unknown"}]}, expect=400)
    await caller.call("PATCH", "/licenses/users", {**assign, "email": "nobody@acme.example"}, expect=404)


async def _groups(caller: Caller) -> None:
    someone, other = [rendering.person_id(person.uuid) for _, person in caller.sandbox.world.people(3)][:2]
    made = await caller.call(
        "POST",
        "/groups",
        {"displayName": "Finance", "description": "Controllers", "members": [{"id": someone}]},
        expect=201,
    )
    path = f"/groups/{made['id']}"
    changes = [{"id": other, "operation": "add"}, {"id": someone, "operation": "delete"}]
    await caller.call("PATCH", path, {"description": "All", "members": changes})
    await caller.call("GET", "/groups?includeMembers=true&sortBy=displayName&startIndex=1&count=5")
    await caller.call("GET", f"{path}?includeMembers=true")
    await caller.call("GET", f"{path}/members?startIndex=1&count=500")
    await caller.call("GET", f"{path}/Members")
    await caller.call("DELETE", path, expect=204)
    await caller.call("GET", path, expect=404)
    await caller.call("POST", "/groups", {}, expect=400)


async def _places(caller: Caller) -> None:
    made = await caller.call("POST", "/locations", _PLACE, expect=201)
    await caller.follow("/locations?max=3")
    await caller.call("GET", f"/locations/{made['id']}")
    await caller.call("PUT", f"/locations/{made['id']}", {"name": "Bern"}, expect=204)
    await caller.call("DELETE", f"/locations/{made['id']}", expect=204)
    await caller.call("GET", f"/locations/{made['id']}", expect=404)


async def _teams(caller: Caller) -> None:
    team = await caller.call("POST", "/teams", {"name": "Choir", "description": "Mondays"})
    await caller.call("POST", "/teams", {"name": "Band"})
    await caller.follow("/teams?max=1")
    await caller.call("GET", f"/teams/{team['id']}")
    await caller.call("PUT", f"/teams/{team['id']}", {"name": "Quire"})
    path = "/team/memberships"
    joined = await caller.call("POST", path, {"teamId": team["id"], "personEmail": scenarios.SAMPLE})
    await caller.call("POST", path, {"teamId": team["id"], "personEmail": scenarios.SAMPLE}, expect=409)
    await caller.follow(f"{path}?teamId={team['id']}&max=1")
    await caller.call("GET", f"{path}/{joined['id']}")
    await caller.call("PUT", f"{path}/{joined['id']}", {"isModerator": True})
    await caller.call("DELETE", f"{path}/{joined['id']}", expect=204)
    await caller.call("DELETE", f"/teams/{team['id']}", expect=204)
    await caller.call("GET", f"/teams/{team['id']}", expect=404)


async def _organization(caller: Caller) -> None:
    path = f"/identity/organizations/{caller.sandbox.world.organization.uuid}"
    shown = await caller.call("GET", path)
    await caller.call("PATCH", path, {"schemas": shown["schemas"], "displayName": "Acme", "preferredLanguage": "en_US"})
    domain = {"domain": "new.example"}
    await caller.call("POST", f"{path}/actions/getDomainVerificationToken", domain)
    await caller.call("POST", f"{path}/actions/verifyDomain", domain)
    await caller.call("POST", f"{path}/actions/claimDomain", {"data": [domain]})
    await caller.call("POST", f"{path}/actions/unclaimDomain", domain, expect=204)
    await caller.call("POST", f"{path}/actions/unverifyDomain", domain)
    await caller.call("POST", f"{path}/actions/verifyDomain", domain, expect=400)


async def _around(caller: Caller) -> None:
    organization = rendering.organization_id(caller.sandbox.world)
    roles = await caller.call("GET", "/roles")
    await caller.call("GET", f"/roles/{roles['items'][0]['id']}")
    await caller.call("GET", "/organizations")
    await caller.call("GET", f"/organizations/{organization}")
    settings = f"/settings/organizations/{organization}/settings"
    await caller.call("GET", f"{settings}/{_KEY}")
    await caller.call("POST", settings, {"key": _KEY, "value": False})
    await caller.call("POST", settings, {"key": "unknown", "value": False}, expect=400)
    now = caller.sandbox.clock.now()
    span = f"from={now.replace(year=now.year - 1):%Y-%m-%dT%H:%M:%S.000Z}&to={now:%Y-%m-%dT%H:%M:%S.999Z}"
    await caller.call("GET", f"/adminAudit/events?orgId={organization}&{span}&max=200&eventCategories=USERS,GROUPS")
    await caller.call("GET", f"/adminAudit/events?orgId={organization}&{span}")
    await caller.call("GET", f"/adminAudit/events?orgId={organization}", expect=400)
    await caller.call("GET", "/adminAudit/eventCategories")


async def _refusals(caller: Caller) -> None:
    caller.sandbox.world.grants.grant(AccessToken("poor", "poor", None, frozenset({"spark:people_read"})))
    await replace(caller, token="nobody's").call("GET", "/people", expect=401)
    await replace(caller, token="poor").call("GET", "/licenses", expect=403)
    answer = await caller.client.post(
        "/v1/people", content=b"text", headers={"Authorization": f"Bearer {caller.token}"}
    )
    assert answer.status_code == httpx2.codes.UNSUPPORTED_MEDIA_TYPE
