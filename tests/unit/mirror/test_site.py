"""
Copies of the users of a classic site, which keeps whom it is told to delete.
"""

from fakes.beside import empty_database
from fakes.classic_site import running_site, site_facade
from fakes.hub import OPTIONS
from fakes.mirrors import Mirrors
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names


async def test_whom_a_site_keeps_is_no_absence(clock: VirtualClock) -> None:
    """
    A user whom the site deactivates is read again, and shown so; a second deletion changes nothing of that.
    """
    async with running_site(clock) as running:
        with empty_database() as database:
            mirrors = Mirrors(database, clock)
            facade = site_facade(running.site, running.address, clock, running.journal, {}, wrapped=mirrors)
            await mirrors.fill()
            for _ in range(2):
                await facade.delete(names.ACCOUNT, "jdoe", OPTIONS)
                found = await facade.get(names.ACCOUNT, "jdoe", OPTIONS)
                assert (False,) == found.values(names.ENABLE)
            await facade.aclose()
