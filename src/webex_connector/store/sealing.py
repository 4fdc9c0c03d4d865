"""
Sealed columns: which there are, how a row's are sealed and opened, and how all get a new key.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, and_, func, select, update

from webex_connector.base.secret import Secret
from webex_connector.store.cipher import Cipher, Place
from webex_connector.store.tables import METADATA


class Sealing:
    """
    Seals and opens the columns that the tables declare sealed.
    """

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def sealed(
        self,
        table: Table,
        row: Mapping[Any, Any],
        secrets: Mapping[str, Secret | None],
    ) -> dict[str, str | None]:
        """
        Return the secrets as they are stored in a row with this primary key.
        """
        return {
            name: None if secret is None else self._cipher.seal(secret, _place(table, row, name))
            for name, secret in secrets.items()
        }

    def opened(self, table: Table, row: Mapping[Any, Any]) -> dict[str, Secret | None]:
        """
        Return every secret of a stored row. Raises SealBroken when one does not open.
        """
        return {
            column.name: None
            if row[column.name] is None
            else self._cipher.open(row[column.name], _place(table, row, column.name))
            for column in columns_of(table)
        }

    def renew(self, link: Connection) -> int:
        """
        Seal every value with the first key that was sealed with another, and return how many there were. Raises
        SealBroken when one does not open.
        """
        count = 0
        for table in sealed_tables():
            own = list(table.primary_key.columns)
            for row in link.execute(select(*own, *columns_of(table))).mappings().all():
                old = {
                    column.name: self._cipher.open(row[column.name], _place(table, row, column.name))
                    for column in columns_of(table)
                    if row[column.name] is not None and not self._cipher.is_current(row[column.name])
                }
                if old:
                    this = and_(*(column == row[column.name] for column in own))
                    link.execute(update(table).where(this).values(self.sealed(table, row, old)))
                    count += len(old)
        return count


def sealed_tables() -> Iterator[Table]:
    """
    Yield every table with a sealed column.
    """
    return (table for table in METADATA.sorted_tables if columns_of(table))


def columns_of(table: Table) -> list[Column[Any]]:
    """
    Return a table's sealed columns.
    """
    return [column for column in table.columns if column.info.get("sealed")]


def is_unsealed(link: Connection) -> bool:
    """
    Whether nothing is sealed yet, so that no key can be missing.
    """
    return not any(link.scalar(select(func.count()).select_from(table)) for table in sealed_tables())


def _place(table: Table, row: Mapping[Any, Any], column: str) -> Place:
    return Place(table.name, json.dumps([row[each.name] for each in table.primary_key.columns]), column)
