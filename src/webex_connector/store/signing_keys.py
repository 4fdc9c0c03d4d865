"""
Keys to sign with what is handed out and taken back, as paging cookies are: every process that uses the database signs
with the same ones, so that a restart or another replica takes nobody's place in a list away.
"""

import secrets
from typing import Final

from sqlalchemy import Connection, insert, select

from webex_connector.base.secret import Secret
from webex_connector.store.engine import Database
from webex_connector.store.sealing import Sealing
from webex_connector.store.tables import SIGNING_KEYS

_BYTES: Final = 32


class SigningKeys:
    """
    The keys by what they are for, made on first use and sealed at rest.
    """

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database, self._sealing = database, sealing

    def key(self, name: str) -> bytes:
        """
        Return the key of this name; it is read in the calling thread. Raises StoreFailed, and SealBroken when it does
        not open.
        """

        def found(link: Connection) -> bytes:
            row = link.execute(select(SIGNING_KEYS).where(SIGNING_KEYS.c.name == name)).mappings().first()
            if row is not None:
                kept = self._sealing.opened(SIGNING_KEYS, row)["key"] or Secret("")
                return bytes.fromhex(kept.reveal())
            fresh = secrets.token_bytes(_BYTES)
            own = {"name": name}
            sealed = self._sealing.sealed(SIGNING_KEYS, own, {"key": Secret(fresh.hex())})
            link.execute(insert(SIGNING_KEYS).values(**own, **sealed))
            return fresh

        return self._database.write_now(found)
