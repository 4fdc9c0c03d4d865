"""
The destructive quota: what counts, and until when.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.policy.quota import HOUR, standing

NOW = 100_000.0


def test_room_while_fewer_than_the_limit_count() -> None:
    """
    One write below the limit there is room at once.
    """
    found = standing([NOW - 10, NOW - 20], NOW, 3)

    assert found.has_room
    assert (NOW - 20, NOW - 10) == found.counted


def test_no_room_at_the_limit_until_the_oldest_is_an_hour_old() -> None:
    """
    At the limit the wait is what the oldest counted write lacks to an hour.
    """
    found = standing([NOW - 3000, NOW - 20], NOW, 2)

    assert not found.has_room
    assert 600 == found.wait


def test_a_write_exactly_an_hour_ago_counts_no_more() -> None:
    """
    The window is open at its far end.
    """
    assert standing([NOW - HOUR], NOW, 1).has_room


def test_after_the_limit_was_lowered_enough_writes_must_grow_old() -> None:
    """
    With more writes than the limit the wait lasts until fewer than the limit count.
    """
    found = standing([NOW - 3000, NOW - 2000, NOW - 1000], NOW, 2)

    assert 1600 == found.wait


def test_a_limit_of_zero_never_has_room() -> None:
    """
    With no destructive writes allowed, waiting does not help.
    """
    found = standing([], NOW, 0)

    assert not found.has_room
    assert found.wait is None


def test_a_moment_in_the_future_is_refused() -> None:
    """
    A clock that ran backwards cannot count.
    """
    with pytest.raises(ValueError, match="future"):
        standing([NOW + 1], NOW, 5)


@given(st.lists(st.floats(0, 20_000), max_size=60).map(sorted), st.integers(1, 5))
def test_no_hour_ever_holds_more_than_the_limit(moments: list[float], limit: int) -> None:
    """
    Whatever the moments at which permission is asked, the permitted ones of any hour stay within the limit, and after
    the announced wait there is room.
    """
    permitted: list[float] = []
    for now in moments:
        found = standing(permitted, now, limit)
        if found.has_room:
            permitted.append(now)
        else:
            assert found.wait is not None
            # The sum may fall short by a rounding error; a thousandth of a second settles it.
            assert standing(permitted, now + found.wait + 0.001, limit).has_room

    for start in permitted:
        assert sum(start <= moment < start + HOUR for moment in permitted) <= limit
