"""
What people want of the users of a classic site, through every door: inventory, provisioning, updates, enabling and
disabling, unlocking, new passwords. What counts is what the site holds afterwards.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from fakes.classic_site import PASSWORD
from fakes.site_doors import CommandLine, Door, House, remote_door, rest_door, scim_door, site_house
from webex_connector.base.clock import Clock, SystemClock
from webex_connector.icf.errors import InvalidCredential

# Commands run in threads, and the connector server on a socket.
pytestmark = [pytest.mark.real_time, pytest.mark.usefixtures("log_as_before")]

WHO, NEW, COMMANDS = "jdoe", "zoe1", "commands"
CLOCK = SystemClock()
DOORS: Mapping[str, Callable[[House, Clock], AbstractAsyncContextManager[Door]]] = {
    "rest": rest_door,
    "scim": scim_door,
    "remote": remote_door,
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """
    A site of twenty users.
    """
    async with site_house(CLOCK, tmp_path) as house:
        yield house


@pytest.fixture(params=[COMMANDS, *DOORS])
async def door(
    request: pytest.FixtureRequest,
    house: House,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Door]:
    """
    Each door in turn.
    """
    async with AsyncExitStack() as stack:
        if request.param == COMMANDS:
            yield CommandLine(house, capsys, monkeypatch)
        else:
            yield await stack.enter_async_context(DOORS[request.param](house, CLOCK))


async def test_inventory(house: House, door: Door) -> None:
    """
    Every user of the site is listed, once, and nothing is changed.
    """
    assert {each.web_ex_id for each in house.site.world.users()} == await door.inventory()
    assert 0 == house.site.world.writes


async def test_provisioning(house: House, door: Door) -> None:
    """
    A new user has everything that was given, may log in, and holds privileges and session types.
    """
    await door.provision()

    user = house.user(NEW)
    assert user.is_active
    assert user.has_password(PASSWORD)
    assert ("Zoë", "Nyberg", "zoe1@acme.example") == tuple(map(user.field, ("firstName", "lastName", "email")))
    assert ("Acme", "25", "EMEA") == tuple(map(user.field, ("company", "timeZoneID", "tracking/trackingCode1")))
    assert "5550100" in user.field("phones/phone")
    assert user.may("host")
    assert 214 in user.meeting_types


async def test_updates(house: House, door: Door) -> None:
    """
    What is to change changes, and nothing else.
    """
    before = house.user(WHO)

    await door.update(WHO, "Acme & Sons")

    after = house.user(WHO)
    assert "Acme & Sons" == after.field("company")
    assert replace(after, fields={**after.fields, "company": before.field("company")}) == replace(
        before, fields={**before.fields, "company": before.field("company")}
    )


async def test_enabling_and_disabling(house: House, door: Door) -> None:
    """
    A disabled user is inactive and stays; an enabled one is active again.
    """
    await door.enable(WHO, on=False)
    assert not house.user(WHO).is_active
    await door.enable(WHO, on=True)
    assert house.user(WHO).is_active


async def test_unlocking(house: House, door: Door) -> None:
    """
    Whoever was locked out may log in again, with the password they had.
    """
    house.site.world.put(replace(house.user(WHO), locked=True, failures=5))

    await door.unlock(WHO)

    assert not house.user(WHO).locked
    assert house.user(WHO).digest == b""


async def test_new_passwords(house: House, door: Door) -> None:
    """
    One that the site's rules refuse is refused with these rules and changes nothing; another one holds from then on,
    and must be changed at the next log-in.
    """
    before = house.user(WHO)

    told = await door.reset(WHO, "tiny")

    assert "at least 8 characters" in told
    assert before == house.user(WHO)
    assert "" == await door.reset(WHO, PASSWORD)
    assert house.user(WHO).has_password(PASSWORD)
    assert house.user(WHO).must_change


async def test_platforms_check_passwords(house: House) -> None:
    """
    By the connector server users log in with their own passwords, and a wrong one is refused.
    """
    async with remote_door(house, CLOCK) as door:
        assert await door.reset(WHO, PASSWORD) == ""
        house.site.world.put(replace(house.user(WHO), must_change=False))
        assert await door.authenticated(WHO, PASSWORD) == WHO
        with pytest.raises(InvalidCredential):
            await door.authenticated(WHO, "Wrong-S3cret")
