"""
Opening the store: its folder, its database with tables up to date, its keys.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from webex_connector.base.secret import Secret
from webex_connector.store.cipher import Cipher, Key
from webex_connector.store.engine import Database, at_address, in_file, in_memory
from webex_connector.store.errors import StoreFailed, StoreUnusable
from webex_connector.store.folder import OWNER_ONLY, FolderLock, locked, prepared
from webex_connector.store.keys import Keys, keys_in, parsed
from webex_connector.store.migrating import migrate
from webex_connector.store.sealing import Sealing, is_unsealed

DATABASE_FILE = "store.db"
"""
The SQLite file in the data folder.
"""


@dataclass(frozen=True, slots=True)
class StorePlace:
    """
    Where the store is. Without a folder it is in memory, and gone at its end.
    """

    folder: Path | None = None
    database: Secret | None = None
    """The URL of a PostgreSQL database; else it is a file in the folder."""

    keys: Secret | None = None
    """The keys, apart by white space, the one that seals first; else they are in a file of the folder."""


@dataclass(frozen=True, slots=True)
class Store:
    """
    An open store.
    """

    database: Database
    sealing: Sealing
    keys: Keys
    lock: FolderLock | None

    def close(self) -> None:
        """
        Finish what has begun, close every connection and let go of the folder.
        """
        self.database.close()
        if self.lock is not None:
            self.lock.release()


def opened(place: StorePlace, *, alone: bool = False, inline: bool = False) -> Store:
    """
    Open the store; folder, file, tables and key are made when they are missing, and tables brought up to date.

    `alone`: nobody else may have it open. `inline`: see Database. Raises StoreUnusable with what an administrator has
    to do, and StoreFailed when the database does not answer.
    """
    if place.folder is None:
        database = in_memory()
        migrate(database, None)
        keys = Keys((Key.made(),)) if place.keys is None else Keys(parsed(place.keys))
        return Store(database, Sealing(Cipher(keys.keys)), keys, None)
    folder = prepared(place.folder)
    with ExitStack() as undo:
        lock = locked(folder, alone=alone)
        undo.callback(lock.release)
        database = _database(place, folder, inline=inline)
        undo.callback(database.close)
        try:
            migrate(database, None if place.database else folder / DATABASE_FILE)
            keys = _keys(place, folder, database)
        except StoreFailed as problem:
            raise StoreUnusable(f"Cannot use the store in {folder}: {problem}") from problem
        sealing = Sealing(Cipher(keys.keys))
        undo.pop_all()
        return Store(database, sealing, keys, lock)


def _keys(place: StorePlace, folder: Path, database: Database) -> Keys:
    if place.keys is not None:
        return Keys(parsed(place.keys))
    return keys_in(folder, may_make=database.read_now(is_unsealed))


def _database(place: StorePlace, folder: Path, *, inline: bool) -> Database:
    if place.database is not None:
        return at_address(place.database, inline=inline)
    file = folder / DATABASE_FILE
    try:
        file.touch(OWNER_ONLY)
    except OSError as problem:
        raise StoreUnusable(f"Cannot write to {file}: {problem.strerror}") from problem
    return in_file(file, inline=inline)
