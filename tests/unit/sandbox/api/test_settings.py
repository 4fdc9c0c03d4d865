"""
The settings of the organisation.
"""

import httpx2
import pytest

from webex_connector.sandbox import catalogue, ids
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.world import INVITATIONS

Client = httpx2.AsyncClient

_ORG = f"/settings/organizations/{ids.encode(Kind.ORGANIZATION, catalogue.ORGANIZATION.uuid)}/settings"
_OTHER = "/settings/organizations/a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58/settings"


async def test_invitations_are_switched_off_and_on(api: Client, sandbox: Sandbox) -> None:
    """
    The setting is read with its name, and stays as it was written.
    """
    before = await api.get(f"{_ORG}/{INVITATIONS}")
    changed = await api.post(_ORG, json={"key": INVITATIONS, "value": False})

    assert {"key": INVITATIONS, "value": True, "name": "Automatic Activation Emails"} == before.json()
    assert {**before.json(), "value": False} == changed.json() == (await api.get(f"{_ORG}/{INVITATIONS}")).json()
    assert {INVITATIONS: False} == sandbox.world.settings


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (_ORG, {"key": "colour", "value": True}, 400),
        (_ORG, {"key": INVITATIONS, "value": "no"}, 400),
        (_ORG, {"key": INVITATIONS}, 400),
        (_OTHER, {"key": INVITATIONS, "value": False}, 404),
    ],
)
async def test_what_cannot_be_set(path: str, body: object, status: int, api: Client, sandbox: Sandbox) -> None:
    """
    Unknown keys, values that are neither true nor false, and other organisations.
    """
    assert (status, True) == ((await api.post(path, json=body)).status_code, sandbox.world.settings[INVITATIONS])


@pytest.mark.parametrize("path", [f"{_ORG}/colour", f"{_OTHER}/{INVITATIONS}"])
async def test_what_cannot_be_read(path: str, api: Client) -> None:
    """
    Unknown keys and other organisations are not found.
    """
    assert 404 == (await api.get(path)).status_code
