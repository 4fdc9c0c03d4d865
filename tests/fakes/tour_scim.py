"""
The part of the walk that leads past SCIM.
"""

from dataclasses import replace
from typing import Any

from fakes.caller import Caller
from webex_connector.sandbox import urns

Json = dict[str, Any]

_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
_BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
_TOO_MANY = 101


async def tour_scim(caller: Caller) -> None:
    """
    Make every call of SCIM, and see how it refuses.
    """
    await _users(caller)
    await _groups(caller)
    await _bulk(caller)
    await replace(caller, root="/identity/scim/v2").call("GET", "/Users/me")
    await replace(caller, token="poor").call("GET", "/Users", expect=403)
    await replace(caller, root="/identity/scim/nowhere/v2").call("GET", "/Users", expect=400)


async def _users(caller: Caller) -> None:
    mara = _user("mara.scim@acme.example")
    made = await caller.call("POST", "/Users", mara, expect=201)
    path = f"/Users/{made['id']}"
    await caller.call("POST", "/Users", mara, expect=409)
    await caller.call("POST", "/Users", {"schemas": [urns.USER]}, expect=400)
    await caller.call("GET", path)
    await caller.call("PUT", path, {**mara, "title": "Controller"})
    phone = {"value": "+49 30 555 77", "type": "mobile"}
    await caller.call(
        "PATCH",
        path,
        _patch(
            {"op": "replace", "path": "name", "value": {"givenName": "Mara", "formatted": "Mara Lind"}},
            {"op": "add", "path": "phoneNumbers", "value": [phone]},
            {"op": "replace", "path": f"{urns.WEBEX_USER}:extensionAttribute1", "value": ["x"]},
            {"op": "replace", "path": "active", "value": False},
        ),
    )
    await caller.sandbox.clock.sleep(caller.sandbox.quirks.sip_address_delay)
    await caller.call("GET", "/Users?startIndex=1&count=100&sortBy=meta.lastModified&sortOrder=descending")
    await caller.call("GET", "/Users?count=5&returnGroups=true&includeGroupDetails=true")
    await caller.call("GET", "/Users?attributes=displayName&count=3")
    await caller.call("GET", f'/Users?filter=userName eq "{mara["userName"]}"')
    await caller.call("GET", "/Users?filter=co co", expect=400)
    await caller.call("PATCH", path, _patch({"op": "replace", "path": "unheard[", "value": 1}), expect=400)
    await caller.call("DELETE", path, expect=204)
    await caller.call("GET", path, expect=404)


async def _groups(caller: Caller) -> None:
    somebody = [person.uuid for _, person in caller.sandbox.world.people(2)]
    draft = {
        "schemas": [urns.GROUP, urns.WEBEX_GROUP],
        "displayName": "Choir",
        "externalId": "hr-choir",
        "members": [{"value": somebody[0], "type": "user"}],
        urns.WEBEX_GROUP: {"usage": "policy"},
    }
    made = await caller.call("POST", "/Groups", draft, expect=201)
    path = f"/Groups/{made['id']}"
    await caller.call("GET", "/Groups?includeMembers=true&sortBy=displayName&startIndex=1&count=5")
    await caller.call("GET", path)
    await caller.call("GET", f"{path}?excludedAttributes=members")
    await caller.call("GET", "/Groups?attributes=externalId")
    members = [{"value": somebody[1], "type": "user"}]
    await caller.call("PATCH", path, _patch({"op": "add", "path": "members", "value": members}))
    await caller.call("PATCH", path, _patch({"op": "replace", "path": "displayName", "value": "Quire"}))
    await caller.call("GET", f"{path}/Members?startIndex=1&count=500")
    await caller.call("PUT", path, draft)
    await caller.call("DELETE", path, expect=204)
    await caller.call("GET", path, expect=404)
    await caller.call("POST", "/Groups", {"schemas": [urns.GROUP]}, expect=400)


async def _bulk(caller: Caller) -> None:
    create = {"method": "POST", "path": "/Users", "bulkId": "b", "data": _user("bulk@acme.example")}
    done = await caller.call("POST", "/Bulk", _bulk_of(create, {**create, "bulkId": "again"}))
    path = done["Operations"][0]["location"].rpartition("/v2")[2]
    change = {"method": "PATCH", "path": path, "data": _patch({"op": "replace", "path": "title", "value": "CFO"})}
    await caller.call("POST", "/Bulk", _bulk_of(change, {"method": "DELETE", "path": path}))
    lower = {"schemas": [_BULK], "failOnErrors": 1, "operations": [{"method": "DELETE", "path": path}]}
    await caller.call("POST", "/Bulk", lower)
    await caller.call("POST", "/Bulk", {"schemas": [_BULK], "failOnErrors": 1}, expect=400)
    await caller.call("POST", "/Bulk", _bulk_of(*[change] * _TOO_MANY), expect=413)


def _user(address: str) -> Json:
    return {
        "schemas": [urns.USER, urns.ENTERPRISE],
        "userName": address,
        "userType": "user",
        "displayName": "Mara Lind",
        "active": True,
        "emails": [{"value": address, "type": "work", "primary": True}],
        "addresses": [{"type": "work", "country": "DE"}],
        "roles": [{"value": "id_readonly_admin", "type": "cirole"}],
        urns.ENTERPRISE: {"department": "Finance", "employeeNumber": "4711"},
    }


def _patch(*operations: Json) -> Json:
    return {"schemas": [_PATCH], "Operations": list(operations)}


def _bulk_of(*operations: Json) -> Json:
    return {"schemas": [_BULK], "failOnErrors": 100, "Operations": list(operations)}
