"""
The names of licences and roles.
"""

from fakes.hub import OPTIONS, asked, running_hub
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.display_names import KEPT, KEPT_NOTHING, DisplayNames
from webex_connector.sandbox.faults import Fail, Fault


async def test_names_are_read_once_in_a_while(clock: Clock) -> None:
    """
    One request for ten minutes, however many ask.
    """
    async with running_hub(clock, people=2) as hub:
        names = DisplayNames(hub.facade, clock)
        first = await names.of("ROLES", OPTIONS)
        await clock.sleep(KEPT - 1)
        assert await names.of("ROLES", OPTIONS) is first
        assert first.whole
        assert asked(hub) == ["GET /roles"]
        await clock.sleep(1)
        assert (await names.of("ROLES", OPTIONS)).names == first.names
        assert asked(hub) == ["GET /roles"] * 2


async def test_a_name_in_any_case_stands_for_its_ids(clock: Clock) -> None:
    """
    All that have it.
    """
    async with running_hub(clock, people=2) as hub:
        catalogue = await DisplayNames(hub.facade, clock).of("ROLES", OPTIONS)
        uid, name = next(iter(catalogue.names.items()))
        assert catalogue.ids_of(name.upper()) == [uid]
        assert catalogue.ids_of("nothing") == []


async def test_without_an_answer_the_names_before_go_on(clock: Clock) -> None:
    """
    Nobody is hidden because a name is unknown; after a minute it is tried again.
    """
    async with running_hub(clock, people=2) as hub:
        names = DisplayNames(hub.facade, clock)
        hub.sandbox.faults.add(Fault(Fail(503), to="GET /roles", times=100))
        nothing = await names.of("ROLES", OPTIONS)
        assert ({}, False) == (nothing.names, nothing.whole)
        hub.sandbox.faults.clear()
        await clock.sleep(KEPT_NOTHING)
        known = await names.of("ROLES", OPTIONS)
        assert known.whole
        await clock.sleep(KEPT)
        hub.sandbox.faults.add(Fault(Fail(503), to="GET /roles", times=100))
        later = await names.of("ROLES", OPTIONS)
        assert (known.names, False) == (later.names, later.whole)
