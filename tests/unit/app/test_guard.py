"""
The guard of every system.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.app.guard import NothingCounted, QuotaGuard
from webex_connector.base.clock import Clock
from webex_connector.icf.errors import GuardRefused
from webex_connector.icf.options import NOBODY, Actor
from webex_connector.icf.ports import Destruction, Harm
from webex_connector.store.engine import Database, in_memory
from webex_connector.store.migrating import migrate
from webex_connector.store.quota import Destructions
from webex_connector.store.tables import DESTRUCTIONS

IDM = Actor("openidm", "rest")


@pytest.fixture
def database() -> Iterator[Database]:
    """
    An empty database.
    """
    found = in_memory()
    migrate(found, None)
    yield found
    found.close()


def _guard(per_hour: int, database: Database, clock: Clock) -> QuotaGuard:
    return QuotaGuard(per_hour, Destructions(database, clock, timedelta(hours=1)))


def _delete(actor: Actor = IDM, system: str = "webex") -> Destruction:
    return Destruction(system, "__ACCOUNT__", "uid-1", Harm.DELETE, actor)


async def test_refusal_names_limit_count_and_setting(clock: VirtualClock, database: Database) -> None:
    """
    Who is refused learns how much is allowed, how much was done, where that is set, and how long to wait.
    """
    guard = _guard(2, database, clock)
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


async def test_systems_and_doors_share_the_count(clock: VirtualClock, database: Database) -> None:
    """
    Going to another system or through another door does not buy another hour's worth.
    """
    guard = _guard(1, database, clock)
    await guard.permit(_delete(Actor("openidm", "rest"), "webex"))

    with pytest.raises(GuardRefused):
        await guard.permit(_delete(Actor("openidm", "scim"), "other"))


async def test_clients_are_counted_apart(clock: VirtualClock, database: Database) -> None:
    """
    One client's deletions leave another's quota as it was.
    """
    guard = _guard(1, database, clock)
    await guard.permit(_delete(Actor("one", "rest")))
    await guard.permit(_delete(Actor("two", "rest")))

    with pytest.raises(GuardRefused):
        await guard.permit(_delete(Actor("two", "rest")))


async def test_a_refused_write_does_not_count(clock: VirtualClock, database: Database) -> None:
    """
    Trying in vain does not push the end of the wait away.
    """
    guard = _guard(1, database, clock)
    await guard.permit(_delete())
    await clock.sleep(3599)
    with pytest.raises(GuardRefused):
        await guard.permit(_delete())
    await clock.sleep(1)

    await guard.permit(_delete())


async def test_an_unsigned_write_is_refused(clock: VirtualClock, database: Database) -> None:
    """
    What cannot be counted for anybody is refused.
    """
    with pytest.raises(GuardRefused, match="nobody has signed it"):
        await _guard(50, database, clock).permit(_delete(NOBODY))


async def test_a_clock_that_ran_backwards_is_a_doubt(clock: VirtualClock, database: Database) -> None:
    """
    When the guard cannot tell how many there were, it refuses.
    """
    await clock.sleep(100)
    await _guard(50, database, clock).permit(_delete())

    with pytest.raises(GuardRefused, match="cannot be counted"):
        await _guard(50, database, _Yesterday()).permit(_delete())


async def test_a_count_that_cannot_be_read_is_a_doubt(clock: VirtualClock, database: Database) -> None:
    """
    A broken store stops deletions, not the other way round.
    """
    await database.write(DESTRUCTIONS.drop)

    with pytest.raises(GuardRefused, match="so it cannot be counted") as refused:
        await _guard(50, database, clock).permit(_delete())
    assert refused.value.retry_after is None


async def test_a_guard_that_allows_nothing_needs_no_count() -> None:
    """
    It refuses the first write already.
    """
    with pytest.raises(GuardRefused, match="0 objects an hour"):
        await QuotaGuard(0, NothingCounted()).permit(_delete())


class _Yesterday(VirtualClock):
    def now(self) -> datetime:
        return super().now() - timedelta(days=1)
