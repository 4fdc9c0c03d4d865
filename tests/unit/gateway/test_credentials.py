"""
Tokens and passwords, and what is kept of them.
"""

import hashlib

from webex_connector.base.secret import Secret
from webex_connector.gateway.credentials import (
    NOBODYS_PASSWORD,
    fresh_token,
    hint_of,
    password_digest,
    password_fits,
    token_digest,
)


def test_no_two_tokens_are_alike() -> None:
    """
    Each has 256 random bits behind a beginning by which it is recognised.
    """
    tokens = {fresh_token().reveal() for _ in range(100)}
    assert 100 == len(tokens)
    assert all(token.startswith("wxc_") and len(token) == 47 for token in tokens)


def test_a_hint_tells_tokens_apart_and_no_more() -> None:
    """
    Six of 43 characters are shown.
    """
    assert "wxc_abcdef" == hint_of(Secret("wxc_abcdefghijklmnopqrstuvwxyz"))


def test_of_a_token_its_digest_is_kept() -> None:
    """
    The plain SHA-256; a text that is no Unicode has one, too.
    """
    assert hashlib.sha256(b"wxc_a").hexdigest() == token_digest("wxc_a")
    assert token_digest("\udc80") != token_digest("a")


def test_a_password_fits_its_own_digest_alone() -> None:
    """
    The same password has another digest each time, and none of them holds it.
    """
    one, two = (password_digest(Secret("correct horse")) for _ in range(2))
    assert one != two
    assert "horse" not in one
    assert password_fits("correct horse", one)
    assert password_fits("correct horse", two)
    assert not password_fits("correct horsf", one)


def test_nobodys_password_fits_nothing() -> None:
    """
    Not even the empty one.
    """
    assert not password_fits("", NOBODYS_PASSWORD)
    assert not password_fits("anything", NOBODYS_PASSWORD)
