"""
The real clock.
"""

from datetime import UTC, timedelta

from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import SystemClock


def test_now_is_aware_and_in_utc() -> None:
    """
    Times carry their zone, and it is UTC.
    """
    assert timedelta(0) == SystemClock().now().utcoffset()
    assert UTC is SystemClock().now().tzinfo


def test_monotonic_never_runs_backwards() -> None:
    """
    A later reading is never smaller.
    """
    clock = SystemClock()
    readings = [clock.monotonic() for _ in range(100)]

    assert sorted(readings) == readings


async def test_sleep_lasts_as_long_as_asked(clock: VirtualClock) -> None:
    """
    The loop's time moves by the seconds asked for; less than nothing is nothing.
    """
    await SystemClock().sleep(90)
    await SystemClock().sleep(-1)

    assert 90 == clock.monotonic()
