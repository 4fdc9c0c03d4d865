"""
Attributes that Webex cannot hold, in the house put together.
"""

from dataclasses import replace

from fakes.hub import OPTIONS
from fakes.virtual_time import VirtualClock
from webex_connector.app import wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import ServeSettings, Settings
from webex_connector.icf import names
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import equals
from webex_connector.sandbox.sandbox import Sandbox


async def _with_id(facade: Facade, external: str) -> list[str]:
    search = facade.search(names.GROUP, equals("group_external_id", external), OPTIONS)
    return [each.uid async for batch in search for each in batch]


async def test_they_are_the_systems_own_and_the_organisation_never_sees_them(clock: VirtualClock) -> None:
    """
    A group is made, shown and found with them; another system to the same organisation has none, nor has a dry run.
    """
    sandbox = Sandbox(people=2, clock=clock)
    async with sandbox.serving() as address:
        systems = {name: practice_system(name, address, sandbox.credentials) for name in ("webex", "other")}
        async with wiring.opened(Settings(ServeSettings(), 50, (), systems), clock) as opened:
            one, other = (opened[name].facade for name in ("webex", "other"))
            wanted = {"displayName": ("Field sales",), "group_external_id": ("7f3c",)}
            await one.create(names.GROUP, wanted, replace(OPTIONS, dry_run=True))
            made = await one.create(names.GROUP, wanted, OPTIONS)

            assert made.after is not None
            assert ("7f3c",) == made.after.values("group_external_id")
            assert [made.uid] == await _with_id(one, "7f3c")
            assert [] == await _with_id(other, "7f3c")
    assert "7f3c" not in repr(list(sandbox.world.groups.values()))
