"""
The guard of every system.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from fakes.virtual_time import VirtualClock
from webex_connector.app.alerts import Alert, Alerts, LoggedAlerts
from webex_connector.app.allowing import Allowing
from webex_connector.app.guard import STOPPED, QuotaGuard, ShutGuard
from webex_connector.base.clock import Clock
from webex_connector.icf.errors import GuardRefused, InvalidInput
from webex_connector.icf.options import NOBODY, Actor
from webex_connector.icf.ports import Destruction, Harm
from webex_connector.store.clients import By
from webex_connector.store.engine import Database, in_memory
from webex_connector.store.journal import Choice, JournalTable
from webex_connector.store.migrating import migrate
from webex_connector.store.quota import Destructions
from webex_connector.store.tables import DESTRUCTIONS

IDM = Actor("openidm", "rest")
ANNA = By("anna", "shell")


@pytest.fixture
def database() -> Iterator[Database]:
    """
    An empty database.
    """
    found = in_memory()
    migrate(found, None)
    yield found
    found.close()


class _Alerts:
    """
    Writes down what it is told of; out of order, it tells nobody.
    """

    def __init__(self, *, is_out_of_order: bool = False) -> None:
        self.told: list[Alert] = []
        self.is_out_of_order = is_out_of_order

    async def tell(self, alert: Alert) -> None:
        if self.is_out_of_order:
            raise OSError("no way to the mail server")
        self.told.append(alert)


def _counted(database: Database, clock: Clock) -> Destructions:
    return Destructions(database, clock, timedelta(hours=1))


def _guard(per_hour: int, database: Database, clock: Clock, alerts: Alerts | None = None) -> QuotaGuard:
    return QuotaGuard(per_hour, _counted(database, clock), alerts or _Alerts())


async def _is_permitted(guard: QuotaGuard, actor: Actor = IDM) -> bool:
    try:
        await guard.permit(_delete(actor))
    except GuardRefused:
        return False
    return True


def _delete(actor: Actor = IDM, system: str = "webex") -> Destruction:
    return Destruction(system, "__ACCOUNT__", "uid-1", Harm.DELETE, actor)


async def test_refusal_names_limit_count_and_setting(clock: VirtualClock, database: Database) -> None:
    """
    Who is refused learns how much is allowed, where that is set, since when it is stopped and who can change that.
    Waiting does not help, so nobody is asked to come back.
    """
    guard, told = _guard(1, database, clock), []
    await guard.permit(_delete())
    for _ in range(2):
        with pytest.raises(GuardRefused) as refused:
            await guard.permit(_delete())
        told.append(refused.value.message)
        assert refused.value.retry_after is None

    start = (
        "The guard did not let uid-1 be deleted: openidm may delete or disable 1 objects an hour "
        "(safety.destructive_per_hour = 1), wanted more, and is stopped"
    )
    end = " until an administrator says yes: webex-connector guard allow openidm"
    assert [start + end, f"{start} since {clock.now():%Y-%m-%d %H:%M} UTC{end}"] == told


async def test_a_client_is_stopped_until_an_administrator_says_yes(clock: VirtualClock, database: Database) -> None:
    """
    No hour, no other system and no other process help; the yes brings a whole new quota, and no more than that.
    """
    alerts, allowing = _Alerts(), Allowing(_counted(database, clock), clock)
    here, there = (_guard(2, database, clock, alerts) for _ in range(2))
    assert [True, True, False] == [await _is_permitted(here) for _ in range(3)]
    await clock.sleep(2 * 3600)
    assert not await _is_permitted(there)

    await allowing.renew("openidm", ANNA)
    assert [True, True, False, False] == [await _is_permitted(there) for _ in range(4)]
    assert [STOPPED, STOPPED] == [each.event for each in alerts.told]
    assert {"client": "openidm", "door": "rest", "system": "webex"} == alerts.told[0].facts
    assert "webex-connector guard allow openidm" in alerts.told[0].text


async def test_an_allowance_is_beyond_the_quota_and_ends(clock: VirtualClock, database: Database) -> None:
    """
    So many more go through, be the client stopped or not; the quota itself is neither renewed nor used by them.
    """
    guard, allowing = _guard(1, database, clock), Allowing(_counted(database, clock), clock)
    await allowing.grant("openidm", 2, timedelta(hours=1), ANNA)
    assert [True, True, True, False] == [await _is_permitted(guard) for _ in range(4)]

    await allowing.grant("openidm", 1, timedelta(hours=1), ANNA)
    assert [True, False] == [await _is_permitted(guard) for _ in range(2)]

    await allowing.grant("openidm", 5, timedelta(minutes=1), ANNA)
    await clock.sleep(61)
    assert not await _is_permitted(guard)


async def test_the_journal_has_who_said_yes(clock: VirtualClock, database: Database) -> None:
    """
    A yes is a change like others, with its own line each.
    """
    guard, allowing = _guard(0, database, clock), Allowing(_counted(database, clock), clock)
    await _is_permitted(guard)
    await allowing.renew("openidm", ANNA)
    await allowing.grant("openidm", 3, timedelta(hours=1), ANNA)

    entries = await JournalTable(database, clock).entries(Choice())
    assert {("guard", "update", "anna", "shell", "openidm")} == {
        (it.object_class, it.change, it.actor, it.door, it.uid) for it in (each.opening for each in entries)
    }
    given = ["a new quota", f"3 until {clock.now() + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"]
    assert given == [json.loads(each.opening.intent)["deltas"][0]["replace"][0] for each in entries]


async def test_a_yes_to_nothing_is_a_mistake(clock: VirtualClock, database: Database) -> None:
    """
    A name that is misspelt, no count and a count for ever are told; nothing is changed, nothing journalled.
    """
    allowing = Allowing(_counted(database, clock), clock)
    with pytest.raises(InvalidInput, match="oktaa is not stopped"):
        await allowing.renew("oktaa", ANNA)
    with pytest.raises(InvalidInput, match="--count is one or more, not 0"):
        await allowing.grant("okta", 0, timedelta(hours=1), ANNA)
    with pytest.raises(InvalidInput, match="--for is 30 days at most"):
        await allowing.grant("okta", 1, timedelta(days=31), ANNA)
    assert ({}, []) == (await allowing.accounts(), await JournalTable(database, clock).entries(Choice()))


async def test_an_alert_that_went_nowhere_is_told_again(clock: VirtualClock, database: Database) -> None:
    """
    The stop holds without it; once somebody was told, nobody is told again. A process that dies between the two is
    the same case.
    """
    alerts = _Alerts(is_out_of_order=True)
    assert not await _is_permitted(_guard(0, database, clock, alerts))
    assert not await _is_permitted(_guard(0, database, clock, alerts))
    alerts.is_out_of_order = False
    assert [False] * 3 == [await _is_permitted(_guard(0, database, clock, alerts)) for _ in range(3)]
    assert 1 == len(alerts.told)


async def test_the_alert_stands_in_the_log(clock: VirtualClock, database: Database) -> None:
    """
    At the level of errors, by a name that rules can watch for.
    """
    with capture_logs() as lines:
        await _is_permitted(_guard(0, database, clock, LoggedAlerts()))
    (line,) = [each for each in lines if each["log_level"] == "error"]
    assert ("guard.client_stopped", "openidm", "rest", "webex") == tuple(
        line[name] for name in ("event", "client", "door", "system")
    )


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


async def test_whoever_stays_within_the_quota_is_never_stopped(clock: VirtualClock, database: Database) -> None:
    """
    A write counts for an hour, so that a steady pace goes on for ever.
    """
    guard = _guard(2, database, clock)
    for _ in range(6):
        assert await _is_permitted(guard)
        await clock.sleep(1800)


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


async def test_a_shut_guard_lets_nothing_through() -> None:
    """
    It refuses the first write already.
    """
    with pytest.raises(GuardRefused, match="only tried out"):
        await ShutGuard().permit(_delete())


class _Yesterday(VirtualClock):
    def now(self) -> datetime:
        return super().now() - timedelta(days=1)
