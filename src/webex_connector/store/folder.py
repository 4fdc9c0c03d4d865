"""
The data folder: readable for its owner alone, and locked against restoring and changing keys while somebody uses it.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from webex_connector.base.log import logger
from webex_connector.store.errors import StoreUnusable

OWNER_ONLY_FOLDER = 0o700
OWNER_ONLY = 0o600

_LOCK = "lock"
_SERVER_LOCK = "server.lock"
_NAME = "name"
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "ceph", "glusterfs", "afs"})
_MOUNTS = Path("/proc/self/mounts")

_log = logger("store")


def usual_folder(environment: Mapping[str, str], home: Path) -> Path:
    """
    Return where data of programs belongs: the state folder that systemd hands to a service, else the user's data
    folder (https://specifications.freedesktop.org/basedir-spec/latest/).
    """
    state = environment.get("STATE_DIRECTORY", "").partition(":")[0]
    if state:
        return Path(state)
    data = environment.get("XDG_DATA_HOME", "")
    return (Path(data) if Path(data).is_absolute() else home / ".local" / "share") / "webex-connector"


def prepared(folder: Path) -> Path:
    """
    Return the folder, made if it is not there yet. Raises StoreUnusable when it cannot be made or written.
    """
    try:
        folder.mkdir(OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    except OSError as problem:
        raise StoreUnusable(f"Cannot make the data folder {folder}: {problem.strerror}") from problem
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StoreUnusable(f"Cannot write to the data folder {folder}; name another one by data_folder in [store]")
    kind = filesystem_of(folder, _mounts())
    if kind in _NETWORK:
        # https://sqlite.org/wal.html: the write-ahead log needs memory that all processes share.
        _log.warning("store.network_filesystem", folder=str(folder), kind=kind, advice="use a local disk or PostgreSQL")
    return folder


def filesystem_of(folder: Path, mounts: str) -> str | None:
    """
    Return the kind of file system a folder is on, by a table of mounts as Linux shows it; None when it is not in there.
    """
    best, kind = -1, None
    for line in mounts.splitlines():
        _, place, its_kind, *_ = line.split(" ")
        if folder.resolve().is_relative_to(place) and len(place) >= best:
            best, kind = len(place), its_kind
    return kind


def _mounts() -> str:
    try:
        return _MOUNTS.read_text("utf-8", "replace")
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class FolderLock:
    """
    A hold on the data folder; it ends with `release` or with the process.
    """

    file: IO[bytes]

    def release(self) -> None:
        """
        Let go.
        """
        self.file.close()


def lasting_name(folder: Path) -> str:
    """
    Return the name of this installation, which it has for good: whoever had it before is this one. It is made when
    there is none. Raises StoreUnusable.
    """
    file = folder / _NAME
    try:
        if not file.exists():
            write_whole(file, secrets.token_hex(8).encode())
        return file.read_text("ascii").strip()
    except (OSError, ValueError) as problem:
        raise StoreUnusable(f"Cannot use the file {file}: {problem}") from problem


def locked(folder: Path, *, alone: bool) -> FolderLock:
    """
    Hold the data folder, together with others or alone. Raises StoreUnusable at once when that contradicts a hold of
    another process.
    """
    who = "A server or command uses" if alone else "A restore or a change of keys is at work in"
    how = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    return _held(folder, _LOCK, how, f"{who} the data folder {folder}; try again when it has ended")


def served(folder: Path) -> FolderLock:
    """
    Hold the data folder as its one server; commands may use it beside. Raises StoreUnusable at once when another server
    does.
    """
    return _held(folder, _SERVER_LOCK, fcntl.LOCK_EX, f"Another server uses the data folder {folder}; each has its own")


def _held(folder: Path, name: str, how: int, refusal: str) -> FolderLock:
    try:
        file = os.fdopen(os.open(folder / name, os.O_RDWR | os.O_CREAT, OWNER_ONLY), "rb")
    except OSError as problem:
        raise StoreUnusable(f"Cannot write to the data folder {folder}: {problem.strerror}") from problem
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError as problem:
        file.close()
        raise StoreUnusable(refusal) from problem
    return FolderLock(file)


def write_whole(file: Path, content: bytes) -> None:
    """
    Put a file in its place, readable for its owner alone; see `written_whole`. Raises OSError.
    """
    with written_whole(file) as out:
        out.write(content)


@contextmanager
def written_whole(file: Path) -> Iterator[IO[bytes]]:
    """
    Write a file that is readable for its owner alone: whoever looks, even after a power cut, finds the old content or
    the new one, whole. Nothing changes when the block raises. Raises OSError.
    """
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as out:
        try:
            yield out
        except BaseException:
            fresh.unlink()
            raise
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
