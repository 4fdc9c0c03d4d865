"""
The organisations API.
"""

import httpx2
import pytest

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


@pytest.mark.parametrize("root", ["", "/v1"])
async def test_the_identity_service_shows_it_too(root: str, api: httpx2.AsyncClient, sandbox: Sandbox) -> None:
    """
    Under its UUID, with a version that moves with a change; what a change leaves out stays.
    """
    schema = "urn:cisco:codev:identity:organization:core:1.0"
    origin = str(api.base_url).removesuffix("/v1/")
    url = f"{origin}{root}/identity/organizations/{sandbox.world.organization.uuid}"

    before = (await api.get(url)).json()
    named = {"schemas": [schema], "displayName": "Acme", "preferredLanguage": "en_US"}
    changed = (await api.patch(url, json=named)).json()
    again = (await api.patch(url, json={"schemas": [schema], "displayName": "Acme 2"})).json()

    assert ([schema], "Acme Example", sandbox.world.organization.uuid) == (
        before["schemas"],
        before["displayName"],
        before["id"],
    )
    assert "preferredLanguage" not in before
    assert named.items() <= changed.items()
    assert ("Acme 2", "en_US") == (again["displayName"], again["preferredLanguage"])
    assert before["meta"]["version"] != changed["meta"]["version"]
    assert before["meta"]["created"] == changed["meta"]["created"]


@pytest.mark.parametrize("body", [{}, {"displayName": "Acme"}, {"schemas": ["other"], "displayName": "Acme"}])
async def test_a_change_names_schema_and_name(body: object, api: httpx2.AsyncClient, sandbox: Sandbox) -> None:
    """
    Otherwise it is refused, and the name stays.
    """
    path = f"/identity/organizations/{sandbox.world.organization.uuid}"
    assert (400, "Acme Example") == ((await api.patch(path, json=body)).status_code, sandbox.world.organization.name)
    other = "/identity/organizations/a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
    assert [404, 404] == [(await api.get(other)).status_code, (await api.patch(other, json=body)).status_code]
