"""
What directories hold, as values of records, and marks.
"""

from collections.abc import Sequence
from uuid import UUID

import pytest

from webex_connector.sync.sources.ldap_values import next_range, rank_of, sid_of, values_of_attribute

GUID = UUID("c71c4149-ce6a-45ee-b173-8807467c64d9")
SID = bytes.fromhex("010500000000000515000000a065cf7e784b9b5fe77c8770091c0100")


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("cn", [b"Zo\xc3\xab", b""], ("Zo\u00eb",)),
        ("jpegPhoto", [b"\xff\xd8"], (b"\xff\xd8",)),
        ("objectGUID", [GUID.bytes_le], (str(GUID),)),
        ("objectSid", [SID], ("S-1-5-21-2127521184-1604012920-1887927527-72713",)),
        ("userAccountControl", [b"514"], ("514",)),
        ("entryUUID", [str(GUID).encode()], (str(GUID),)),
    ],
)
def test_the_kinds_of_values_of_a_directory(name: str, raw: Sequence[bytes], expected: tuple[object, ...]) -> None:
    """
    Texts where they are texts; identifiers of Active Directory as people know them.
    """
    assert values_of_attribute(name, raw) == expected


def test_an_identifier_of_windows_is_read() -> None:
    """
    As in the specification's own example of well-known ones: everybody.
    """
    assert sid_of(bytes.fromhex("010100000000000100000000")) == "S-1-1-0"


def test_marks_have_an_order() -> None:
    """
    Times, with fractions too, and numbers of any length.
    """
    assert rank_of("20261121173418Z") < rank_of("20261121173418.5Z") < rank_of("20261121173419.0Z")
    assert rank_of("999") < rank_of("1000")
    for wrong in ("anna", "20261121173418+0100", ""):
        with pytest.raises(ValueError, match="no time in UTC and no number"):
            rank_of(wrong)


def test_parts_of_an_attribute_are_known() -> None:
    """
    The last part ends with a star.
    """
    assert next_range({"cn": [b"x"], "member;range=0-1499": [b"a"]}) == {"member": ("member;range=0-1499", 1500)}
    assert next_range({"member;range=1500-*": [b"a"], "cn;lang-de": [b"x"]}) == {}
