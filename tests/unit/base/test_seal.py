"""
Texts that are handed out and taken back.
"""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.base.seal import Seal

SEAL = Seal(b"key")
_ALLOWED = frozenset(string.ascii_letters + string.digits + "-_")


@given(st.binary())
def test_content_comes_back_from_letters_that_any_address_takes(content: bytes) -> None:
    """
    Whatever is closed is opened again, and the text needs no escaping in an address (RFC 3986, section 2.3).
    """
    text = SEAL.closed(content)

    assert _ALLOWED >= set(text)
    assert content == SEAL.opened(text)


@given(st.binary(min_size=1), st.integers(min_value=0))
def test_a_changed_text_is_not_opened(content: bytes, place: int) -> None:
    """
    A text in which a letter is another one is from nobody, wherever the letter is.
    """
    text = SEAL.closed(content)
    # The last letter may hold bits that mean nothing.
    at = place % (len(text) - 1)
    changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]

    assert SEAL.opened(changed) is None


def test_texts_of_another_key_are_not_opened() -> None:
    """
    Who has another key can neither make nor read them.
    """
    assert Seal(b"other").opened(SEAL.closed(b"content")) is None


@pytest.mark.parametrize("text", ["", "a", "ä", "=", "\ud800", "not a seal at all, but long enough to be one"])
def test_what_is_no_sealed_text_is_not_opened(text: str) -> None:
    """
    Anything else is no error, but nothing.
    """
    assert SEAL.opened(text) is None
