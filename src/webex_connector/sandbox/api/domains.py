"""
The domain actions below `/identity/organizations` (https://developer.webex.com/docs/api/v1/domain-management).
"""

from typing import Any

from webex_connector.sandbox.exchange import Handler, Reply, Request, Route, json_reply, need
from webex_connector.sandbox.records import FULL_ADMIN
from webex_connector.sandbox.rules import domains as rules
from webex_connector.sandbox.rules.domains import ClaimDraft, DomainDraft
from webex_connector.sandbox.rules.organizations import require_own
from webex_connector.sandbox.world import World


def token(world: World, request: Request) -> Reply:
    """
    Answer the token that has to stand in a domain's DNS.
    """
    require_own(world, request.params["id"])
    domain = rules.ask(world, request.json(DomainDraft))
    shown = {"domain": domain.name, "token": domain.token, "verificationMethod": "DNS_TXT"}
    return json_reply(200, {**shown, "url": f"{request.base_url}{request.path}"})


def verify(world: World, request: Request) -> Reply:
    """
    Verify a domain and answer all there are.
    """
    require_own(world, request.params["id"])
    rules.verify(world, request.json(DomainDraft))
    return json_reply(200, _all(world, request))


def claim(world: World, request: Request) -> Reply:
    """
    Claim domains and answer them.
    """
    require_own(world, request.params["id"])
    claimed = rules.claim(world, request.json(ClaimDraft))
    rows = [{"domain": domain.name, "url": f"{request.base_url}{request.path}"} for domain in claimed]
    return json_reply(200, {"data": rows})


def unverify(world: World, request: Request) -> Reply:
    """
    Give a domain up and answer those that are left.
    """
    require_own(world, request.params["id"])
    rules.unverify(world, request.json(DomainDraft))
    return json_reply(200, _all(world, request))


def unclaim(world: World, request: Request) -> Reply:
    """
    Give a claim up and answer 204.
    """
    require_own(world, request.params["id"])
    rules.unclaim(world, request.json(DomainDraft))
    return Reply(204)


def _all(world: World, request: Request) -> dict[str, Any]:
    return {
        "verifiedDomains": [domain.name for domain in world.domains.values() if domain.verified],
        "claimedDomains": [domain.name for domain in world.domains.values() if domain.claimed],
        "url": f"{request.base_url}{request.path}",
    }


_SCOPES = (need("identity:organizations_rw"), need("Identity:Organization"))
_ACTIONS: dict[str, Handler] = {
    "getDomainVerificationToken": token,
    "verifyDomain": verify,
    "claimDomain": claim,
    "unverifyDomain": unverify,
    "unclaimDomain": unclaim,
}

ROUTES = tuple(
    Route("POST", f"/identity/organizations/{{id}}/actions/{action}", handler, _SCOPES, frozenset({FULL_ADMIN}), root)
    for action, handler in _ACTIONS.items()
    # The specification prints these paths without a prefix, clients were seen to call them with one.
    for root in ("/v1", "")
)
"""
The calls of this resource.
"""
