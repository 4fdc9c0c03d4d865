"""
Pages by index and by cursor.
"""

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.gateway.scim.asked import Asked
from webex_connector.gateway.scim.errors import Kind, Problem
from webex_connector.gateway.scim.paging import (
    CURSOR_SECONDS,
    MOST_COUNT,
    USUAL_COUNT,
    Cursors,
    Page,
    Turn,
    page_of,
    question_of,
)

CURSORS = Cursors(b"key")
QUESTION = question_of(Asked(filter="title pr"), "okta", "User")
NOW = 1000.5


@pytest.mark.parametrize(
    ("start", "count", "page"),
    [
        (None, None, Page(1, USUAL_COUNT)),
        ("1", "2", Page(1, 2)),
        ("0", "0", Page(1, 0)),
        ("-5", "-1", Page(1, 0)),
        ("7", str(MOST_COUNT), Page(7, MOST_COUNT)),
        ("7", str(MOST_COUNT + 1), Page(7, MOST_COUNT)),
    ],
)
def test_pages_by_index(start: str | None, count: str | None, page: Page) -> None:
    """
    Numbers that are too small or too large become those there can be (RFC 7644, table 6).
    """
    assert page == page_of(Asked(start_index=start, count=count))


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        (Asked(start_index="x"), 'startIndex must be an integer, not "x"'),
        (Asked(count="1.5"), 'count must be an integer, not "1.5"'),
    ],
)
def test_what_is_no_number(asked: Asked, detail: str) -> None:
    """
    It is refused, not guessed.
    """
    with pytest.raises(Problem) as refusal:
        page_of(asked)

    assert (400, Kind.INVALID_VALUE, detail) == (refusal.value.status, refusal.value.kind, refusal.value.detail)


@pytest.mark.parametrize(
    ("count", "turn"),
    [
        (None, Turn(USUAL_COUNT)),
        ("5", Turn(5)),
        ("0", Turn(0)),
        (str(MOST_COUNT), Turn(MOST_COUNT)),
        (str(MOST_COUNT + 1), Turn(MOST_COUNT)),
    ],
)
def test_the_first_page_by_cursor(count: str | None, turn: Turn) -> None:
    """
    An empty cursor asks for it.
    """
    assert turn == CURSORS.turn(Asked(cursor="", count=count), QUESTION, NOW)


@given(st.text(st.characters(codec="utf-8")), st.integers(1, MOST_COUNT), st.floats(0, 1e9))
def test_a_cursor_leads_on(mark: str, count: int, now: float) -> None:
    """
    With the mark and the count it was made of, in letters that need no escaping (RFC 9865, section 2), until its time
    is over.
    """
    cursor = CURSORS.made(mark, count, QUESTION, now)

    assert set(cursor) <= {*string.ascii_letters, *string.digits, *"-._~"}
    for asked in (Asked(cursor=cursor), Asked(cursor=cursor, count=str(count))):
        assert Turn(count, mark) == CURSORS.turn(asked, QUESTION, now)
        assert Turn(count, mark) == CURSORS.turn(asked, QUESTION, int(now) + CURSOR_SECONDS)


@pytest.mark.parametrize(
    ("asked", "now", "kind", "detail"),
    [
        (Asked(count="x"), NOW, Kind.INVALID_COUNT, 'count must be an integer of 0 or more, not "x"'),
        (Asked(count="-1"), NOW, Kind.INVALID_COUNT, 'count must be an integer of 0 or more, not "-1"'),
        (Asked(count="6"), NOW, Kind.INVALID_COUNT, "The pages before had count 5; it stays the same"),
        (Asked(count="0"), NOW, Kind.INVALID_COUNT, "The pages before had count 5; it stays the same"),
        (
            Asked(),
            NOW + CURSOR_SECONDS + 1,
            Kind.EXPIRED_CURSOR,
            "The cursor is older than 3600 seconds; begin again",
        ),
    ],
)
def test_what_is_refused_of_our_own_cursors(asked: Asked, now: float, kind: Kind, detail: str) -> None:
    """
    Each with the kind that RFC 9865, section 2.3, has for it.
    """
    cursor = CURSORS.made("mark", 5, QUESTION, NOW)
    with pytest.raises(Problem) as refusal:
        CURSORS.turn(replace(asked, cursor=cursor), QUESTION, now)

    assert (400, kind, detail) == (refusal.value.status, refusal.value.kind, refusal.value.detail)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "Y3Vyc29y",
        "ä",
        Cursors(b"other").made("mark", 5, QUESTION, NOW),
        CURSORS.made("mark", 5, question_of(Asked(filter="title pr"), "entra", "User"), NOW),
        CURSORS.made("mark", 5, QUESTION, NOW)[:-2],
    ],
)
def test_cursors_of_others_are_all_the_same_to_us(cursor: str) -> None:
    """
    Made up, cut, of another server, of another client: nobody learns which.
    """
    with pytest.raises(Problem) as refusal:
        CURSORS.turn(Asked(cursor=cursor), QUESTION, NOW)

    assert Kind.INVALID_CURSOR is refusal.value.kind
    assert "The cursor is unknown here, or belongs to another question" == refusal.value.detail


@pytest.mark.parametrize("field", ["filter", "attributes", "excluded_attributes", "sort_by", "sort_order"])
def test_a_question_is_all_that_decides_what_comes(field: str) -> None:
    """
    The count and the place are no part of it; everything else is.
    """
    asked = Asked(filter="a")

    assert question_of(asked, "okta") != question_of(replace(asked, **{field: "b"}), "okta")
    assert question_of(asked, "okta") != question_of(asked, "entra")
    assert question_of(asked, "okta") == question_of(replace(asked, count="5", cursor="x", start_index="3"), "okta")
