"""
Clients that will soon have nothing to show.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from fakes.virtual_time import VirtualClock
from webex_connector.gateway.endings import Endings
from webex_connector.gateway.enrolment import Enrolment
from webex_connector.gateway.rights import Client, Trusted
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.store.clients import By, ClientTable
from webex_connector.store.opening import Store, StorePlace, opened

ANNA = By("anna", "command line")
DAY = timedelta(days=1)


@pytest.fixture
def store() -> Iterator[Store]:
    """
    A store in memory.
    """
    found = opened(StorePlace())
    yield found
    found.close()


@pytest.fixture
def enrolment(store: Store, clock: VirtualClock) -> Enrolment:
    """
    Who may call can be changed here.
    """
    return Enrolment(ClientTable(store.database), clock, [], ["a"], ["tenant"])


async def test_who_ends_within_two_weeks_is_told(store: Store, enrolment: Enrolment, clock: VirtualClock) -> None:
    """
    Once a day, until there is something new to show; not who never ends, has ended, or was revoked.
    """
    for name, days in (("soon", 20), ("later", 90), ("brief", 1), ("gone", 3), ("ever", None)):
        await enrolment.add(Client(name), None if days is None else days * DAY, ANNA)
    await enrolment.add(Client("signed", trusted=Trusted("tenant", "s")), None, ANNA)
    await enrolment.revoke("gone", ANNA)
    await clock.sleep(5 * DAY.total_seconds())
    endings = Endings(ClientTable(store.database), clock)
    await endings.look()
    assert [] == endings.soon
    await clock.sleep(DAY.total_seconds())
    with capture_logs() as told:
        for _ in range(3):
            await endings.look()
    assert ["soon"] == endings.soon
    assert [("access.ends_soon", "soon", "2026-11-22 08:00 UTC")] == [
        (each["event"], each["client"], each["ends"]) for each in told
    ]
    await clock.sleep(DAY.total_seconds())
    with capture_logs() as told:
        await endings.look()
    assert 1 == len(told)
    await enrolment.rotate("soon", None, 90 * DAY, DAY, ANNA)
    await endings.look()
    assert [] == endings.soon


async def test_without_a_store_nobody_ends(store: Store, clock: VirtualClock) -> None:
    """
    Neither where there is none, nor where it does not answer: that is a warning of its own.
    """
    nobody = Endings(None, clock)
    await nobody.look()
    assert [] == list(nobody.soon)
    store.database.write_now(lambda link: link.exec_driver_sql("DROP TABLE clients"))
    with pytest.raises(ConnectionFailed):
        await Endings(ClientTable(store.database), clock).look()
