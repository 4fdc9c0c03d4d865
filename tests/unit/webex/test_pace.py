"""
How a rate is written.
"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex.pace import Rate


@pytest.mark.parametrize(
    ("text", "per_second"),
    [
        ("2.5", 2.5),
        ("30/sec", 30.0),
        ("100/min", 100 / 60),
        ("90 / Minute", 1.5),
        (" 3/s ", 3.0),
        (".5", 0.5),
        ("1e1/second", 10.0),
    ],
)
def test_a_rate_is_read_in_each_accepted_form(text: str, per_second: float) -> None:
    """
    A bare number counts a second; a unit may follow; case and spaces do not matter.
    """
    assert per_second == pytest.approx(Rate.parse(text).per_second)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "missing"),
        ("/min", "missing"),
        ("0", "above zero"),
        ("0/min", "above zero"),
        ("-2.5", "above zero"),
        ("1e400", "finite"),
        ("nan", "number cannot be read: 'nan'"),
        ("inf/sec", "number cannot be read: 'inf'"),
        ("fast", "number cannot be read: 'fast'"),
        ("1_000", "number cannot be read"),
        ("٣", "number cannot be read"),
        ("2,5", "number cannot be read"),
        ("5/", "unit is unknown: ''"),
        ("5/hour", "unit is unknown: 'hour'"),
        ("5/sec/min", "unit is unknown: 'sec/min'"),
    ],
)
def test_a_rate_that_means_nothing_is_refused_with_the_accepted_forms(text: str, problem: str) -> None:
    """
    The message names what is wrong and how a rate is written.
    """
    with pytest.raises(ValueError, match="30/sec, 100/min") as refusal:
        Rate.parse(text)
    assert problem in str(refusal.value)


@given(st.text())
def test_no_text_makes_another_error_than_a_value_error(text: str) -> None:
    """
    Whatever an administrator types is a usable rate or a ValueError.
    """
    try:
        rate = Rate.parse(text)
    except ValueError:
        return
    assert math.isfinite(rate.per_second)
    assert rate.per_second > 0


@given(st.floats(min_value=1e-3, max_value=1e5))
def test_a_printed_rate_can_be_read_again(per_second: float) -> None:
    """
    What is shown is itself an accepted form, to the six digits shown.
    """
    assert Rate.parse(str(Rate(per_second))).per_second == pytest.approx(per_second, rel=1e-5)
