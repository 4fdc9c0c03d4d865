"""
Access tokens that we sign ourselves: nobody is asked for them, and the other side checks our signature.
"""

from datetime import timedelta

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.webex.oauth import Tokens
from webex_connector.webex.signing import Signer
from webex_connector.webex.tokens import Exchange, TokenFacts


class SelfSignedToken:
    """
    One token, used until shortly before its end, then signed anew.
    """

    def __init__(self, signer: Signer, clock: Clock) -> None:
        self._signer, self._clock = signer, clock
        self._held: Tokens | None = None

    async def token(self, exchange: Exchange) -> Secret:  # noqa: ARG002 - the protocol's parameter
        """
        Return the token.
        """
        held = self._held
        if held is None or held.is_due(self._clock.now()):
            held = self._sign()
        return held.access

    async def renew(self, refused: Secret, exchange: Exchange) -> Secret:  # noqa: ARG002 - as above
        """
        Return another token than `refused`.
        """
        held = self._held
        if held is None or held.access == refused:
            held = self._sign()
        return held.access

    @property
    def facts(self) -> TokenFacts:
        """
        Return when the token ends.
        """
        return TokenFacts(renews=True, ends=self._held.ends if self._held else None)

    def _sign(self) -> Tokens:
        now = self._clock.now()
        ends = now + timedelta(seconds=self._signer.seconds)
        self._held = Tokens(self._signer.token(now), begins=now, ends=ends)
        return self._held
