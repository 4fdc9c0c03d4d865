"""
Sealed values open in their place only.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.base.secret import Secret
from webex_connector.store.cipher import Cipher, Key, Place
from webex_connector.store.errors import SealBroken, StoreUnusable

HERE = Place("tokens", "1", "access")
OLD, NEW = Key(b"o" * 32), Key(b"n" * 32)


@given(st.text())
def test_what_is_sealed_opens(text: str) -> None:
    """
    Any text comes back as it was.
    """
    cipher = Cipher((OLD,))
    assert Secret(text) == cipher.open(cipher.seal(Secret(text), HERE), HERE)


def test_a_sealed_value_has_its_form_and_hides_the_secret() -> None:
    """
    Version, key id, nonce, ciphertext; the same secret never looks the same twice.
    """
    cipher = Cipher((OLD,))
    one, two = (cipher.seal(Secret("hush"), HERE) for _ in range(2))

    assert ["v1", OLD.id] == one.split(".")[:2]
    assert 4 == len(one.split("."))
    assert "hush" not in one
    assert one != two


@pytest.mark.parametrize(
    "there",
    [
        Place("other", "1", "access"),
        Place("tokens", "2", "access"),
        Place("tokens", "1", "refresh"),
        # The same letters, divided differently.
        Place("token", "s1", "access"),
    ],
)
def test_a_value_copied_elsewhere_does_not_open(there: Place) -> None:
    """
    Table, row and column are part of the seal.
    """
    cipher = Cipher((OLD,))
    with pytest.raises(SealBroken, match="copied from another place"):
        cipher.open(cipher.seal(Secret("hush"), HERE), there)


def test_old_keys_open_and_the_first_one_seals() -> None:
    """
    A new key in front changes what is sealed from now on, and loses nothing.
    """
    before, after = Cipher((OLD,)), Cipher((NEW, OLD))
    sealed = before.seal(Secret("hush"), HERE)

    assert Secret("hush") == after.open(sealed, HERE)
    assert not after.is_current(sealed)
    assert after.is_current(after.seal(Secret("hush"), HERE))


def test_a_missing_key_is_named_by_its_id() -> None:
    """
    Who has lost a key learns which one.
    """
    with pytest.raises(SealBroken, match=f"tokens.access was sealed with the key {OLD.id}"):
        Cipher((NEW,)).open(Cipher((OLD,)).seal(Secret("hush"), HERE), HERE)


@pytest.mark.parametrize("broken", ["", "hush", "v1.a.b", f"v1.{OLD.id}.!.?", "v9.a.b.c", f"v1.{OLD.id}.AAAA.AAAA"])
def test_anything_else_is_refused(broken: str) -> None:
    """
    A value that nobody sealed is never taken for one.
    """
    with pytest.raises(SealBroken, match=r"tokens\.access"):
        Cipher((OLD,)).open(broken, HERE)


def test_one_changed_letter_is_noticed() -> None:
    """
    The ciphertext is authenticated.
    """
    cipher = Cipher((OLD,))
    sealed = cipher.seal(Secret("hush"), HERE)
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]

    with pytest.raises(SealBroken, match="was changed"):
        cipher.open(changed, HERE)


def test_keys_do_not_print() -> None:
    """
    What a log shows of a key is its id.
    """
    assert f"Key(id={OLD.id})" == repr(OLD) == str(OLD)
    assert OLD.text.reveal() not in f"{OLD!r} {OLD.text} {vars(OLD)}"


@pytest.mark.parametrize("text", ["", "short", "ä" * 44, "A" * 40])
def test_what_is_no_key_is_refused_without_being_shown(text: str) -> None:
    """
    A mistyped key stands in no message.
    """
    with pytest.raises(StoreUnusable) as refused:
        Key.parsed(Secret(text))
    assert not text or text not in str(refused.value)


def test_a_cipher_has_a_key() -> None:
    """
    Nothing is sealed with nothing.
    """
    with pytest.raises(StoreUnusable, match="no key"):
        Cipher(())
