"""
Who may call.
"""

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.gateway.access import Access, Client, FailureLimit, NotAdmitted, TooManyFailures
from webex_connector.icf.options import Actor

IDA = Client("ida", Secret("right"))


def test_nobody_is_admitted_without_clients(clock: VirtualClock) -> None:
    """
    An empty list of clients has no default behind it.
    """
    with pytest.raises(NotAdmitted):
        Access([], _Still()).admit("openidm-admin", "openidm-admin", "192.0.2.1")


@pytest.mark.parametrize(
    ("name", "password"),
    [("ida", "wrong"), ("ida", ""), ("Ida", "right"), ("bob", "right"), ("", ""), ("mute", ""), ("blank", "")],
)
def test_name_and_password_must_both_be_right(name: str, password: str) -> None:
    """
    A wrong name, a wrong password, and a client that has no password or an empty one are all refused alike.
    """
    access = Access([IDA, Client("mute", None), Client("blank", Secret(""))], _Still())
    with pytest.raises(NotAdmitted) as caught:
        access.admit(name, password, "192.0.2.1")
    assert str(caught.value) == "Name and password fit no client"


def test_a_client_is_admitted_and_signs_what_it_does() -> None:
    """
    The right password gives the client, which says as whom a door acts.
    """
    client = Access([IDA], _Still()).admit("ida", "right", "192.0.2.1")
    assert client is IDA
    assert client.actor("idm") == Actor("ida", "idm")


def test_a_token_admits_its_client() -> None:
    """
    The right token gives the client; another one, an empty one and a password do not.
    """
    robot = Client("robot", None, token=Secret("t0ken"))
    access = Access([IDA, robot, Client("blank", None, token=Secret(""))], _Still())
    assert access.admit_token("t0ken", "192.0.2.1") is robot
    for wrong in ("T0ken", "", "right"):
        with pytest.raises(NotAdmitted, match="The token fits no client"):
            access.admit_token(wrong, "192.0.2.1")
    with pytest.raises(NotAdmitted):
        access.admit("robot", "t0ken", "192.0.2.1")


def test_configuring_takes_every_right() -> None:
    """
    Only a client that may write to all systems may try configurations.
    """
    assert IDA.may_configure
    assert not Client("bob", None, frozenset({"a"})).may_configure
    assert not Client("bob", None, read_only=True).may_configure


def test_a_client_may_use_all_systems_or_those_named() -> None:
    """
    Without a list of systems there is no restriction; with one, what is not in it is forbidden.
    """
    assert IDA.may_use("webex")
    assert Client("bob", None, frozenset({"a"})).may_use("a")
    assert not Client("bob", None, frozenset({"a"})).may_use("b")
    assert not Client("bob", None, frozenset()).may_use("a")


async def test_an_address_that_fails_too_often_waits(clock: VirtualClock) -> None:
    """
    After ten failures the address is refused whatever it says, until the first of them is a minute old; others go on.
    """
    access = Access([IDA], clock)
    for _ in range(10):
        with pytest.raises(NotAdmitted):
            access.admit("ida", "wrong", "192.0.2.1")
        await clock.sleep(1)
    with pytest.raises(TooManyFailures) as caught:
        access.admit("ida", "right", "192.0.2.1")
    assert caught.value.retry_after == 50
    assert access.admit("ida", "right", "192.0.2.2") is IDA

    await clock.sleep(50)
    assert access.admit("ida", "right", "192.0.2.1") is IDA


async def test_addresses_of_one_ipv6_network_are_counted_together(clock: VirtualClock) -> None:
    """
    A host may roam in its /64 network, so that is what is counted.
    """
    access = Access([IDA], clock, FailureLimit(failures=2))
    for host in ("2001:db8::1", "2001:db8::2"):
        with pytest.raises(NotAdmitted):
            access.admit("ida", "wrong", host)
    with pytest.raises(TooManyFailures):
        access.admit("ida", "right", "2001:db8::3")
    assert access.admit("ida", "right", "2001:db8:0:1::1") is IDA


async def test_ipv4_callers_of_a_socket_for_both_families_are_told_apart(clock: VirtualClock) -> None:
    """
    One who fails does not lock the others out, and is the same caller in both forms of the address.
    """
    access = Access([IDA], clock, FailureLimit(failures=1))
    with pytest.raises(NotAdmitted):
        access.admit("ida", "wrong", "::ffff:192.0.2.1")

    assert access.admit("ida", "right", "::ffff:192.0.2.2") is IDA
    with pytest.raises(TooManyFailures):
        access.admit("ida", "right", "192.0.2.1")


async def test_the_memory_of_failures_is_bounded(clock: VirtualClock) -> None:
    """
    Beyond the limit of addresses, the one that failed longest ago is forgotten.
    """
    access = Access([IDA], clock, FailureLimit(failures=1, addresses=2))
    for host in ("192.0.2.1", "192.0.2.2", "unix", "192.0.2.1"):
        with pytest.raises(NotAdmitted) as caught:
            access.admit("ida", "wrong", host)
        assert not isinstance(caught.value, TooManyFailures)


class _Still(VirtualClock):
    def monotonic(self) -> float:
        return 0.0
