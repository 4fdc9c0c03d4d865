"""
A consistent copy of a SQLite file that is in use (https://sqlite.org/backup.html), and the file written anew.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from webex_connector.store.errors import StoreFailed
from webex_connector.store.folder import OWNER_ONLY

_PATIENCE = 15.0


def copied(file: Path, target: Path) -> None:
    """
    Copy the database to a new file, readable for its owner alone; one that is there is replaced when the copy is whole.
    Raises StoreFailed.
    """
    fresh = target.with_name(f".{target.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(fresh)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        fresh.replace(target)
    except (OSError, sqlite3.Error) as problem:
        fresh.unlink(missing_ok=True)
        raise StoreFailed(f"Cannot copy the database to {target}: {problem}") from problem


def is_sound(file: Path) -> bool:
    """
    Whether a file is a database whose pages fit together.
    """
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def compacted(file: Path) -> None:
    """
    Write the database anew, so that nothing is left in the file of what was deleted from it
    (https://sqlite.org/lang_vacuum.html). Raises StoreFailed, also when others use it all the time.
    """
    try:
        with closing(sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as problem:
        raise StoreFailed(f"Cannot write the database anew: {problem}") from problem
    if busy:
        raise StoreFailed("Cannot write the database anew: somebody reads it; try once more")
