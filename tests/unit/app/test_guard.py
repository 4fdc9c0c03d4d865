"""
The guard of every system.
"""

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.app.guard import QuotaGuard
from webex_connector.icf.errors import GuardRefused
from webex_connector.icf.options import NOBODY, Actor
from webex_connector.icf.ports import Destruction, Harm

IDM = Actor("openidm", "rest")


def _delete(actor: Actor = IDM, system: str = "webex") -> Destruction:
    return Destruction(system, "__ACCOUNT__", "uid-1", Harm.DELETE, actor)


async def test_refusal_names_limit_count_and_setting(clock: VirtualClock) -> None:
    """
    Who is refused learns how much is allowed, how much was done, where that is set, and how long to wait.
    """
    guard = QuotaGuard(2, clock)
    await guard.permit(_delete())
    await clock.sleep(600)
    await guard.permit(_delete())

    with pytest.raises(GuardRefused) as refused:
        await guard.permit(_delete())

    assert refused.value.message == (
        "The guard did not let uid-1 be deleted: openidm may delete or disable 2 objects an hour and did so 2 times in "
        "the last one (safety.destructive_per_hour = 2)"
    )
    assert 3000 == refused.value.retry_after


async def test_systems_and_doors_share_the_count(clock: VirtualClock) -> None:
    """
    Going to another system or through another door does not buy another hour's worth.
    """
    guard = QuotaGuard(1, clock)
    await guard.permit(_delete(Actor("openidm", "rest"), "webex"))

    with pytest.raises(GuardRefused):
        await guard.permit(_delete(Actor("openidm", "scim"), "other"))


async def test_clients_are_counted_apart(clock: VirtualClock) -> None:
    """
    One client's deletions leave another's quota as it was.
    """
    guard = QuotaGuard(1, clock)
    await guard.permit(_delete(Actor("one", "rest")))
    await guard.permit(_delete(Actor("two", "rest")))

    with pytest.raises(GuardRefused):
        await guard.permit(_delete(Actor("two", "rest")))


async def test_a_refused_write_does_not_count(clock: VirtualClock) -> None:
    """
    Trying in vain does not push the end of the wait away.
    """
    guard = QuotaGuard(1, clock)
    await guard.permit(_delete())
    await clock.sleep(3599)
    with pytest.raises(GuardRefused):
        await guard.permit(_delete())
    await clock.sleep(1)

    await guard.permit(_delete())


async def test_an_unsigned_write_is_refused(clock: VirtualClock) -> None:
    """
    What cannot be counted for anybody is refused.
    """
    with pytest.raises(GuardRefused, match="nobody has signed it"):
        await QuotaGuard(50, clock).permit(_delete(NOBODY))


async def test_a_clock_that_ran_backwards_is_a_doubt(clock: VirtualClock) -> None:
    """
    When the guard cannot tell how many there were, it refuses.
    """
    guard = QuotaGuard(50, clock)
    await clock.sleep(100)
    await guard.permit(_delete())
    guard._clock = _Yesterday()

    with pytest.raises(GuardRefused, match="cannot be counted"):
        await guard.permit(_delete())


class _Yesterday(VirtualClock):
    def monotonic(self) -> float:
        return 0.0
