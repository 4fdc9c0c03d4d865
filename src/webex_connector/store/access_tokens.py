"""
What the token endpoint gave, and the signed assertions that were used for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from webex_connector.store.clients import KeptClient, client_of
from webex_connector.store.engine import Database
from webex_connector.store.tables import ACCESS_TOKENS, ASSERTIONS, CLIENT_CREDENTIALS, CLIENTS

_KEPT_AFTER_ITS_END: Final = timedelta(hours=1)
"""
So long whoever still shows a token hears that it has ended, and not that nobody knows it.
"""


@dataclass(frozen=True, slots=True)
class KeptAccess:
    """
    An access token, as a digest.
    """

    digest: str
    client: str
    scope: frozenset[str]
    made: datetime
    ends: datetime
    credential: int | None = None
    """
    The number of what the client showed for it; None when that is not in the store.
    """


@dataclass(frozen=True, slots=True)
class Use:
    """
    The use of a signed assertion that may be used once.
    """

    issuer: str
    identifier: str
    ends: datetime


class AccessTokens:
    """
    The access tokens of every process that uses this database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, token: KeptAccess, uses: Sequence[Use] = ()) -> bool:
        """
        Keep a token, and that assertions were used for it, all or nothing. False when one was used before. Raises
        StoreFailed.
        """

        def kept(link: Connection) -> bool:
            link.execute(delete(ACCESS_TOKENS).where(ACCESS_TOKENS.c.ends <= token.made - _KEPT_AFTER_ITS_END))
            link.execute(delete(ASSERTIONS).where(ASSERTIONS.c.ends <= token.made))
            if any(_is_used(link, each) for each in uses):
                return False
            for each in set(uses):
                link.execute(insert(ASSERTIONS).values(issuer=each.issuer, identifier=each.identifier, ends=each.ends))
            link.execute(
                insert(ACCESS_TOKENS).values(
                    digest=token.digest,
                    client=token.client,
                    credential=token.credential,
                    scope=" ".join(sorted(token.scope)),
                    made=token.made,
                    ends=token.ends,
                )
            )
            return True

        return await self._database.write(kept)

    async def found(self, digest: str, now: datetime) -> tuple[KeptAccess, KeptClient | None] | None:
        """
        Return the token of a digest, ended as it may be, with its client, revoked as it may be; without one when it is
        none of the store. None too when what the client showed for it is worth nothing any more, or the client was
        enrolled anew since. Raises StoreFailed.
        """

        def read(link: Connection) -> tuple[KeptAccess, KeptClient | None] | None:
            row = link.execute(select(ACCESS_TOKENS).where(ACCESS_TOKENS.c.digest == digest)).mappings().first()
            if row is None:
                return None
            token = KeptAccess(
                digest, row["client"], frozenset(row["scope"].split()), row["made"], row["ends"], row["credential"]
            )
            client = link.execute(select(CLIENTS).where(CLIENTS.c.name == token.client)).mappings().first()
            if client is None:
                return None if token.credential is not None else (token, None)
            kept = client_of(client)
            if kept.made > token.made or (token.credential is not None and not _is_good(link, token.credential, now)):
                return None
            return token, kept

        return await self._database.read(read)


def _is_used(link: Connection, use: Use) -> bool:
    same = (ASSERTIONS.c.issuer == use.issuer, ASSERTIONS.c.identifier == use.identifier)
    return link.execute(select(ASSERTIONS.c.ends).where(*same)).first() is not None


def _is_good(link: Connection, credential: int, now: datetime) -> bool:
    row = link.execute(select(CLIENT_CREDENTIALS.c.ends).where(CLIENT_CREDENTIALS.c.id == credential)).first()
    return row is not None and (row[0] is None or row[0] > now)
