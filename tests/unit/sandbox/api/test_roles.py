"""
The roles API.
"""

import httpx2

from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.records import FULL_ADMIN


async def test_roles_are_listed_and_read(api: httpx2.AsyncClient) -> None:
    """
    All roles come in one answer, and each can be read by its identifier.
    """
    items = (await api.get("/roles")).json()["items"]

    assert [{"id": rendering.role_id(role.key), "name": role.name} for role in catalogue.ROLES] == items
    assert items[0] == (await api.get(f"/roles/{rendering.role_id(FULL_ADMIN)}")).json()


async def test_unknown_roles(api: httpx2.AsyncClient) -> None:
    """
    An unknown role is not found, a malformed identifier refused.
    """
    assert 404 == (await api.get(f"/roles/{rendering.role_id('id_of_nothing')}")).status_code
    assert 400 == (await api.get("/roles/ROLE_ID")).status_code
