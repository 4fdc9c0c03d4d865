"""
The three shapes of the simulated rate limit.
"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.sandbox.limits import FixedWindow, Limiter, PerUser, Shape, TokenBucket, retry_after


def test_without_a_shape_everything_is_admitted() -> None:
    """
    A limiter that was given no shape never asks anybody to wait.
    """
    limiter = Limiter()

    assert [0.0] * 5 == [limiter.admit(0.0) for _ in range(5)]
    assert (5, 0) == (limiter.admitted, limiter.refused)


def test_window_admits_its_number_and_names_its_end() -> None:
    """
    A fixed window lets N requests through, tells the rest how long it lasts, and the next one starts empty.
    """
    limiter = Limiter(FixedWindow(requests=2, seconds=10))

    assert [0.0, 0.0, 6.0] == [limiter.admit(at) for at in (11.0, 12.0, 14.0)]
    assert 0.0 == limiter.admit(20.0)
    assert (3, 1) == (limiter.admitted, limiter.refused)


def test_bucket_lets_a_burst_through_and_refills() -> None:
    """
    A full bucket admits its burst at once and then one request each 1/rate seconds.
    """
    limiter = Limiter(TokenBucket(rate=2, burst=3))

    assert [0.0, 0.0, 0.0, 0.5] == [limiter.admit(0.0) for _ in range(4)]
    assert 0.0 == limiter.admit(0.5)
    assert 0.5 == limiter.admit(0.5)


def test_one_users_requests_leave_the_others_alone() -> None:
    """
    Per-user buckets are independent, one shared bucket is not.
    """
    each, together = Limiter(PerUser(rate=1, burst=1)), Limiter(TokenBucket(rate=1, burst=1))

    assert [0.0, 1.0, 0.0] == [each.admit(0.0, who) for who in ("anna", "anna", "ben")]
    assert [0.0, 1.0, 1.0] == [together.admit(0.0, who) for who in ("anna", "anna", "ben")]


def test_a_changed_rate_hands_out_no_fresh_burst() -> None:
    """
    When the rate changes in mid-run, an empty bucket stays empty and refills at the new rate.
    """
    limiter = Limiter(TokenBucket(rate=1, burst=2))
    for _ in range(2):
        limiter.admit(0.0)

    limiter.change(TokenBucket(rate=4, burst=2))

    assert 0.25 == limiter.admit(0.0)


def test_a_changed_number_counts_in_the_running_window() -> None:
    """
    Halving N in mid-window refuses at once when more than the new N were already used.
    """
    limiter = Limiter(FixedWindow(requests=4, seconds=10))
    for _ in range(3):
        limiter.admit(1.0)

    limiter.change(FixedWindow(requests=2, seconds=10))

    assert 9.0 == limiter.admit(1.0)


@pytest.mark.parametrize("shape", [FixedWindow(requests=5, seconds=10), None])
def test_another_kind_starts_afresh(shape: Shape | None) -> None:
    """
    Changing the kind of limit forgets what was used under the old one.
    """
    limiter = Limiter(TokenBucket(rate=1, burst=1))
    limiter.admit(0.0)

    limiter.change(shape)

    assert shape == limiter.shape
    assert 0.0 == limiter.admit(0.0)


@given(
    shape=st.one_of(
        st.builds(FixedWindow, requests=st.integers(1, 50), seconds=st.floats(0.1, 60)),
        st.builds(TokenBucket, rate=st.floats(0.1, 50), burst=st.floats(1, 20)),
        st.builds(PerUser, rate=st.floats(0.1, 50), burst=st.floats(1, 20)),
    ),
    steps=st.lists(st.floats(0, 5), max_size=60),
)
def test_who_waits_as_told_is_let_through(shape: Shape, steps: list[float]) -> None:
    """
    Whatever happened before, a request that waits the rounded-up time it was told is admitted.
    """
    limiter, now = Limiter(shape), 0.0
    for step in steps:
        now += step
        limiter.admit(now, "anna")
    while wait := limiter.admit(now, "anna"):
        assert 0.0 == Limiter(shape).admit(now, "anna")
        later = now + retry_after(wait)
        assert 0.0 == limiter.admit(later, "anna")
        break


@pytest.mark.parametrize(("wait", "seconds"), [(0.01, 1), (1.0, 1), (1.2, 2), (59.5, 60)])
def test_retry_after_is_rounded_up(wait: float, seconds: int) -> None:
    """
    The header carries whole seconds and never too few of them.
    """
    assert seconds == retry_after(wait)


@pytest.mark.parametrize(
    "text",
    [
        '{"shape":"window","requests":0,"seconds":1}',
        '{"shape":"window","requests":1,"seconds":0}',
        '{"shape":"bucket","rate":0,"burst":1}',
        '{"shape":"per_user","rate":1,"burst":0.5}',
        '{"shape":"window","requests":1,"seconds":1,"burst":2}',
    ],
)
def test_impossible_shapes_are_refused(text: str) -> None:
    """
    A limit of nothing, or with a member it does not have, cannot be put in force.
    """
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Shape)
