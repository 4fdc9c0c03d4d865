"""
The domain actions and the rules behind them.
"""

import httpx2
import pytest

from webex_connector.sandbox import catalogue
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient


async def _act(api: Client, action: str, body: object, org: str = catalogue.ORGANIZATION.uuid) -> httpx2.Response:
    return await api.post(f"/identity/organizations/{org}/actions/{action}", json=body)


async def test_a_domain_is_verified_claimed_and_given_up(api: Client, sandbox: Sandbox) -> None:
    """
    Each step answers what there is then.
    """
    asked = await _act(api, "getDomainVerificationToken", {"domain": "Acme.Example"})
    again = await _act(api, "getDomainVerificationToken", {"domain": "acme.example"})
    verified = await _act(api, "verifyDomain", {"domain": "acme.example"})
    claimed = await _act(api, "claimDomain", {"data": [{"domain": "acme.example"}]})
    unclaimed = await _act(api, "unclaimDomain", {"domain": "acme.example"})
    is_still_verified = sandbox.world.domains["acme.example"].verified
    unverified = await _act(api, "unverifyDomain", {"domain": "acme.example"})

    assert ("acme.example", "DNS_TXT") == (asked.json()["domain"], asked.json()["verificationMethod"])
    assert asked.json()["token"] == again.json()["token"]
    assert (["acme.example"], []) == (verified.json()["verifiedDomains"], verified.json()["claimedDomains"])
    assert ["acme.example"] == [each["domain"] for each in claimed.json()["data"]]
    assert (204, True) == (unclaimed.status_code, is_still_verified)
    assert (200, [], {}) == (unverified.status_code, unverified.json()["verifiedDomains"], sandbox.world.domains)


async def test_verifying_may_claim_at_once(api: Client) -> None:
    """
    With `claimDomain` both are done in one step, and verifying again gives no claim up.
    """
    await _act(api, "getDomainVerificationToken", {"domain": "acme.example"})
    answer = await _act(api, "verifyDomain", {"domain": "acme.example", "claimDomain": True})
    again = await _act(api, "verifyDomain", {"domain": "acme.example"})
    assert ["acme.example"] == answer.json()["claimedDomains"] == again.json()["claimedDomains"]


async def test_what_is_not_claimed_is_not_given_up(api: Client, sandbox: Sandbox) -> None:
    """
    A domain that is verified and no more is refused.
    """
    await _act(api, "getDomainVerificationToken", {"domain": "acme.example"})
    await _act(api, "verifyDomain", {"domain": "acme.example"})
    before = sandbox.world.writes
    answer = await _act(api, "unclaimDomain", {"domain": "acme.example"})
    assert (400, before) == (answer.status_code, sandbox.world.writes)


async def test_domains_of_others(api: Client, sandbox: Sandbox) -> None:
    """
    What another organisation has claimed is a conflict.
    """
    sandbox.world.foreign_domains.add("wbx.example")
    await _act(api, "getDomainVerificationToken", {"domain": "wbx.example"})
    assert 409 == (await _act(api, "verifyDomain", {"domain": "wbx.example"})).status_code
    assert not sandbox.world.domains["wbx.example"].verified


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("getDomainVerificationToken", {}, 400),
        ("getDomainVerificationToken", {"domain": "me@acme.example"}, 400),
        ("verifyDomain", {"domain": "acme.example"}, 400),
        ("claimDomain", {}, 400),
        ("claimDomain", {"data": [{"domain": "acme.example"}]}, 400),
        ("unclaimDomain", {"domain": "acme.example"}, 400),
        ("unverifyDomain", {"domain": "acme.example"}, 404),
        ("transferDomain", {"domain": "acme.example"}, 404),
    ],
)
async def test_steps_out_of_turn(action: str, body: object, status: int, api: Client, sandbox: Sandbox) -> None:
    """
    Nothing is verified without a token, claimed unverified, or given up that was not had.
    """
    assert (status, {}) == ((await _act(api, action, body)).status_code, sandbox.world.domains)


async def test_domains_are_the_organisations_own(api: Client) -> None:
    """
    Another organisation is not found.
    """
    other = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
    assert 404 == (await _act(api, "verifyDomain", {"domain": "acme.example"}, other)).status_code
