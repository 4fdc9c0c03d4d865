"""
Where SCIM and the identity broker are, in both positions of the switch.
"""

import httpx2
import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import catalogue, urns
from webex_connector.sandbox.places import ELSEWHERE
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox

SCIM = f"/identity/scim/{catalogue.ORGANIZATION.uuid}/v2"
HEADERS = {"Authorization": "Bearer sandbox-admin-token"}
BULK = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    "failOnErrors": 1,
    "Operations": [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": "b",
            "data": {
                "schemas": [urns.USER],
                "userName": "new@acme.example",
                "userType": "user",
                "displayName": "New",
                "emails": [{"value": "new@acme.example", "type": "work", "primary": True}],
            },
        }
    ],
}


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_identity_is_in_one_place(elsewhere: bool, clock: VirtualClock) -> None:  # noqa: FBT001  # the switch
    """
    SCIM and the broker answer there and nowhere else; what belongs to the API itself stays where it is.
    """
    sandbox = Sandbox(clock=clock, quirks=Quirks(identity_elsewhere=elsewhere))
    async with sandbox.serving() as address, httpx2.AsyncClient(base_url=address, headers=HEADERS) as client:
        here, there = ("", ELSEWHERE)[:: -1 if elsewhere else 1]
        for path in (f"{SCIM}/Users", "/identity/scim/v2/Users/me", f"{SCIM}/Groups"):
            answers = [(await client.get(f"{root}{path}")).status_code for root in (here, there)]
            assert [200, 404] == answers, path
        form = {"client_id": "sandbox-client", "client_secret": "sandbox-client-secret", "token": "x"}
        revoke = "/idb/oauth2/v1/revoke"
        assert [200, 404] == [(await client.post(f"{root}{revoke}", data=form)).status_code for root in (here, there)]
        unmoved = ("/v1/people", f"/identity/organizations/{catalogue.ORGANIZATION.uuid}")
        assert [200, 200] == [(await client.get(path)).status_code for path in unmoved]
        assert [404, 404] == [(await client.get(f"{ELSEWHERE}{path}")).status_code for path in unmoved]
        assert 404 == (await client.get(f"{ELSEWHERE}{ELSEWHERE}{SCIM}/Users")).status_code


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_locations_lead_to_that_place(elsewhere: bool, clock: VirtualClock) -> None:  # noqa: FBT001  # the switch
    """
    Those of users and of what a bulk request made, whose operations are carried out there as well.
    """
    sandbox = Sandbox(clock=clock, quirks=Quirks(identity_elsewhere=elsewhere))
    async with sandbox.serving() as address, httpx2.AsyncClient(headers=HEADERS) as client:
        root = f"{address}{ELSEWHERE if elsewhere else ''}{SCIM}"
        made = (await client.post(f"{root}/Bulk", json=BULK)).json()["Operations"][0]
        shown = (await client.get(made["location"])).json()

    assert ("201", True) == (made["status"], made["location"].startswith(f"{root}/Users/"))
    assert ("new@acme.example", made["location"]) == (shown["userName"], shown["meta"]["location"])
    assert sandbox.world.person_at("new@acme.example") is not None
