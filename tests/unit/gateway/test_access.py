"""
Who may call.
"""

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access
from webex_connector.gateway.admission import NotAdmitted, TooManyFailures
from webex_connector.gateway.failed_logins import FailureLimit
from webex_connector.gateway.rights import Client
from webex_connector.icf.options import Actor

IDA = Client("ida", Secret("right"))


async def test_nobody_is_admitted_without_clients(clock: VirtualClock) -> None:
    """
    An empty list of clients has no default behind it.
    """
    with pytest.raises(NotAdmitted):
        await Access([], _Still()).admit("openidm-admin", "openidm-admin", "192.0.2.1")


@pytest.mark.parametrize(
    ("name", "password"),
    [("ida", "wrong"), ("ida", ""), ("Ida", "right"), ("bob", "right"), ("", ""), ("mute", ""), ("blank", "")],
)
async def test_name_and_password_must_both_be_right(name: str, password: str) -> None:
    """
    A wrong name, a wrong password, and a client that has no password or an empty one are all refused alike.
    """
    access = Access([IDA, Client("mute", None), Client("blank", Secret(""))], _Still())
    with pytest.raises(NotAdmitted) as caught:
        await access.admit(name, password, "192.0.2.1")
    assert str(caught.value) == "Name and password fit no client"


async def test_a_client_is_admitted_and_signs_what_it_does() -> None:
    """
    The right password gives the client, which says as whom a door acts.
    """
    client = await Access([IDA], _Still()).admit("ida", "right", "192.0.2.1")
    assert client is IDA
    assert client.actor("idm") == Actor("ida", "idm")


async def test_a_token_admits_its_client() -> None:
    """
    The right token gives the client; another one, an empty one and a password do not.
    """
    robot = Client("robot", None, token=Secret("t0ken"))
    access = Access([IDA, robot, Client("blank", None, token=Secret(""))], _Still())
    assert await access.admit_token("t0ken", "192.0.2.1") is robot
    for wrong in ("T0ken", "", "right"):
        with pytest.raises(NotAdmitted, match="The token fits no client"):
            await access.admit_token(wrong, "192.0.2.1")
    with pytest.raises(NotAdmitted):
        await access.admit("robot", "t0ken", "192.0.2.1")


async def test_an_address_that_fails_too_often_waits(clock: VirtualClock) -> None:
    """
    After ten failures the address is refused whatever it says, until the first of them is a minute old; others go on.
    """
    access = Access([IDA], clock)
    for _ in range(10):
        with pytest.raises(NotAdmitted):
            await access.admit("ida", "wrong", "192.0.2.1")
        await clock.sleep(1)
    with pytest.raises(TooManyFailures) as caught:
        await access.admit("ida", "right", "192.0.2.1")
    assert caught.value.retry_after == 50
    assert await access.admit("ida", "right", "192.0.2.2") is IDA

    await clock.sleep(50)
    assert await access.admit("ida", "right", "192.0.2.1") is IDA


async def test_addresses_of_one_ipv6_network_are_counted_together(clock: VirtualClock) -> None:
    """
    A host may roam in its /64 network, so that is what is counted.
    """
    access = Access([IDA], clock, FailureLimit(failures=2))
    for host in ("2001:db8::1", "2001:db8::2"):
        with pytest.raises(NotAdmitted):
            await access.admit("ida", "wrong", host)
    with pytest.raises(TooManyFailures):
        await access.admit("ida", "right", "2001:db8::3")
    assert await access.admit("ida", "right", "2001:db8:0:1::1") is IDA


async def test_ipv4_callers_of_a_socket_for_both_families_are_told_apart(clock: VirtualClock) -> None:
    """
    One who fails does not lock the others out, and is the same caller in both forms of the address.
    """
    access = Access([IDA], clock, FailureLimit(failures=1))
    with pytest.raises(NotAdmitted):
        await access.admit("ida", "wrong", "::ffff:192.0.2.1")

    assert await access.admit("ida", "right", "::ffff:192.0.2.2") is IDA
    with pytest.raises(TooManyFailures):
        await access.admit("ida", "right", "192.0.2.1")


async def test_the_memory_of_failures_is_bounded(clock: VirtualClock) -> None:
    """
    Beyond the limit of addresses, the one that failed longest ago is forgotten.
    """
    access = Access([IDA], clock, FailureLimit(failures=1, addresses=2))
    for host in ("192.0.2.1", "192.0.2.2", "unix", "192.0.2.1"):
        with pytest.raises(NotAdmitted) as caught:
            await access.admit("ida", "wrong", host)
        assert not isinstance(caught.value, TooManyFailures)


class _Still(VirtualClock):
    def monotonic(self) -> float:
        return 0.0
