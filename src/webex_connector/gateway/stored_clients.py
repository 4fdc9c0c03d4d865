"""
The clients in the store as they are at this moment, so that what is revoked on the command line counts at once in a
running server: nothing of them is remembered that anybody may have changed.
"""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.admission import Lapsed
from webex_connector.gateway.credentials import token_digest
from webex_connector.gateway.rights import Client, Right, Role, Trusted
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.store.clients import ClientTable, KeptClient, KeptCredential
from webex_connector.store.errors import StoreError

T = TypeVar("T")
Found = tuple[KeptClient, KeptCredential]
"""
A client, and what it shows.
"""

USE_NOTED_EVERY: Final = timedelta(minutes=5)
"""
How far the moment of last use may lag behind: writing it down at each request would cost more than the request.
"""

_MOST_REMEMBERED: Final = 1000

log = logger("gateway")


class StoredClients:
    """
    Looks clients up. Every method raises ConnectionFailed when the store does not answer: then nobody is let in.
    """

    def __init__(self, table: ClientTable, clock: Clock) -> None:
        self._table = table
        self._clock = clock
        self._noted: dict[int, datetime] = {}
        self._version: int | None = None
        self._by_digest: dict[str, Found] = {}

    async def password_of(self, name: str) -> Found | None:
        """
        Return a client with its password, be it worth anything or not.
        """
        return await answered(self._table.password_of(name))

    async def by_token(self, token: str) -> Found | None:
        """
        Return the client of a token, be it worth anything or not. It is remembered for as long as nobody has written to
        the store, where the store can tell; so what is revoked is worth nothing from the next request on.
        """
        digest, version = token_digest(token), self._table.version()
        if version is None or version != self._version or len(self._by_digest) >= _MOST_REMEMBERED:
            self._by_digest, self._version = {}, version
        found = self._by_digest.get(digest)
        if found is None:
            found = await answered(self._table.by_digest(digest))
            # Somebody may have written while it was looked up, and another request have noticed that.
            if found is not None and version is not None and version == self._version:
                self._by_digest[digest] = found
        return found

    async def trusting(self, trusted: Trusted) -> Client | None:
        """
        Return the client that an issuer's assertions about a subject speak for. Raises Lapsed when it was revoked.
        """
        client = await answered(self._table.trusting(trusted.issuer, trusted.subject))
        return None if client is None else standing(client, "trust in the issuer")

    async def admitted(self, client: KeptClient, credential: KeptCredential) -> Client:
        """
        Return somebody who showed the right thing as a client, and note the use. Raises Lapsed.
        """
        now = self._clock.now()
        kind = credential.kind.value
        found = standing(client, kind)
        if credential.ends is not None and credential.ends <= now:
            log.warning("gateway.login_lapsed", client=client.name, reason="ended", hint=credential.hint)
            raise Lapsed(f"The {kind} of {client.name} ended on {told(credential.ends)}")
        await self._note_use(credential, now)
        return found

    async def _note_use(self, credential: KeptCredential, now: datetime) -> None:
        latest = self._noted.get(credential.key, credential.used)
        if latest is not None and latest > now - USE_NOTED_EVERY:
            return
        self._noted[credential.key] = now
        try:
            await self._table.note_use(credential.key, now)
        except StoreError as problem:
            log.warning("gateway.use_not_noted", client=credential.hint, reason=str(problem))


async def answered(asked: Awaitable[T]) -> T:
    """
    Return what the table of clients answers. Raises ConnectionFailed when it does not.
    """
    try:
        return await asked
    except StoreError as problem:
        raise ConnectionFailed(f"Who may log in cannot be looked up: {problem}") from problem


def standing(client: KeptClient, shown: str) -> Client:
    """
    Return a client of the store. Raises Lapsed, naming what was shown, when it was revoked.
    """
    if client.revoked is not None:
        log.warning("gateway.login_lapsed", client=client.name, reason="revoked", shown=shown)
        raise Lapsed(f"The {shown} of {client.name} was revoked on {told(client.revoked)}")
    return Client(
        client.name,
        systems=client.systems,
        role=Role(client.role),
        without=frozenset(Right(each) for each in client.without),
        objects=client.objects,
        trusted=None if client.trusted is None else Trusted(*client.trusted),
    )


def told(moment: datetime) -> str:
    """
    Return a moment for people.
    """
    return f"{moment:%Y-%m-%d at %H:%M} UTC"
