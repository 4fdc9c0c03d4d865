"""
What sources hold, as values of records, and marks.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.sync.sources.values import read_mark, values_of_column, written_mark


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (None, ()),
        ("", ()),
        ("a", ("a",)),
        (True, (True,)),
        (7, (7,)),
        (Decimal(7), (7,)),
        (Decimal("7.5"), (7.5,)),
        (date(2026, 1, 2), ("2026-01-02",)),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), ("2026-01-02T03:00:00+00:00",)),
        (time(3, 4), ("03:04:00",)),
        (timedelta(minutes=1), (60.0,)),
        (UUID(int=1), ("00000000-0000-0000-0000-000000000001",)),
        (memoryview(b"x"), (b"x",)),
        (["a", None, "", "b"], ("a", "b")),
        ({"a": 1}, ({"a": 1},)),
    ],
)
def test_the_kinds_of_values_of_a_database(held: object, expected: tuple[object, ...]) -> None:
    """
    Decimals, days, times, arrays, maps and bytes are what people would write for them.
    """
    assert values_of_column(held) == expected


def test_a_kind_that_is_no_value_is_refused() -> None:
    """
    It says what helps.
    """
    with pytest.raises(ValueError, match="of a kind that cannot be read, object; CAST it"):
        values_of_column(object())


@given(
    st.one_of(
        st.text(), st.integers(), st.floats(allow_nan=False), st.datetimes(), st.dates(), st.decimals(allow_nan=False)
    )
)
def test_a_mark_comes_back_as_it_was(value: object) -> None:
    """
    In value and in kind, so that the database compares it as it did.
    """
    found = read_mark(written_mark(value))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("mark", ["", "x", "i", "ix"])
def test_what_is_no_mark_is_refused(mark: str) -> None:
    """
    A token of somebody else's making reads nothing.
    """
    with pytest.raises(ValueError, match=r"no mark|invalid literal"):
        read_mark(mark)
