"""
How fast each client may ask.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.virtual_time import VirtualClock
from webex_connector.gateway.client_pace import ClientPace, Standing
from webex_connector.icf.errors import Throttled


class _Hand:
    """
    A clock that is set by hand.
    """

    moment = 1000.0

    def monotonic(self) -> float:
        return self.moment


async def test_a_second_s_worth_may_come_at_once_and_then_one_by_one(clock: VirtualClock) -> None:
    """
    What is left and when all of it is back are told each time; who comes when told to is let through.
    """
    pace = ClientPace(4, clock)
    assert [Standing(4, left, 1) for left in (3, 2, 1, 0)] == [pace.take("okta") for _ in range(4)]
    early = pace.take("okta")
    assert early is not None
    assert 0 == early.remaining
    assert 0.25 == pytest.approx(early.wait)
    await clock.sleep(early.wait)
    assert Standing(4, 0, 1) == pace.take("okta")
    await clock.sleep(60)
    assert Standing(4, 3, 1) == pace.take("okta")


async def test_clients_are_counted_apart_and_no_limit_is_none(clock: VirtualClock) -> None:
    """
    One that asks too fast takes nothing from another; where there is no limit nothing is told of one.
    """
    pace, free = ClientPace(1, clock), ClientPace(0, clock)
    standings = [pace.take(name) for name in ("okta", "okta", "entra")]
    assert [False, True, False] == [bool(each and each.wait) for each in standings]
    assert [None] * 1000 == [free.take("okta") for _ in range(1000)]


async def test_who_is_too_early_hears_when_to_come(clock: VirtualClock) -> None:
    """
    By the headers of rate limits, in whole seconds, and by the error that each door has its form for.
    """
    pace = ClientPace(1, clock)
    first, second = pace.take("okta"), pace.take("okta")
    assert first is not None
    assert second is not None
    first.refuse("okta")
    assert {"X-Rate-Limit-Limit": "1", "X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "1"} == first.headers
    assert "1" == second.headers["X-Rate-Limit-Retry-After-Seconds"]
    with pytest.raises(Throttled, match="okta sends more than 1 requests a second") as refused:
        second.refuse("okta")
    assert 1 == pytest.approx(refused.value.retry_after)


@given(st.integers(1, 50), st.lists(st.floats(0, 0.5), max_size=200))
def test_no_second_has_more_than_two_seconds_worth(per_second: int, gaps: list[float]) -> None:
    """
    Over all ways to ask: what had gathered and what comes in meanwhile, and never more.
    """
    clock = _Hand()
    pace, let_through = ClientPace(per_second, clock), []  # type: ignore[arg-type]  # it needs nothing but the moment
    for gap in gaps:
        clock.moment += gap
        standing = pace.take("okta")
        if standing is not None and not standing.wait:
            let_through.append(clock.moment)

    assert all(sum(first <= each < first + 1 for each in let_through) <= 2 * per_second for first in let_through)
