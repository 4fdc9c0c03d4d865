"""
What directories hold, as values of records; and marks, which have an order. Pure.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from webex_connector.icf.attributes import Value, Values

_GUIDS: Final = frozenset({"objectguid", "ms-ds-consistencyguid"})
_GUID_BYTES: Final = 16
_SIDS: Final = frozenset({"objectsid"})


def values_of_attribute(name: str, raw: Sequence[bytes]) -> Values:
    """
    Return an attribute's values: texts where they are UTF-8, else bytes. The GUIDs and SIDs of Active Directory are the
    texts that people know them by.
    """
    return tuple(_value(name.lower(), each) for each in raw if each)


def _value(name: str, raw: bytes) -> Value:
    if name in _GUIDS and len(raw) == _GUID_BYTES:
        return str(UUID(bytes_le=raw))
    if name in _SIDS:
        return sid_of(raw)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def sid_of(raw: bytes) -> str:
    """
    Return a security identifier as a text.

    Source: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/78eb9013-1c3a-4970-ad1f-2b1dad588a25
    """
    authority = int.from_bytes(raw[2:8], "big")
    parts = [int.from_bytes(raw[start : start + 4], "little") for start in range(8, 8 + 4 * raw[1], 4)]
    return "-".join(map(str, ("S", raw[0], authority, *parts)))


def rank_of(mark: str) -> Decimal:
    """
    Return where a mark stands among others: a time (RFC 4517, section 3.3.13, in UTC) or a number that grows.

    Raises ValueError for what is neither.
    """
    try:
        return Decimal(mark.removesuffix("Z"))
    except InvalidOperation:
        raise ValueError(f"{mark} is no time in UTC and no number") from None


def next_range(attributes: Mapping[str, Sequence[bytes]]) -> dict[str, tuple[str, int]]:
    """
    Return the attributes that came in part, and where they go on: by their name, the name under which this part came
    and the place of the next value.

    Source: https://learn.microsoft.com/windows/win32/adsi/attribute-range-retrieval
    """
    found: dict[str, tuple[str, int]] = {}
    for given in attributes:
        name, _, option = given.partition(";")
        if option.lower().startswith("range="):
            last = option.partition("-")[2]
            if last.isdecimal():
                found[name] = (given, int(last) + 1)
    return found
