"""
Access tokens of our own: what the token endpoint gives, and what the doors make of it.

They are opaque and looked up in the store at each request, so that every server of one database takes them, and nothing
that was revoked lasts until a signature ends.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.base.secret import Secret
from webex_connector.gateway.admission import Lapsed, NotAdmitted
from webex_connector.gateway.credentials import fresh_access_token, token_digest
from webex_connector.gateway.rights import Client, Right
from webex_connector.gateway.stored_clients import answered, standing, told
from webex_connector.store.access_tokens import AccessTokens, KeptAccess, Use

LIFE: Final = timedelta(hours=1)
"""
How long an access token is good.
"""

SCOPES: Final[Mapping[str, Right]] = {each.value.replace(" ", "_"): each for each in Right}
"""
The rights by the words that a client asks for them with.
"""

log = logger("gateway")


class ScopeRefused(Exception):
    """
    Rights were asked for that the client does not have, or that there are not; the message says which.
    """


class UsedBefore(Exception):
    """
    An assertion was used before, and may be used once.
    """


@dataclass(frozen=True, slots=True)
class Given:
    """
    A new access token, and what it is good for.
    """

    token: Secret
    scope: str


class Issued:
    """
    Gives access tokens, and knows those that were given. Every method raises ConnectionFailed when the store does not
    answer.
    """

    def __init__(self, table: AccessTokens, clock: Clock) -> None:
        self._table, self._clock = table, clock

    async def give(
        self, client: Client, scope: Collection[str], credential: int | None = None, uses: Sequence[Use] = ()
    ) -> Given:
        """
        Return a new token with the rights that were asked for; all that the client has when none were. `credential` is
        what the client showed, by its number in the store: the token is worth no more than that.

        Raises ScopeRefused, and UsedBefore.
        """
        words = sorted(_granted(client, scope))
        token, now = fresh_access_token(), self._clock.now()
        kept = KeptAccess(token_digest(token.reveal()), client.name, frozenset(words), now, now + LIFE, credential)
        if not await answered(self._table.keep(kept, uses)):
            raise UsedBefore
        log.info("access.token_given", client=client.name, scope=words)
        return Given(token, " ".join(words))

    async def client_of(self, token: str, settings: Mapping[str, Client]) -> Client:
        """
        Return who a token was given to, with the rights that it was given for and the client still has. `settings` are
        the clients that the store does not know.

        Raises Lapsed, and NotAdmitted when nobody was given this one, or what the client got it for is worth nothing.
        """
        found = await answered(self._table.found(token_digest(token), self._clock.now()))
        kept, stored = (None, None) if found is None else found
        client = None
        if kept is not None and kept.credential is None and kept.client in settings:
            client = settings[kept.client]
        elif stored is not None and stored.name not in settings:
            client = standing(stored, "access token")
        if kept is None or client is None:
            raise NotAdmitted("The token fits no client")
        if kept.ends <= self._clock.now():
            raise Lapsed(f"The access token of {client.name} ended on {told(kept.ends)}; ask /oauth2/token for another")
        return client.narrowed([SCOPES[word] for word in kept.scope if word in SCOPES])


def _granted(client: Client, asked: Collection[str]) -> set[str]:
    """
    Return the words of the rights to give. The word `scim`, which some clients always send, asks for nothing special.
    """
    wanted = set(asked) - {"scim"}
    has = {word for word, right in SCOPES.items() if right in client.rights}
    unknown, lacking = wanted - SCOPES.keys(), (wanted & SCOPES.keys()) - has
    if unknown:
        raise ScopeRefused(f"There is no scope {', '.join(sorted(unknown))}; there are: {', '.join(SCOPES)}")
    if lacking:
        raise ScopeRefused(f"{client.name} may not {', '.join(sorted(SCOPES[word].value for word in lacking))}")
    # Whoever may write has to read for it: each write is answered with the object.
    return wanted | {"read"} if wanted else has
