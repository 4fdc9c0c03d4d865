"""
Tokens, sealed, and the right to renew them.
"""

import hashlib
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from webex_connector.base.secret import Secret
from webex_connector.store.engine import Database
from webex_connector.store.leases import Leases
from webex_connector.store.sealing import Sealing
from webex_connector.store.tables import TOKENS

RENEWAL = timedelta(minutes=2)
"""
How long a process may take to renew a token before others believe it dead.
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """
    Whose tokens they are: a token endpoint, a client there, and what tells its grants apart.
    """

    endpoint: str
    client_id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class KeptTokens:
    """
    An access token with the refresh token that gets the next one.
    """

    access: Secret
    refresh: Secret | None
    begins: datetime | None
    ends: datetime | None
    refresh_ends: datetime | None = None
    scopes: frozenset[str] = frozenset()


class Vault:
    """
    Keeps tokens for every process and across restarts.
    """

    def __init__(self, database: Database, sealing: Sealing, leases: Leases) -> None:
        self._database, self._sealing, self._leases = database, sealing, leases

    async def get(self, holder: Holder) -> KeptTokens | None:
        """
        Return the tokens kept last, or None. Raises StoreFailed, and SealBroken when they do not open.
        """

        def found(link: Connection) -> KeptTokens | None:
            row = link.execute(select(TOKENS).where(_is(holder))).mappings().first()
            if row is None:
                return None
            opened = self._sealing.opened(TOKENS, row)
            access = opened["access"]
            if access is None:
                return None
            scopes = frozenset((row["scopes"] or "").split())
            return KeptTokens(access, opened["refresh"], row["begins"], row["ends"], row["refresh_ends"], scopes)

        return await self._database.read(found)

    async def put(self, holder: Holder, tokens: KeptTokens) -> None:
        """
        Keep these tokens in the place of those before; when this returns they survive a crash. Raises StoreFailed.
        """

        def kept(link: Connection) -> None:
            row = {
                "endpoint": holder.endpoint,
                "client_id": holder.client_id,
                "fingerprint": holder.fingerprint,
                "begins": tokens.begins,
                "ends": tokens.ends,
                "refresh_ends": tokens.refresh_ends,
                "scopes": " ".join(sorted(tokens.scopes)),
            }
            secrets = {"access": tokens.access, "refresh": tokens.refresh}
            link.execute(delete(TOKENS).where(_is(holder)))
            link.execute(insert(TOKENS).values(**row, **self._sealing.sealed(TOKENS, row, secrets)))

        await self._database.write(kept)

    async def remove(self, holder: Holder) -> None:
        """
        Forget the tokens; it is no error when there are none. Raises StoreFailed.
        """
        await self._database.write(lambda link: link.execute(delete(TOKENS).where(_is(holder))))

    def renewing(self, holder: Holder) -> AbstractAsyncContextManager[None]:
        """
        Wait until nobody else renews these tokens, and keep others from it while the block runs.
        """
        text = f"{holder.endpoint}\n{holder.client_id}\n{holder.fingerprint}"
        return self._leases.alone(f"tokens {hashlib.sha256(text.encode()).hexdigest()}", RENEWAL)


def _is(holder: Holder) -> ColumnElement[bool]:
    return and_(
        TOKENS.c.endpoint == holder.endpoint,
        TOKENS.c.client_id == holder.client_id,
        TOKENS.c.fingerprint == holder.fingerprint,
    )
