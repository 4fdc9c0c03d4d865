"""
Addresses of this door: `/<system>/v2/<endpoint>/<id>`. Pure.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

VERSION: Final = "v2"
SEARCH: Final = ".search"


@dataclass(frozen=True, slots=True)
class Path:
    """
    What an address names. Empty texts stand for what it does not.
    """

    system: str
    endpoint: str = ""
    uid: str = ""


def path_of(raw: str) -> Path | None:
    """
    Return what a path names that is still percent-encoded, so that an encoded slash stays part of an id; None when it
    is none of ours. A slash at the end is passed over.
    """
    parts = [unquote(part) for part in raw.strip("/").split("/")]
    match parts:
        case [system, version] if system and version.lower() == VERSION:
            return Path(system)
        case [system, version, endpoint] if system and version.lower() == VERSION:
            return Path(system, endpoint)
        case [system, version, endpoint, uid] if system and version.lower() == VERSION:
            return Path(system, endpoint, uid)
        case _:
            return None
