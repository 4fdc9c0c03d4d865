"""
Alerts by HTTP: signed, tried again, one for a storm.
"""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from fakes.mail_server import Hook, hook
from fakes.virtual_time import VirtualClock
from webex_connector.app.alerting.told import PAUSES, ToldAlerts
from webex_connector.app.alerting.way import NotDelivered
from webex_connector.app.alerting.webhook import Webhook
from webex_connector.app.alerts import Alert
from webex_connector.base.secret import Secret
from webex_connector.store.leases import Leases
from webex_connector.store.opening import Store

STOPPED = Alert("sync.stopped", "It is stopped", {"mapping": "people", "run": "r1"})


def _told(made: Hook, store: Store, clock: VirtualClock) -> ToldAlerts:
    webhook = Webhook(Secret(made.address), Secret("s3cret"))
    return ToldAlerts([webhook], Leases(store.database, clock), clock, timedelta(hours=1))


async def test_a_post_says_who_sent_it_and_when(clock: VirtualClock) -> None:
    """
    The receiver can check the signature with the secret, and nothing else.
    """
    async with hook(Hook()) as made:
        await Webhook(Secret(made.address), Secret("s3cret")).send(STOPPED, clock.now())
    ((headers, body),) = made.posts
    said = {"event": "sync.stopped", "text": "It is stopped", "facts": dict(STOPPED.facts)}
    assert {**said, "at": clock.now().isoformat()} == json.loads(body)
    signed = headers["x-webex-connector-timestamp"].encode() + b"." + body
    assert f"sha256={hmac.new(b's3cret', signed, hashlib.sha256).hexdigest()}" == headers["x-webex-connector-signature"]
    assert str(int(clock.now().timestamp())) == headers["x-webex-connector-timestamp"]


async def test_without_a_secret_nothing_is_signed(clock: VirtualClock) -> None:
    """
    A receiver that knows us by its address alone needs none.
    """
    async with hook(Hook()) as made:
        await Webhook(Secret(made.address), None).send(STOPPED, clock.now())
    assert "x-webex-connector-signature" not in made.posts[0][0]


@pytest.mark.parametrize(("status", "lasting"), [(500, False), (429, False), (404, True), (302, True)])
async def test_what_is_not_taken_is_told(clock: VirtualClock, status: int, *, lasting: bool) -> None:
    """
    And whether another attempt may help.
    """
    async with hook(Hook([status])) as made:
        with pytest.raises(NotDelivered, match=f"the answer is {status}") as found:
            await Webhook(Secret(made.address), None).send(STOPPED, clock.now())
    assert lasting is found.value.lasting


async def test_nobody_there_is_told_without_the_address(clock: VirtualClock) -> None:
    """
    Whoever knows the address may be able to post there, so the log does not.
    """
    async with hook(Hook()) as made:
        address = made.address
    with pytest.raises(NotDelivered) as found:
        await Webhook(Secret(address), None).send(STOPPED, clock.now())
    assert "127.0.0.1" not in str(found.value)


async def test_a_storm_is_told_once(store: Store, clock: VirtualClock) -> None:
    """
    The same of the same, whatever the run; another mapping is told; and after the quiet time it is told again.
    """
    async with hook(Hook()) as made:
        for number in range(50):
            # As two processes would.
            alerts = _told(made, store, clock)
            await alerts.tell(Alert("sync.stopped", "It is stopped", {"mapping": "people", "run": f"r{number}"}))
            await alerts.aclose()
        assert 1 == len(made.posts)
        alerts = _told(made, store, clock)
        await alerts.tell(Alert("sync.stopped", "It is stopped", {"mapping": "groups"}))
        await alerts.aclose()
        assert 2 == len(made.posts)
        await clock.sleep(3601)
        await alerts.tell(STOPPED)
        await alerts.aclose()
    assert 3 == len(made.posts)


async def test_it_is_tried_again_and_arrives_once(store: Store, clock: VirtualClock) -> None:
    """
    With pauses that grow; then there is no more to do.
    """
    async with hook(Hook([503, 503, 204])) as made:
        alerts, began = _told(made, store, clock), clock.monotonic()
        await alerts.tell(STOPPED)
        await alerts.aclose()
        assert 3 == len(made.posts)
        assert clock.monotonic() - began >= sum(PAUSES[:2])


async def test_what_never_arrives_keeps_nobody_silent(store: Store, clock: VirtualClock) -> None:
    """
    Given up, the next one of its kind is tried anew.
    """
    async with hook(Hook([404, 204])) as made:
        alerts = _told(made, store, clock)
        for _ in range(2):
            await alerts.tell(STOPPED)
            await alerts.aclose()
    assert 2 == len(made.posts)


async def test_an_end_waits_only_so_long(store: Store, clock: VirtualClock) -> None:
    """
    A receiver that is down keeps no process from ending.
    """
    async with hook(Hook([503])) as made:
        alerts, began = _told(made, store, clock), clock.monotonic()
        await alerts.tell(STOPPED)
        await alerts.aclose()
    assert clock.monotonic() - began < 60
