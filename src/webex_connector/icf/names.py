"""
The reserved names of the model, and how names compare.

Source: ConnId `ObjectClass`, `OperationalAttributes`, `PredefinedAttributes`; OpenICF uses the same names.
"""

import unicodedata
from functools import lru_cache

ACCOUNT = "__ACCOUNT__"
"""
People.
"""

GROUP = "__GROUP__"
"""
Groups of people.
"""

ALL = "__ALL__"
"""
Every object class at once; only synchronisation may name it.
"""

UID = "__UID__"
"""
The stable identifier; given by the target, never written.
"""

NAME = "__NAME__"
"""
The identifier people use; it may change.
"""

ENABLE = "__ENABLE__"
"""
Whether an account may be used.
"""

PASSWORD = "__PASSWORD__"  # noqa: S105 - the attribute's name, not a password
"""
The password; written, never read.
"""

LOCK_OUT = "__LOCK_OUT__"
"""
Whether an account is locked after failed log-ins.
"""

_LONGEST_NAME = 64


def folded(name: str) -> str:
    """
    Return the form in which names of attributes and object classes compare: without regard to case.
    """
    # What callers send may be of any length, and is not to be remembered.
    return _folded(name) if len(name) <= _LONGEST_NAME else name.casefold()


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return name.casefold()


def folded_text(text: str) -> str:
    """
    Return the form in which case-insensitive values compare: Unicode NFC, case folded.

    Two spellings of one e-mail address (composed and decomposed letters, capitals) are one value.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
