"""
The organisations API.
"""

import httpx2

from webex_connector.sandbox import rendering
from webex_connector.sandbox.sandbox import Sandbox


async def test_the_organisation_is_listed_and_read(api: httpx2.AsyncClient, sandbox: Sandbox) -> None:
    """
    A token sees its own organisation, under both forms of its identifier.
    """
    shown = {
        "id": rendering.organization_id(sandbox.world),
        "displayName": "Acme Example",
        "created": "2019-10-18T14:26:16+00:00",
    }

    assert {"items": [shown]} == (await api.get("/organizations")).json()
    assert shown == (await api.get(f"/organizations/{shown['id']}")).json()
    assert shown == (await api.get(f"/organizations/{sandbox.world.organization.uuid}")).json()


async def test_other_organisations_are_not_found(api: httpx2.AsyncClient) -> None:
    """
    Another organisation is none of ours, and nobody deletes this one.
    """
    path = "/organizations/a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"

    assert 404 == (await api.get(path)).status_code
    assert 405 == (await api.delete(path)).status_code
