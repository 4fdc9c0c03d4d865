"""
What is concluded from refusals, without any clock.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex.learner import Learner
from webex_connector.webex.pace import Rate


def _use(learner: Learner, seconds: float) -> None:
    spent = 0.0
    while spent < seconds:
        spent += learner.interval
        learner.spent()
        learner.let_through()


def _climb_to(learner: Learner, limit: float) -> None:
    while learner.rate <= limit:
        learner.spent()
        learner.let_through()


def test_a_pace_that_is_never_refused_climbs() -> None:
    """
    Without a limit, half a minute of use is enough to be several times faster.
    """
    learner = Learner()
    start = learner.rate
    _use(learner, 30)

    assert learner.rate > 4 * start


def test_a_pace_that_nobody_uses_up_stays() -> None:
    """
    Answers to requests that did not wait for the pace prove nothing about a faster one.
    """
    learner = Learner()
    start = learner.rate
    for _ in range(1000):
        learner.let_through()

    assert start == learner.rate


def test_a_bound_is_where_it_starts_and_is_never_passed() -> None:
    """
    A configured rate is kept to within one percent below, however long nothing is refused.
    """
    learner = Learner(Rate(30))
    rates = []
    for _ in range(20_000):
        rates.append(learner.rate)
        learner.spent()
        learner.let_through()

    assert min(rates) >= 30 * 0.99
    assert max(rates) <= 30


@pytest.mark.parametrize("limit", [6.0, 10.0, 50.0, 200.0])
def test_the_pace_closes_in_on_the_limit(limit: float) -> None:
    """
    After some rounds that each ended at the limit, the pace starts within three percent of it and not above.
    """
    learner = Learner()
    for _ in range(12):
        _climb_to(learner, limit)
        learner.refused(1.0)

    assert 0.97 * limit < learner.rate <= limit * 1.005


def test_the_better_the_limit_is_known_the_longer_it_is_left_alone() -> None:
    """
    The first rounds are short, and later ones take more than a minute, but never two.
    """
    learner = Learner()
    rounds = []
    for _ in range(12):
        _climb_to(learner, 10.0)
        learner.refused(1.0)
        probe = 0.0
        while learner.rate <= 10.0:
            probe += learner.interval
            learner.spent()
            learner.let_through()
        rounds.append(probe)

    assert rounds[0] < 40
    assert 60 < rounds[-1] < 120


def test_a_refusal_soon_after_a_pause_brings_the_pace_down_at_once() -> None:
    """
    The refusal that ends a long round changes little, as that round speaks for the pace; the next quick one does not.
    """
    learner = Learner(Rate(10))
    _use(learner, 100)
    learner.refused(1.0)
    assert learner.rate > 9.5
    _use(learner, 0.5)
    learner.refused(1.0)

    assert learner.rate < 8.0


def test_a_refusal_after_nothing_at_all_says_nothing_about_the_pace() -> None:
    """
    Where every request of a round is refused, the pause was too short; the pace stays.
    """
    learner = Learner(Rate(10))
    before = learner.rate
    for _ in range(5):
        learner.spent()
        learner.refused(5.0)

    assert before == learner.rate


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), st.floats(1, 900)), max_size=30),
    st.none() | st.floats(0.01, 1000).map(Rate),
)
def test_no_history_leads_out_of_reason(history: list[tuple[int, int, float]], bound: Rate | None) -> None:
    """
    Whatever happened, the rate is above zero, within its bound, and a refusal never raises it.
    """
    learner = Learner(bound)
    for spent, let_through, pause in history:
        for _ in range(spent):
            learner.spent()
        for _ in range(let_through):
            learner.let_through()
        before = learner.rate
        learner.refused(pause)
        assert 0 < learner.rate <= before * 1.0001
        assert bound is None or learner.rate <= bound.per_second
