"""
Outward identifiers.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.sandbox import ids
from webex_connector.sandbox.ids import Kind
from webex_connector.sandbox.problems import Problem

_UUID = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
_PERSON = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9hNmIwZDJmNC0xOGMzLTRlNzktOGYyNS0wYzllN2QzMTRiNTg"


def test_a_person_is_encoded_as_webex_does() -> None:
    """
    The identifier is the unpadded base64 of a URI that holds the UUID.
    """
    assert _PERSON == ids.encode(Kind.PERSON, _UUID)


@pytest.mark.parametrize("text", [_PERSON, _PERSON + "=", _UUID, _UUID.upper()])
def test_both_forms_name_the_same_person(text: str) -> None:
    """
    Callers may send the base64 form, padded or not, or the bare UUID.
    """
    assert _UUID == ids.value_of(Kind.PERSON, text)


@given(kind=st.sampled_from(Kind), value=st.uuids().map(str))
def test_what_was_encoded_is_read_back(kind: Kind, value: str) -> None:
    """
    Reading an identifier of the right kind gives what was put into it.
    """
    assert value == ids.value_of(kind, ids.encode(kind, value))


def test_another_kind_of_thing_is_not_found_rather_than_malformed() -> None:
    """
    A well-formed identifier of a role names no person.
    """
    assert ids.value_of(Kind.PERSON, ids.encode(Kind.ROLE, "id_full_admin")) is None


@pytest.mark.parametrize("text", ["", "nonsense", "123", "ÄÖÜ", "Y2lzY29z", "../people"])
def test_a_malformed_identifier_is_refused_in_webex_words(text: str) -> None:
    """
    What is neither base64 nor a UUID is answered with the sentence that Webex uses.
    """
    with pytest.raises(Problem, match=r"Expect base64 ID or UUID\.") as refused:
        ids.value_of(Kind.PERSON, text)
    assert 400 == refused.value.status


@given(text=st.text())
def test_fields_that_are_dropped_never_refuse(text: str) -> None:
    """
    Where an unreadable identifier is only left out, no text makes the request fail.
    """
    assert ids.known_value_of(Kind.ROLE, text) is None
