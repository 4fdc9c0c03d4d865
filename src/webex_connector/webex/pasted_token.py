"""
An access token that a person fetched with a browser and pasted.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.webex.oauth import Tokens
from webex_connector.webex.tokens import Exchange, TokenFacts, TokenVault, VaultKey

LONGEST_LIFE = timedelta(days=365)
"""
No token lives longer, says https://help.webex.com/en-us/article/nmm9pzdb of those made for Okta.
"""


def pasted_key(service: str, secret: Secret) -> VaultKey:
    """
    Return where the vault keeps when a token was first used with a service.
    """
    return VaultKey(service, "", hashlib.sha256(secret.reveal().encode()).hexdigest())


class PastedToken:
    """
    Used as it is. Where nobody said when it ends, it is taken to have been made on the day it was first used, which the
    vault remembers.
    """

    def __init__(self, secret: Secret, service: str, *, vault: TokenVault, clock: Clock, ends: datetime | None) -> None:
        self._key = pasted_key(service, secret)
        self._vault, self._clock = vault, clock
        self._tokens = Tokens(secret, ends=ends)

    async def token(self, exchange: Exchange) -> Secret:  # noqa: ARG002 - the protocol's parameter
        """
        Return the token.
        """
        if self._tokens.ends is None:
            self._tokens = await self._first_used()
        return self._tokens.access

    async def renew(self, refused: Secret, exchange: Exchange) -> Secret | None:  # noqa: ARG002 - as above
        """
        Return None: there is no other.
        """
        return None

    @property
    def facts(self) -> TokenFacts:
        """
        Return when it ends: as was said, or at the latest.
        """
        return TokenFacts(renews=False, ends=self._tokens.ends)

    async def _first_used(self) -> Tokens:
        known = await self._vault.get(self._key)
        if known is None:
            now = self._clock.now()
            known = replace(self._tokens, begins=now, ends=now + LONGEST_LIFE)
            await self._vault.put(self._key, known)
        return known
