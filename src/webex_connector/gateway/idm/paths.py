"""
The addresses of this door, with or without a trailing slash: `[/openidm]/system[/<name>[/<object class>[/<id>]]]`, and
`[/openidm]/info/<page>`; and what is asked of reconciliations, `[/openidm]/recon…` and `[/openidm]/sync…`.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

PREFIX: Final = "openidm"
ROOT: Final = "system"
INFO: Final = "info"
RUNS: Final = frozenset({"recon", "sync"})
_MOST_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Path:
    """
    What a request is about; what is None was not named.
    """

    base: str
    """
    The part that all addresses share, as the caller wrote it: with or without the prefix.
    """
    system: str | None = None
    object_class: str | None = None
    uid: str | None = None

    def of_object(self, uid: str) -> str:
        """
        Return the address of an object of the same class, in the form the caller used.
        """
        parts = (self.system or "", self.object_class or "", uid)
        return "/".join((self.base, *(quote(part, safe="") for part in parts)))


def belongs_here(path: str) -> bool:
    """
    Whether a path is this door's, be there anything behind it or not.
    """
    return path.strip("/").split("/")[0] in {PREFIX, ROOT, INFO, *RUNS}


def info_of(path: str) -> str | None:
    """
    Return which page of information a path names; None when it names none.
    """
    parts = path.strip("/").split("/")
    parts = parts[1:] if parts[0] == PREFIX else parts
    return parts[1] if len(parts) == 2 and parts[0] == INFO else None  # noqa: PLR2004 - the word and the page


def runs_of(path: str) -> tuple[str, ...] | None:
    """
    Return the parts of a percent-encoded path that is about reconciliations; None when it is not.
    """
    parts = tuple(unquote(part) for part in path.strip("/").split("/"))
    parts = parts[1:] if parts[0] == PREFIX else parts
    return parts if parts and parts[0] in RUNS and all(parts) else None


def path_of(path: str) -> Path | None:
    """
    Return what a percent-encoded path names; None when it is none of ours. An encoded slash is part of a name.
    """
    parts = [unquote(part) for part in path.removesuffix("/").removeprefix("/").split("/")]
    base = f"/{ROOT}"
    if parts[0] == PREFIX:
        base = f"/{PREFIX}/{ROOT}"
        del parts[0]
    if not parts or parts[0] != ROOT or len(parts) > 1 + _MOST_PARTS or not all(parts):
        return None
    return Path(base, *parts[1:])
