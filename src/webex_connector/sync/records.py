"""
Records of a source, and the one form in which values are compared.
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import msgspec

from webex_connector.icf.attributes import Attributes, Value, Values

DIGEST_BYTES = 16
"""
How long the digest of a record is.
"""

_ENCODER = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class Record:
    """
    One record of a source: its key, which never changes for one person, and its attributes as the source names them.
    None and an empty text are no values.
    """

    key: str
    attributes: Attributes
    place: str | None = None
    """
    Where it stands, for messages: a line, a distinguished name, an address.
    """

    def values(self, attribute: str) -> Values:
        """
        Return an attribute's values; empty when it has none.
        """
        return self.attributes.get(attribute, ())


@dataclass(frozen=True, slots=True)
class Page:
    """
    Some records of a full read.
    """

    records: Sequence[Record]


class Kind(Enum):
    """
    What happened to a record.
    """

    CHANGED = "changed"
    """It is new or other than before."""

    GONE = "gone"


@dataclass(frozen=True, slots=True)
class RecordChange:
    """
    One change of an incremental read. `token` is where one may go on once this and everything before it had its effect.
    """

    kind: Kind
    key: str
    token: str
    record: Record | None = None
    """
    The record as it is now; None when it is gone.
    """


def canonical(attributes: Attributes) -> bytes:
    """
    Return attributes in the one form that is stored and compared: names in order, text in Unicode NFC, an attribute
    without values left out. The order of values counts.
    """
    plain = {name: [_plain(each) for each in values] for name, values in attributes.items() if values}
    return _ENCODER.encode(plain)


def digest(content: bytes) -> bytes:
    """
    Return the digest of a canonical form; equal digests mean equal content.
    """
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()


def folded(text: str) -> str:
    """
    Return text in the form in which keys, names and addresses are compared without regard to case.
    """
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold().strip()


def _plain(value: Value) -> object:
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value
