"""
The destructive quota: what counts, and until when.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.policy.quota import HOUR, counted

NOW = 100_000.0


def test_a_write_counts_for_an_hour() -> None:
    """
    The window is open at its far end: the one exactly an hour ago counts no more.
    """
    assert 2 == counted([NOW - HOUR - 1, NOW - HOUR, NOW - HOUR + 0.001, NOW], NOW)


def test_a_moment_in_the_future_is_refused() -> None:
    """
    A clock that ran backwards is an error, not a quota without writes in it.
    """
    with pytest.raises(ValueError, match="future"):
        counted([NOW + 1], NOW)


@given(st.lists(st.floats(0, 4 * HOUR), max_size=60), st.integers(0, 10))
def test_no_hour_ever_has_more_than_the_limit(attempts: list[float], limit: int) -> None:
    """
    Whoever is let through only while fewer than the limit count never does more in any hour.
    """
    done: list[float] = []
    for moment in sorted(attempts):
        if counted(done, moment) < limit:
            done.append(moment)

    assert all(sum(first <= each < first + HOUR for each in done) <= limit for first in done)
