"""
Keeping the store: a backup in one file, its way back, and new keys.

Each step leaves something that opens: the file of keys may hold more keys than are needed, never fewer.
"""

import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from webex_connector.store.cipher import Cipher, Key
from webex_connector.store.copying import copied, is_sound
from webex_connector.store.errors import StoreUnusable
from webex_connector.store.folder import OWNER_ONLY, locked, prepared, written_whole
from webex_connector.store.keys import KEY_FILE, keys_in, write
from webex_connector.store.opening import DATABASE_FILE, StorePlace, opened
from webex_connector.store.sealing import Sealing


def backup(place: StorePlace, file: Path) -> bool:
    """
    Put database and keys into one new file, readable for its owner alone, while the store may be in use. Returns
    whether the keys are in it: those that the settings name are not.

    Raises StoreUnusable when the file is there already, cannot be written, or the database is not a file of ours.
    """
    folder = _folder(place)
    if file.exists():
        raise StoreUnusable(f"{file} is there already; name another file, or take it away first")
    store = opened(place)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".backup") as scratch:
            copy = Path(scratch) / DATABASE_FILE
            copied(folder / DATABASE_FILE, copy)
            with written_whole(file) as out, tarfile.open(fileobj=out, mode="w:gz") as archive:
                archive.add(copy, DATABASE_FILE)
                if store.keys.file is not None:
                    archive.add(store.keys.file, KEY_FILE)
    except OSError as problem:
        raise StoreUnusable(f"Cannot write {file}: {problem.strerror}") from problem
    finally:
        store.close()
    return store.keys.file is not None


def restore(place: StorePlace, file: Path, now: datetime) -> Path | None:
    """
    Put a backup's database and keys in the place of those of the data folder. Returns the copy that was made of the
    database before, None when there was none.

    Raises StoreUnusable when somebody uses the store, or the file is no sound backup; then nothing was changed.
    """
    folder = prepared(_folder(place))
    lock = locked(folder, alone=True)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".restore") as scratch:
            found = _unpacked(file, Path(scratch))
            fresh = Path(scratch) / DATABASE_FILE
            fresh.chmod(OWNER_ONLY)
            target, kept = folder / DATABASE_FILE, None
            if target.exists():
                kept = target.with_name(f"{DATABASE_FILE}.before-restore-{now:%Y%m%dT%H%M%SZ}")
                copied(target, kept)
            if KEY_FILE in found and place.keys is None:
                _join_keys(Path(scratch), folder)
            # What a process that died has left in the log belongs to the database that goes.
            for rest in ("-wal", "-shm"):
                target.with_name(target.name + rest).unlink(missing_ok=True)
            fresh.replace(target)
    except (OSError, tarfile.TarError) as problem:
        raise StoreUnusable(f"Cannot restore {file}: {problem}") from problem
    else:
        return kept
    finally:
        lock.release()


def rotate(place: StorePlace) -> int:
    """
    Seal everything with a new key and forget the old ones. Where the settings name the keys, the first of them is the
    new one. With PostgreSQL the old ones stay: other machines, which nobody here can see, may still seal with them.
    Returns how many values were sealed anew.

    Raises StoreUnusable when somebody uses the store, and SealBroken when a value does not open with any key; then it
    is all as it was, but for one key more.
    """
    store = opened(place, alone=True)
    try:
        if store.keys.file is None:
            return store.database.write_now(store.sealing.renew)
        fresh = Key.made()
        write(store.keys.file, (fresh, *store.keys.keys))
        count = store.database.write_now(Sealing(Cipher((fresh, *store.keys.keys))).renew)
        if place.database is None:
            write(store.keys.file, (fresh,))
    except OSError as problem:
        raise StoreUnusable(f"Cannot write {store.keys.file}: {problem.strerror}") from problem
    else:
        return count
    finally:
        store.close()


def _folder(place: StorePlace) -> Path:
    if place.folder is None:
        raise StoreUnusable("There is no data folder: the store is in memory")
    if place.database is not None:
        raise StoreUnusable("The database is PostgreSQL: use pg_dump and pg_restore, and keep a copy of the keys")
    return place.folder


def _unpacked(file: Path, scratch: Path) -> set[str]:
    found: set[str] = set()
    with tarfile.open(file, "r:gz") as archive:
        for member in archive:
            if member.name not in {DATABASE_FILE, KEY_FILE} or not member.isreg() or member.name in found:
                raise StoreUnusable(f"{file} is no backup of a store: {member.name} is in it")
            archive.extract(member, scratch, filter="data")
            found.add(member.name)
    if DATABASE_FILE not in found or not is_sound(scratch / DATABASE_FILE):
        raise StoreUnusable(f"{file} is no backup of a store, or it was damaged")
    return found


def _join_keys(backup_folder: Path, folder: Path) -> None:
    """
    Let the backup's keys come first and keep those that were here, so that either database opens.
    """
    (backup_folder / KEY_FILE).chmod(OWNER_ONLY)
    theirs = keys_in(backup_folder, may_make=False).keys
    here = keys_in(folder, may_make=False).keys if (folder / KEY_FILE).exists() else ()
    known = {key.id for key in theirs}
    write(folder / KEY_FILE, (*theirs, *(key for key in here if key.id not in known)))
