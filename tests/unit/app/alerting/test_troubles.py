"""
That Webex refuses a system's access, or a mirror stays behind, is told once for each time it happens.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from fakes.recon_house import Heard
from fakes.virtual_time import VirtualClock
from webex_connector.app import mirrors, wiring
from webex_connector.app.alerting.troubles import BEHIND, REFUSED, Troubles
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import AlertSettings, MirrorSettings, ServeSettings, Settings
from webex_connector.app.systems import Systems
from webex_connector.icf import names
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.sandbox import Sandbox

FIVE_MINUTES = 300.0


@dataclass(frozen=True, slots=True)
class House:
    """
    A simulated organisation, connected twice: `plain`, and `copied` with a mirror of its people.
    """

    sandbox: Sandbox
    systems: Systems
    heard: Heard
    troubles: Troubles

    @property
    def told(self) -> list[tuple[str, str]]:
        """
        The alerts so far: event and system.
        """
        return [(each.event, each.facts["system"]) for each in self.heard.alerts]


@asynccontextmanager
async def _house(clock: VirtualClock, settings: AlertSettings | None = None) -> AsyncIterator[House]:
    sandbox = Sandbox(people=5, clock=clock)
    async with sandbox.serving() as address:
        plain, copied = (practice_system(name, address, sandbox.credentials) for name in ("plain", "copied"))
        both = {"plain": plain, "copied": replace(copied, mirror=MirrorSettings((names.ACCOUNT,)))}
        async with wiring.opened(Settings(ServeSettings(), 50, (), both), clock) as systems:
            heard = Heard()
            troubles = Troubles(systems, systems.mirrors, heard, settings or AlertSettings(), clock)
            yield House(sandbox, systems, heard, troubles)


async def test_a_dead_token_is_told_once_until_it_lives_again(clock: VirtualClock) -> None:
    """
    Of each system, when Webex says so, not when it is merely out of reach; with what to do about it.
    """
    async with _house(clock) as house:
        watching = asyncio.create_task(house.troubles.watched())
        await clock.sleep(FIVE_MINUTES + 60)
        assert (house.told, house.troubles.refused) == ([], set())
        house.sandbox.faults.add(Fault(Fail(503), times=1000, must_fire=1))
        await clock.sleep(FIVE_MINUTES + 60)
        house.sandbox.faults.clear()
        assert house.told == []
        refused = [(REFUSED, "copied"), (REFUSED, "plain")]
        for times in (1, 2):
            house.sandbox.faults.add(Fault(Fail(401), times=1000, must_fire=1))
            await clock.sleep(4 * FIVE_MINUTES)
            assert sorted(house.told) == sorted(refused * times)
            assert house.troubles.refused == {"plain", "copied"}
            house.sandbox.faults.clear()
            await clock.sleep(2 * FIVE_MINUTES)
            assert house.troubles.refused == set()
        told = next(each.text for each in house.heard.alerts if each.facts["system"] == "plain")
        assert "webex-connector connect plain" in told
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_a_look_costs_a_request_for_each_system(clock: VirtualClock) -> None:
    """
    And is left out where the settings say so.
    """
    async with _house(clock) as house:
        await house.troubles.look()
        house.sandbox.trace.clear()
        await house.troubles.look()
        assert [each.template for each in house.sandbox.trace.requests()] == ["/people", "/people"]
        house.sandbox.trace.clear()
    async with _house(clock, AlertSettings(check_every=timedelta())) as house:
        await house.troubles.watched()
        assert [each.template for each in house.sandbox.trace.requests()] == []


async def test_a_mirror_that_stays_behind_is_told_once(clock: VirtualClock) -> None:
    """
    One refresh that fails is nobody's trouble, three intervals of them are. A first reading that fails is one at once.
    """
    async with _house(clock) as house:
        following = asyncio.create_task(mirrors.follow(house.systems.mirrors, clock))
        house.sandbox.faults.add(Fault(Fail(503), times=1000, must_fire=1))
        await clock.sleep(30)
        await house.troubles.look()
        assert [(BEHIND, "copied")] == house.told
        assert "__ACCOUNT__ was never read" in house.heard.alerts[0].text
        house.sandbox.faults.clear()
        await clock.sleep(2 * FIVE_MINUTES)
        await house.troubles.look()
        assert house.troubles.behind == set()

        house.sandbox.faults.add(Fault(Fail(503), times=1000, must_fire=1))
        await clock.sleep(1.5 * FIVE_MINUTES)
        await house.troubles.look()
        assert 1 == len(house.told)
        await clock.sleep(3 * FIVE_MINUTES)
        for _ in range(3):
            await house.troubles.look()
        assert [(BEHIND, "copied")] * 2 == house.told
        assert "__ACCOUNT__ is of 2026-" in house.heard.alerts[1].text
        assert house.troubles.behind == {"copied"}
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def test_a_server_that_does_not_refresh_at_all_is_behind(clock: VirtualClock) -> None:
    """
    Nothing failed, nothing was tried either.
    """
    async with _house(clock) as house:
        assert await house.systems.mirrors["copied"].refreshers[names.ACCOUNT].refresh()
        await clock.sleep(2 * FIVE_MINUTES)
        await house.troubles.look()
        assert house.told == []
        await clock.sleep(2 * FIVE_MINUTES)
        await house.troubles.look()
        assert [(BEHIND, "copied")] == house.told
