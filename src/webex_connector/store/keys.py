"""
Where the keys of the store come from: what the settings name, else a file of the data folder, which is made on first
use.
"""

import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from webex_connector.base.log import logger
from webex_connector.base.secret import Secret
from webex_connector.store.cipher import Key
from webex_connector.store.errors import StoreUnusable
from webex_connector.store.folder import OWNER_ONLY, write_whole

KEY_FILE = "store.key"
"""
The file in the data folder that holds the keys, one a line, the one that seals first.
"""

_log = logger("store")


@dataclass(frozen=True, slots=True)
class Keys:
    """
    The keys, the one that seals first, and the file they are in; None when the settings name them.
    """

    keys: tuple[Key, ...]
    file: Path | None = None


def parsed(text: Secret) -> tuple[Key, ...]:
    """
    Read keys that stand apart by white space. Raises StoreUnusable when one is none, or there is none.
    """
    found = tuple(Key.parsed(Secret(word)) for word in text.reveal().split())
    if not found:
        raise StoreUnusable("The keys of the store are empty")
    return found


def keys_in(folder: Path, *, may_make: bool) -> Keys:
    """
    Return the keys of the data folder, made when there are none and `may_make`.

    Raises StoreUnusable when they are missing though something may be sealed with them, when others than the owner can
    read them, or when they cannot be read.
    """
    file = folder / KEY_FILE
    try:
        if not file.exists():
            if not may_make:
                raise StoreUnusable(f"The keys of the store are missing: {file}. Restore them from a backup")
            return _made(file)
        if stat.S_IMODE(file.stat().st_mode) & ~OWNER_ONLY:
            raise StoreUnusable(f"Others can read the keys of the store: chmod 600 {file}")
        return Keys(parsed(Secret(file.read_text("ascii"))), file)
    except UnicodeDecodeError:
        raise StoreUnusable(f"{file} does not hold keys of the store") from None
    except OSError as problem:
        raise StoreUnusable(f"Cannot use {file}: {problem.strerror}") from problem


def write(file: Path, keys: tuple[Key, ...]) -> None:
    """
    Put these keys into the file, all of them or none. Raises OSError.
    """
    write_whole(file, "".join(f"{key.text.reveal()}\n" for key in keys).encode())


def _made(file: Path) -> Keys:
    fresh = file.with_name(f".{secrets.token_hex(8)}.key")
    write(fresh, (Key.made(),))
    try:
        # Two processes may begin at once: linking lets the first one win, and the other take what it made.
        file.hardlink_to(fresh)
    except FileExistsError:
        return Keys(parsed(Secret(file.read_text("ascii"))), file)
    finally:
        fresh.unlink()
    _log.info("store.key_made", file=str(file))
    return Keys(parsed(Secret(file.read_text("ascii"))), file)
