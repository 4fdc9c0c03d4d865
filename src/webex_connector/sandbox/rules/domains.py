"""
Mail domains: asked for, verified, claimed, and given up again.

https://developer.webex.com/docs/api/v1/domain-management. Nothing is looked up in any DNS: whoever has asked for a
token can verify.
"""

import hashlib

import msgspec

from webex_connector.sandbox.changes import OrganizationChanged
from webex_connector.sandbox.problems import bad_request, conflict, not_found
from webex_connector.sandbox.records import Domain
from webex_connector.sandbox.world import World


class DomainDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    What a caller writes about one domain.
    """

    domain: str = ""
    claim_domain: bool = False


class ClaimDraft(msgspec.Struct, frozen=True):
    """
    What a caller writes to claim domains.
    """

    data: tuple[DomainDraft, ...] = ()


def ask(world: World, draft: DomainDraft) -> Domain:
    """
    Hand out the token for a domain, the same one each time. Raises a 400 for what is no domain.
    """
    name = _name(draft)
    domain = world.domains.get(name)
    if domain is None:
        token = hashlib.sha256(f"{world.organization.uuid}/{name}".encode()).hexdigest()
        domain = _put(world, Domain(name, token), "pending")
    return domain


def verify(world: World, draft: DomainDraft) -> None:
    """
    Verify a domain, and claim it when that is asked too.

    Raises a 400 when no token was asked for, a 409 when another organisation has claimed the domain.
    """
    name = _name(draft)
    domain = world.domains.get(name)
    if name in world.foreign_domains:
        raise conflict("The domain is claimed by another organization.")
    if domain is None:
        raise bad_request("No verification token was requested for the domain.")
    claimed = domain.claimed or draft.claim_domain
    _put(world, msgspec.structs.replace(domain, verified=True, claimed=claimed), "verified")


def claim(world: World, draft: ClaimDraft) -> list[Domain]:
    """
    Claim verified domains. Raises a 400 when there is none, or one is not verified; then nothing was changed.
    """
    if not draft.data:
        raise bad_request("data is required.")
    domains = [world.domains.get(_name(each)) for each in draft.data]
    verified = [domain for domain in domains if domain and domain.verified]
    if len(verified) != len(domains):
        raise bad_request("The domain is not verified.")
    return [_put(world, msgspec.structs.replace(domain, claimed=True), "claimed") for domain in verified]


def unclaim(world: World, draft: DomainDraft) -> None:
    """
    Give a claim up; the domain stays verified. Raises a 400 for one that is not claimed.
    """
    domain = world.domains.get(_name(draft))
    if domain is None or not domain.claimed:
        raise bad_request("The domain is not claimed.")
    _put(world, msgspec.structs.replace(domain, claimed=False), "unclaimed")


def unverify(world: World, draft: DomainDraft) -> None:
    """
    Give a domain up. Raises a 404 for one that was never asked for.
    """
    domain = world.domains.pop(_name(draft), None)
    if domain is None:
        raise not_found("Domain")
    world.changed(OrganizationChanged(f"domain {domain.name} (unverified)"))


def _name(draft: DomainDraft) -> str:
    name = draft.domain.strip().lower()
    if "." not in name.strip(".") or "@" in name or any(character.isspace() for character in name):
        raise bad_request(f"Invalid domain: {draft.domain}")
    return name


def _put(world: World, domain: Domain, state: str) -> Domain:
    world.domains[domain.name] = domain
    world.changed(OrganizationChanged(f"domain {domain.name} ({state})"))
    return domain
