"""
The process is killed between any two requests of a write to a classic site; whoever asks again makes the site as if
nothing had been.
"""

from collections.abc import Awaitable, Callable, Mapping

import pytest
from msgspec.structs import replace

from fakes.classic_site import new_user, site_facade
from fakes.hub import OPTIONS
from fakes.mortal import Death, Gate, deaths, lived
from fakes.ports import MemoryJournal
from fakes.virtual_time import VirtualClock
from webex_connector.base.clock import Clock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, replaced
from webex_connector.icf.errors import AlreadyExists
from webex_connector.icf.facade import Facade
from webex_connector.icf.ports import Journal
from webex_connector.sandbox import server
from webex_connector.sandbox.sandbox import Sandbox

SITE, SAMPLE = "acme", "jdoe"
GIVEN_ONCE = {"webExId", names.PASSWORD}


async def create(facade: Facade) -> None:
    """
    Make a user; who is there already gets everything else it was to have.
    """
    try:
        await facade.create(names.ACCOUNT, new_user(), OPTIONS)
    except AlreadyExists as there:
        deltas = [replaced(name, *values) for name, values in new_user().items() if name not in GIVEN_ONCE]
        await facade.update(names.ACCOUNT, there.uid or "", deltas, OPTIONS)


async def update(facade: Facade) -> None:
    """
    Change several things of a user, one of them a set that is written whole.
    """
    deltas = [replaced("title", "Boss"), added("sessionTypes", "216"), added("privileges", "recordingEditor")]
    await facade.update(names.ACCOUNT, SAMPLE, [*deltas, AttributeDelta(names.ENABLE, replace=(False,))], OPTIONS)


async def delete(facade: Facade) -> None:
    """
    Deactivate a user.
    """
    await facade.delete(names.ACCOUNT, SAMPLE, OPTIONS)


def opening(sandbox: Sandbox, address: str, clock: Clock, journal: Journal) -> Facade:
    """
    Open the connector to the site.
    """
    return site_facade(sandbox.sites[SITE], address, clock, journal, {})


def picture(sandbox: Sandbox) -> list[tuple[str, str]]:
    """
    Return the users without what two runs may differ in: numbers and moments.
    """
    users = sandbox.sites[SITE].world.users()
    plain = (replace(each, user_id=0, registered=0, password_set=0, guid="", digest=b"", history=()) for each in users)
    return sorted((_without_number(each.fields), str(replace(each, fields={}))) for each in plain)


def _without_number(fields: Mapping[str, str]) -> str:
    return str(sorted((path, value) for path, value in fields.items() if path != "personalUrl"))


def gate(clock: VirtualClock) -> Gate:
    """
    Return a site of six users, behind a gate.
    """
    sandbox = Sandbox(people=3, clock=clock)
    sandbox.sites.open(SITE, users=6)
    return Gate(sandbox)


async def killed(
    work: Callable[[Facade], Awaitable[None]], again: Callable[[Facade], Awaitable[None]], clock: VirtualClock
) -> int:
    """
    Kill the work at every point, do it again each time, and return how often it was killed.

    Raises AssertionError when the site is then not that of undisturbed work, or the journal takes the first for ended.
    """
    calm = gate(clock)
    before = picture(calm.sandbox)
    async with server.serving(calm) as address:
        await lived(calm, address, clock, MemoryJournal(), work, opening=opening)
    wanted = picture(calm.sandbox)
    assert wanted != before
    points: list[Death] = list(deaths(calm.requests))
    for death in points:
        there, journal = gate(clock), MemoryJournal()
        async with server.serving(there) as address:
            await lived(there, address, clock, journal, work, death, opening=opening)
            assert there.dead, f"{death} did not come"
            assert any(entry.end is None for entry in journal.entries), f"killed at {death}, and taken for ended"
            await lived(there, address, clock, journal, again, opening=opening)
        assert wanted == picture(there.sandbox), f"killed at {death}, and not repaired"
    return len(points)


@pytest.mark.parametrize(("work", "requests"), [(create, 3), (update, 4), (delete, 3)])
async def test_a_killed_write_is_repaired_by_asking_again(
    work: Callable[[Facade], Awaitable[None]], requests: int, clock: VirtualClock
) -> None:
    """
    Before each request, after its effect, and before the journal knows the end: nobody is made twice or left half done.
    """
    assert await killed(work, work, clock) >= 2 * requests + 1


async def test_the_trial_complains_when_nobody_asks_again(clock: VirtualClock) -> None:
    """
    Killed before its write and not repaired, the site is another one.
    """

    async def look(facade: Facade) -> None:
        await facade.get(names.ACCOUNT, SAMPLE, OPTIONS)

    with pytest.raises(AssertionError, match="not repaired"):
        await killed(update, look, clock)
