"""
Sync tokens: small, opaque, and refused when anything is wrong with them.
"""

import base64
import json
from typing import Any

import pytest

from webex_connector.connector.change_token import Mark, Marks, mark_in, marks_in, written
from webex_connector.icf import names
from webex_connector.icf.errors import InvalidOption

MARK = Mark(names.ACCOUNT, "Sm9obg", 17, 1_793_606_945_000, 1_793_606_945_100, 1_000_000)


def _token(**changed: Any) -> str:
    fields = {"object_class": names.ACCOUNT, "stream": "s", "number": 1, "since": None, "audited": 0, "count": 0}
    return base64.urlsafe_b64encode(json.dumps({**fields, "version": 1, **changed}).encode()).decode()


def test_a_token_is_read_as_it_was_written() -> None:
    """
    With or without a beginning, and it is short.
    """
    for mark in (MARK, Mark(names.ACCOUNT, "s", 0)):
        assert mark == mark_in(written(mark), names.ACCOUNT)
    assert len(written(MARK)) < 250
    assert {names.ACCOUNT: "x"} == marks_in(written(Marks({names.ACCOUNT: "x"})))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "17",
        "é",
        written(MARK)[:-4],
        f"{written(MARK)}!",
        written(Marks({names.ACCOUNT: "x"})),
        _token(number=-1),
        _token(number="1"),
        _token(since=-5),
        _token(stream=None),
        _token(more=1),
        _token(version=2),
        _token(object_class=names.GROUP),
        base64.urlsafe_b64encode(b"[]").decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_any_other_text_is_refused(token: str) -> None:
    """
    With what to do about it.
    """
    with pytest.raises(InvalidOption, match="Start again: without a token"):
        mark_in(token, names.ACCOUNT)


@pytest.mark.parametrize("token", ["", written(MARK), _token()])
def test_a_token_of_one_class_is_none_of_all(token: str) -> None:
    """
    Each has its own form.
    """
    with pytest.raises(InvalidOption, match="Start again"):
        marks_in(token)
