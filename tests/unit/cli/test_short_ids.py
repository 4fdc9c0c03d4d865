"""
Ids as people read them.
"""

import pytest

from webex_connector.cli.short_ids import shortened, shortened_path
from webex_connector.webex.ids import encode

UUID = "6b0d549b-6f03-475a-9600-a35a099950d8"
ORGANISATION = "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6"


@pytest.mark.parametrize(
    ("kind", "held", "seen"),
    [
        ("PEOPLE", UUID, UUID),
        ("SCIM_GROUP", f"{UUID}:{ORGANISATION}", UUID),
        ("ROLE", "id_full_admin", "id_full_admin"),
        ("LICENSE", f"{ORGANISATION}:EE_{UUID}_acme.webex.com", "EE_6b0d…50d8_acme.webex.com"),
    ],
)
def test_an_id_is_shown_by_what_tells_it_apart(kind: str, held: str, seen: str) -> None:
    """
    Base64 and the organisation, which are the same everywhere, are left out.
    """
    assert seen == shortened(encode(kind, held))


@pytest.mark.parametrize("text", ["", "Sales", "anna@acme.example", UUID, "c" * 32, "+49 30 123", "Y2lz"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    """
    Nothing but an id is touched.
    """
    assert text == shortened(text)


def test_ids_are_found_in_lists_values_and_paths() -> None:
    """
    They are short wherever they stand, and numbers stay numbers.
    """
    uid = encode("PEOPLE", UUID)
    assert [{"value": UUID, "size": 2}] == shortened([{"value": uid, "size": 2}])
    assert f"PUT /people/{UUID}" == shortened_path(f"PUT /people/{uid}")
