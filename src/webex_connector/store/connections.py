"""
What a person gave a system by Connect: properties that go before those of the settings, sealed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Link
from sqlalchemy import delete, insert, select

from webex_connector.base.secret import Secret
from webex_connector.store.engine import Database
from webex_connector.store.sealing import Sealing
from webex_connector.store.tables import CONNECTIONS


@dataclass(frozen=True, slots=True)
class Connection:
    """
    One system's.
    """

    system: str
    properties: Secret
    """
    A JSON object, secrets included.
    """
    connected: datetime
    actor: str
    """
    Who connected it.
    """


class Connections:
    """
    One connection for each system at most; systems that no settings name may have one, too.
    """

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self._database, self._sealing = database, sealing

    async def all(self) -> dict[str, Connection]:
        """
        Return every connection by its system's name. Raises StoreFailed, and SealBroken when one does not open.
        """

        def found(link: Link) -> dict[str, Connection]:
            rows = link.execute(select(CONNECTIONS).order_by(CONNECTIONS.c.system)).mappings().all()
            return {
                row["system"]: Connection(
                    row["system"],
                    self._sealing.opened(CONNECTIONS, row)["properties"] or Secret("{}"),
                    row["connected"],
                    row["actor"],
                )
                for row in rows
            }

        return await self._database.read(found)

    async def put(self, connection: Connection) -> None:
        """
        Keep a connection in the place of the system's last one; when this returns it survives a crash. Raises
        StoreFailed.
        """

        def kept(link: Link) -> None:
            row = {"system": connection.system, "connected": connection.connected, "actor": connection.actor}
            link.execute(delete(CONNECTIONS).where(CONNECTIONS.c.system == connection.system))
            sealed = self._sealing.sealed(CONNECTIONS, row, {"properties": connection.properties})
            link.execute(insert(CONNECTIONS).values(**row, **sealed))

        await self._database.write(kept)

    async def remove(self, system: str) -> bool:
        """
        Forget a system's connection. Returns whether there was one. Raises StoreFailed.
        """

        def removed(link: Link) -> bool:
            return bool(link.execute(delete(CONNECTIONS).where(CONNECTIONS.c.system == system)).rowcount)

        return await self._database.write(removed)
