"""
Ids and what is inside them.
"""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex.ids import HydraId, decode, encode, is_id, uuid_of

PERSON = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9hNmIwZDJmNC0xOGMzLTRlNzktOGYyNS0wYzllN2QzMTRiNTg"
PERSON_UUID = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
GROUP = (
    "Y2lzY29zcGFyazovL3VzL1NDSU1fR1JPVVAvM2U3YTljMTUtYjA0ZC00ZjY4LTgyZDEtZjVjNmEwOWU3YjI0"
    "OjVjMWYwYjhlLTJhNDctNGQ1ZS05YTNjLTcxZDBlOGI0ZjJhNg"
)
ROLE = "Y2lzY29zcGFyazovL3VzL1JPTEUvaWRfZnVsbF9hZG1pbg"
part = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1)


def test_a_persons_id_holds_the_uuid() -> None:
    """
    The UUID in a person's id is the one SCIM uses.
    """
    assert HydraId("us", "PEOPLE", "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58") == decode(PERSON)
    assert "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58" == uuid_of(PERSON)


def test_a_groups_id_holds_its_own_uuid_first() -> None:
    """
    A group's id names the group and then its organisation; the group's UUID is the one wanted.
    """
    assert "3e7a9c15-b04d-4f68-82d1-f5c6a09e7b24" == uuid_of(GROUP)


def test_a_bare_uuid_is_its_own_uuid() -> None:
    """
    Webex mostly accepts UUIDs where it gives ids, so we do too, in one spelling.
    """
    assert "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58" == uuid_of("A6B0D2F4-18C3-4E79-8F25-0C9E7D314B58")


@pytest.mark.parametrize("padding", ["", "=="])
def test_a_bare_uuid_may_be_in_base64(padding: str) -> None:
    """
    Audit events name people so.
    """
    assert PERSON_UUID == uuid_of(base64.b64encode(PERSON_UUID.upper().encode()).decode().rstrip("=") + padding)


@pytest.mark.parametrize("id_", [ROLE, encode("LICENSE", "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6:MS_x"), "", "nonsense!"])
def test_what_holds_no_uuid_of_its_own_is_refused(id_: str) -> None:
    """
    A role has a key, a licence begins with its organisation's UUID: neither may pass for the object's UUID.
    """
    with pytest.raises(ValueError, match="id"):
        uuid_of(id_)


@given(region=part, kind=part, value=st.text(st.characters(codec="utf-8"), min_size=1))
def test_encoding_is_undone_by_decoding(region: str, kind: str, value: str) -> None:
    """
    Whatever the parts are, they come back; the id is never padded.
    """
    id_ = encode(kind, value, region)
    assert "=" not in id_
    assert HydraId(region, kind, value) == decode(id_)


@given(region=part, kind=part, value=part)
def test_padding_and_either_alphabet_are_understood(region: str, kind: str, value: str) -> None:
    """
    Others pad ids, or write them in the standard alphabet; both are the same id.
    """
    padded = base64.b64encode(f"ciscospark://{region}/{kind}/{value}".encode()).decode()
    assert HydraId(region, kind, value) == decode(padded)


@given(st.text())
def test_any_other_text_is_a_value_error(text: str) -> None:
    """
    A text is an id or a ValueError, never another kind of failure.
    """
    try:
        parts = decode(text)
    except ValueError:
        return
    assert all([parts.region, parts.kind, parts.value])


@pytest.mark.parametrize(
    "uri", ["ciscospark://us/PEOPLE", "ciscospark://us//x", "https://us/PEOPLE/x", "ciscospark://"]
)
def test_a_uri_of_another_form_is_refused(uri: str) -> None:
    """
    Base64 alone does not make an id.
    """
    with pytest.raises(ValueError, match="does not hold"):
        decode(base64.b64encode(uri.encode()).decode())


@pytest.mark.parametrize("text", [PERSON, GROUP, ROLE, PERSON + "==", "3e7a9c15-b04d-4f68-82d1-f5c6a09e7b24"])
def test_an_id_or_a_bare_uuid_has_the_form_of_an_id(text: str) -> None:
    """
    Webex takes a UUID wherever it takes the id around it.
    """
    assert is_id(text)


@pytest.mark.parametrize("text", ["", "anna@acme.example", "licenseId", "3e7a9c15b04d4f6882d1f5c6a09e7b24", "12345"])
def test_any_other_text_has_not_the_form_of_an_id(text: str) -> None:
    """
    A name, an address or a number is nobody's id.
    """
    assert not is_id(text)
