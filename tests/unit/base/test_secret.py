"""
A secret never shows, whatever prints it.
"""

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import pytest

from webex_connector.base.secret import MASK, Secret

HIDDEN = "hunter2-hunter2"


@dataclass(frozen=True)
class Settings:
    """
    Something that holds a secret.
    """

    password: Secret


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        "{}".format,
        "{!r}".format,
        "{!s:>30}".format,
        lambda secret: f"{secret}",
        lambda secret: "%s" % secret,  # noqa: UP031 - the old form is one of the ways to print
        lambda secret: repr(Settings(secret)),
        lambda secret: repr([secret, {"password": secret}]),
        lambda secret: json.dumps({"password": secret}, default=str),
        lambda secret: msgspec.json.encode({"password": secret}, enc_hook=str).decode(),
        lambda secret: repr(ValueError("wrong password", secret)),
    ],
)
def test_printing_shows_the_mask(show: Callable[[Secret], str]) -> None:
    """
    Every way to print a secret shows the mask and not the text.
    """
    shown = show(Secret(HIDDEN))

    assert HIDDEN not in shown
    assert MASK in shown or MASK.encode("unicode_escape").decode() in shown


@pytest.mark.parametrize("write", [json.dumps, msgspec.json.encode, msgspec.to_builtins, pickle.dumps, copy.copy])
def test_serialising_refuses(write: Callable[[object], object]) -> None:
    """
    Nothing serialises or copies a secret by accident.
    """
    with pytest.raises(TypeError):
        write(Secret(HIDDEN))


def test_only_reveal_gives_the_text() -> None:
    """
    The text is got by asking for it, and there is no attribute dictionary to find it in.
    """
    secret = Secret(HIDDEN)

    assert HIDDEN == secret.reveal()
    assert not hasattr(secret, "__dict__")


def test_secrets_compare_by_text() -> None:
    """
    Equal texts are equal secrets with one hash; a text alone is no secret; an empty one is false.
    """
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert 1 == len({Secret("ä"), Secret("ä")})
    assert not Secret("")
    assert Secret("a")
