"""
When something is due, also on the two days of the year on which a clock is put forward or back.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.jobs.timing import Cron, Every, TimingInvalid, following

OSLO = "Europe/Oslo"
# On 2026-03-29 at 01:00 UTC Oslo goes from 02:00 to 03:00, on 2026-10-25 at 01:00 UTC from 03:00 to 02:00.


def _times(expression: str, start: str, count: int) -> list[str]:
    cron, moment = Cron(expression, OSLO), datetime.fromisoformat(f"2026-{start}+00:00")
    found = []
    for _ in range(count):
        moment = cron.after(moment)
        found.append(f"{moment:%m-%d %H:%M}")
    return found


def test_a_time_of_day_is_that_of_its_zone() -> None:
    """
    Half past two in Oslo is another hour of UTC in summer than in winter.
    """
    assert ["01-15 01:30", "01-16 01:30"] == _times("30 2 * * *", "01-15 00:00", 2)
    assert ["07-15 00:30", "07-16 00:30"] == _times("30 2 * * *", "07-15 00:00", 2)


def test_what_falls_into_an_hour_that_is_left_out_is_due_right_after_it() -> None:
    """
    Once, on that day, at three o'clock; the next day at its own time again.
    """
    assert ["03-28 01:30", "03-29 01:00", "03-30 00:30"] == _times("30 2 * * *", "03-28 00:00", 3)


def test_a_time_of_day_that_comes_twice_is_due_in_the_first_hour_alone() -> None:
    """
    Also when somebody looks between the two.
    """
    assert ["10-24 00:30", "10-25 00:30", "10-26 01:30"] == _times("30 2 * * *", "10-24 00:00", 3)
    cron, due = Cron("30 2 * * *", OSLO), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for minutes in range(1, 120):
        now = due + timedelta(minutes=minutes)
        assert datetime(2026, 10, 26, 1, 30, tzinfo=UTC) == following(cron, due, now)


def test_what_is_due_each_hour_goes_by_time_that_passes() -> None:
    """
    Nothing is left out in spring, and each of the two hours in autumn has its own.
    """
    assert ["03-29 00:15", "03-29 01:15", "03-29 02:15"] == _times("15 * * * *", "03-29 00:00", 3)
    assert ["10-25 00:15", "10-25 01:15", "10-25 02:15"] == _times("15 * * * *", "10-25 00:00", 3)


@given(
    st.sampled_from(["30 2 * * *", "*/20 * * * *", "15 1-4 * * 1-5", "0 0 1 * *", "59 1 * * *"]),
    st.sampled_from([OSLO, "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "UTC"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - as the strategy wants them
)
def test_the_next_time_is_always_later(expression: str, zone: str, moment: datetime) -> None:
    """
    In every zone and season, so that nothing is due for ever.
    """
    cron = Cron(expression, zone)
    then = cron.after(moment)
    assert moment < then
    assert moment < following(cron, moment - timedelta(hours=2), moment) <= then + timedelta(hours=1)


def test_every_so_often_is_reckoned_from_when_it_was_due() -> None:
    """
    It does not drift by the seconds in which somebody looks, and what was missed for long begins anew.
    """
    hour, due = Every(timedelta(hours=1)), datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert due + timedelta(hours=1) == following(hour, due, due + timedelta(seconds=5))
    assert due + timedelta(hours=3) == following(hour, due, due + timedelta(hours=2))
    late = due + timedelta(days=3, seconds=5)
    assert late + timedelta(hours=1) == following(hour, due, late)


@pytest.mark.parametrize(
    ("expression", "zone", "told"),
    [
        (
            "0 2 * *",
            "UTC",
            "'0 2 [*] [*]' is no cron expression .Wrong number of fields.; one is like",
        ),
        ("0 0 2 * * *", "UTC", "Wrong number of fields"),
        ("61 2 * * *", "UTC", "Bad minute"),
        ("0 0 31 2 *", "UTC", "Bad day-of-month"),
        ("@daily", "UTC", "Wrong number of fields"),
        ("0 2 * * *", "Europa/Oslo", "There is no time zone Europa/Oslo; one is like Europe/Oslo"),
        ("0 2 * * *", "../../etc/passwd", "There is no time zone"),
        ("0 2 * * *", "", "There is no time zone"),
    ],
)
def test_what_is_no_time_is_refused(expression: str, zone: str, told: str) -> None:
    """
    At once, not when it would be due, and with an example.
    """
    with pytest.raises(TimingInvalid, match=told):
        Cron(expression, zone)


def test_less_than_a_second_is_refused() -> None:
    """
    Nobody looks more often.
    """
    with pytest.raises(TimingInvalid, match="at least one second"):
        Every(timedelta(milliseconds=10))
