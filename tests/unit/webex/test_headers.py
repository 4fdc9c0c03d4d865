"""
Where the next page is, how long to wait, which exchange it was, and when.
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webex_connector.webex.headers import lead_of, next_link, seconds_to_wait, tracking_id_in

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
DOCUMENTED = "https://webexapis.com/v1/people?displayName=Ana&max=10&before&after=Y2lzY29zcGFyazovL3Vz"


@pytest.mark.parametrize(
    "header",
    [
        f'<{DOCUMENTED}>; rel="next"',
        f"<{DOCUMENTED}>;rel=next",
        f'<{DOCUMENTED}>; title="a, <b>; rel=prev"; REL="Next"',
        f'<https://webexapis.com/v1/people>; rel="first", <{DOCUMENTED}>; rel="next"',
        f'<https://webexapis.com/v1/people?a=1,2;3>; rel=prev, <{DOCUMENTED}>; type="x"; rel="last next"',
    ],
)
def test_the_next_link_is_found_and_left_as_it_is(header: str) -> None:
    """
    The address is followed to the letter, `before` without a value included, wherever in the header it stands.
    """
    assert DOCUMENTED == next_link(header, {"displayName": "Ana", "max": "10"})


@pytest.mark.parametrize(
    "header",
    ["", "nonsense", '<https://x/1>; rel="prev"', "<https://x/1>", "rel=next", '<https://x/1>; title="rel=next"'],
)
def test_without_a_next_relation_there_is_no_next_page(header: str) -> None:
    """
    Only the relation decides.
    """
    assert next_link(header, {}) is None


def test_a_size_of_null_gets_the_size_that_was_asked_for() -> None:
    """
    Webex has sent `max=null` in its links; taken literally it is an error on the next request.
    """
    link = next_link('<https://webexapis.com/v1/people?max=null&cursor=abc>; rel="next"', {"max": "1000"})
    assert "https://webexapis.com/v1/people?cursor=abc&max=1000" == link


def test_a_size_of_null_that_nobody_asked_for_is_dropped() -> None:
    """
    Where no size was asked for, Webex may choose it again.
    """
    link = next_link('<https://webexapis.com/v1/people?max=null&cursor=abc>; rel="next"', {})
    assert "https://webexapis.com/v1/people?cursor=abc" == link


def test_a_lost_filter_is_put_back() -> None:
    """
    Webex has lost filters on the second page; without them the list would go on with everybody.
    """
    asked = {"displayName": "Ana & Co", "callingData": "true", "max": "100"}
    link = next_link('<https://webexapis.com/v1/people?max=100&cursor=abc>; rel="next"', asked)
    assert link is not None
    found = parse_qs(urlsplit(link).query)
    assert {"displayName": ["Ana & Co"], "callingData": ["true"], "max": ["100"], "cursor": ["abc"]} == found


target = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="<>"), min_size=1)


@given(before=st.lists(target), wanted=target)
def test_any_target_among_other_links_is_found(before: list[str], wanted: str) -> None:
    """
    Commas, semicolons and quotes in addresses do not confuse the reading.
    """
    path = "https://webexapis.com/" + wanted.replace("max=null", "")
    header = ", ".join([*(f'<{other}>; rel="prev"' for other in before), f'<{path}>; rel="next"'])
    assert path == next_link(header, {})


@given(st.floats(min_value=0, max_value=1e9))
def test_seconds_are_seconds(seconds: float) -> None:
    """
    A number is taken as it is.
    """
    assert seconds == seconds_to_wait(str(seconds), NOW)


@given(st.integers(min_value=-100_000, max_value=100_000), st.integers(min_value=0, max_value=999_999))
def test_a_date_is_the_time_until_then_rounded_up(seconds: int, micro: int) -> None:
    """
    A date says when; we come back at that second or after it, never before, and never a negative time away.
    """
    now = NOW - timedelta(microseconds=micro)
    until = NOW + timedelta(seconds=seconds)
    wait = seconds_to_wait(format_datetime(until, usegmt=True), now)
    assert wait is not None
    assert wait >= 0
    assert now + timedelta(seconds=wait) >= until
    assert wait <= max(0.0, (until - now).total_seconds()) + 1


def test_a_date_without_a_zone_is_utc() -> None:
    """
    The obsolete form of RFC 850's ancestor names no zone.
    """
    assert seconds_to_wait("Mon Nov  2 08:00:09 2026", NOW) == 9


@pytest.mark.parametrize("header", [None, "", "soon", "nan", "inf", "-inf", "Mon, 99 Nov 2026 08:00:00 GMT"])
def test_what_is_not_understood_is_unknown(header: str | None) -> None:
    """
    Unknown differs from "at once".
    """
    assert seconds_to_wait(header, NOW) is None


def test_a_negative_wait_is_none_at_all() -> None:
    """
    Nobody can come back in the past.
    """
    assert seconds_to_wait("-5", NOW) == 0


@given(st.text())
def test_no_retry_after_breaks_us(header: str) -> None:
    """
    Whatever stands there, the answer is a finite wait or none.
    """
    wait = seconds_to_wait(header, NOW)
    assert wait is None or 0 <= wait < float("inf")


def test_a_doubled_tracking_id_counts_once() -> None:
    """
    Webex has joined our id and its own copy with a comma.
    """
    assert "WXC_1" == tracking_id_in({"trackingid": "WXC_1, WXC_1"})
    assert tracking_id_in({"trackingid": " "}) is None
    assert tracking_id_in({}) is None


@pytest.mark.parametrize(
    ("header", "lead"),
    [
        ("Mon, 02 Nov 2026 09:00:00 GMT", timedelta(hours=1)),
        ("Mon, 02 Nov 2026 07:59:00", timedelta(minutes=-1)),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_date_tells_how_far_the_other_clock_is_ahead(header: str | None, lead: timedelta | None) -> None:
    """
    Behind is negative; a date without a zone is UTC, and one that nobody understands tells nothing.
    """
    assert lead == lead_of(header, NOW)
