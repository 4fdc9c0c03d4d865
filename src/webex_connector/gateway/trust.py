"""
Whose signed assertions are gone by: issuers, and what a proven assertion says about a client (RFC 7523).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from webex_connector.base.clock import Clock
from webex_connector.gateway.admission import Unproven
from webex_connector.gateway.assertions import Proof, PublicKey, announced, fitting, proven
from webex_connector.gateway.key_sets import Fetch, KeySets
from webex_connector.gateway.rights import Trusted


@dataclass(frozen=True, slots=True)
class Issuer:
    """
    Somebody who signs assertions: an identity provider, or a client by itself.
    """

    name: str
    issuer: str
    """
    What stands in the claim `iss`.
    """
    audience: frozenset[str]
    """
    What may stand in the claim `aud`.
    """
    keys: str | tuple[PublicKey, ...]
    """
    The address of its keys, or these.
    """
    at_doors: bool = False
    """
    Whether what it signs is taken at the doors themselves, as an access token.
    """


@dataclass(frozen=True, slots=True)
class Spoken:
    """
    What a proven assertion says: for whom it speaks, and who signed it.
    """

    trusted: Trusted
    proof: Proof


class Trust:
    """
    The issuers of the settings.
    """

    def __init__(self, issuers: Iterable[Issuer], fetch: Fetch, clock: Clock) -> None:
        self._by_issuer = {each.issuer: each for each in issuers}
        self._key_sets = KeySets(fetch, clock)
        self._clock = clock

    async def heard(self, text: str, *, at_door: bool) -> Spoken:
        """
        Return what an assertion says. Raises Unproven, Lapsed, and ConnectionFailed when the issuer's keys cannot be
        had.
        """
        who = announced(text)
        issuer = self._by_issuer.get(who.issuer)
        if issuer is None:
            raise Unproven(f"The issuer of the assertion is not trusted here: {who.issuer[:200]}")
        if at_door and not issuer.at_doors:
            raise Unproven(f"Tokens of {issuer.name} are taken at the token endpoint alone")
        keys = issuer.keys
        if isinstance(keys, str):
            keys = await self._key_sets.fitting(keys, who.key_id)
        proof = proven(text, fitting(keys, who.key_id), issuer.audience, self._clock.now())
        return Spoken(Trusted(issuer.name, proof.subject), proof)
