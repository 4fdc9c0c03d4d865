"""
What a person allows an integration on the consent page, until the integration fetches its tokens for it: authorization
codes (RFC 6749, section 4.1) with PKCE (RFC 7636).
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from webex_connector.base.clock import Clock

CODE_LIFE = 600
"""
Seconds a code can be exchanged (RFC 6749, section 4.1.2: ten minutes at most).
"""


@dataclass(frozen=True, slots=True)
class Consent:
    """
    What somebody allowed.
    """

    person: str
    """The UUID of whoever did."""
    client_id: str
    redirect_uri: str
    scopes: frozenset[str]
    challenge: str = ""
    """Of PKCE; empty when the integration sent none."""
    method: str = "plain"
    """`plain` or `S256`."""


class Consents:
    """
    Codes that were not yet exchanged.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, tuple[Consent, float]] = {}
        self._numbered = 0

    def give(self, consent: Consent) -> str:
        """
        Return a new code for a consent.
        """
        self._numbered += 1
        code = hashlib.sha256(f"code/{self._numbered}/{consent.person}".encode()).hexdigest()
        self._open[code] = (consent, self._clock.now().timestamp() + CODE_LIFE)
        return code

    def redeem(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Consent | None:
        """
        Return the consent behind a code, which is of no use from then on.

        None for a code that is unknown, used, expired or another client's, for another redirect URI than the page was
        opened with, and for a verifier that does not fit the challenge.
        """
        consent, until = self._open.pop(code, (None, 0.0))
        if consent is None or self._clock.now().timestamp() >= until:
            return None
        same = (client_id, redirect_uri) == (consent.client_id, consent.redirect_uri)
        return consent if same and _fits(consent, verifier) else None


def _fits(consent: Consent, verifier: str) -> bool:
    if not consent.challenge:
        return not verifier
    expected = verifier
    if consent.method == "S256":
        expected = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(expected.encode(), consent.challenge.encode())
