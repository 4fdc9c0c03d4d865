"""
What a person gave a system by Connect: properties that go before those of the settings, sealed. Each change and its
line in the journal are one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection as Link
from sqlalchemy import delete, insert, select

from webex_connector.base.secret import Secret
from webex_connector.store.engine import Database
from webex_connector.store.journal import Opening, write_whole_entry
from webex_connector.store.sealing import Sealing
from webex_connector.store.tables import CONNECTIONS

_OBJECT_CLASS = "connection"


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

    async def put(self, connection: Connection, door: str) -> None:
        """
        Keep a connection, which came through that door, in the place of the system's last one; when this returns it
        survives a crash. Raises StoreFailed.
        """

        def kept(link: Link) -> None:
            row = {"system": connection.system, "connected": connection.connected, "actor": connection.actor}
            is_new = not link.execute(delete(CONNECTIONS).where(CONNECTIONS.c.system == connection.system)).rowcount
            sealed = self._sealing.sealed(CONNECTIONS, row, {"properties": connection.properties})
            link.execute(insert(CONNECTIONS).values(**row, **sealed))
            change = "create" if is_new else "update"
            _note(link, connection.connected, connection.system, change, connection.actor, door, _named(connection))

        await self._database.write(kept)

    async def remove(self, system: str, moment: datetime, actor: str, door: str) -> bool:
        """
        Forget a system's connection. Returns whether there was one. Raises StoreFailed.
        """

        def removed(link: Link) -> bool:
            if not link.execute(delete(CONNECTIONS).where(CONNECTIONS.c.system == system)).rowcount:
                return False
            _note(link, moment, system, "delete", actor, door, ())
            return True

        return await self._database.write(removed)


def _named(connection: Connection) -> Sequence[str]:
    given = msgspec.json.decode(connection.properties.reveal(), type=dict[str, object])
    return [name for name, value in given.items() if value is not None]


def _note(
    link: Link, moment: datetime, system: str, change: str, actor: str, door: str, properties: Sequence[str]
) -> None:
    # Names only: most of the values are secrets.
    intent = msgspec.json.encode({"deltas": [{"name": name} for name in properties]}).decode()
    write_whole_entry(link, moment, Opening(system, _OBJECT_CLASS, change, actor, door, system, intent))
