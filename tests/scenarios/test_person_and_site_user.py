"""
One person, two accounts: a file of people makes everybody an account in Control Hub and one on a classic site, and
retires both when they leave; against a simulated organisation with a site beside it.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fakes.site_doors import House, site_house
from fakes.sync_house import Watched
from webex_connector.app.syncing import Syncing, syncing
from webex_connector.base.clock import SystemClock
from webex_connector.store.plans import PlanState

# The store works in threads, which have no part in virtual time.
pytestmark = pytest.mark.real_time

CLOCK = SystemClock()
PLACE = Path(__file__).parents[2] / "docs" / "meetings-sites.md"
MAPPINGS = ("people", "site")
NORA, OTTO = "1,nora.vale@acme.example,nvale,Nora,Vale,", "2,otto.berg@acme.example,oberg,Otto,Berg,"


def sync_file() -> str:
    """
    Return the sync file that the page about sites shows.
    """
    return PLACE.read_text("utf-8").partition("# sync.toml\n")[2].partition("```")[0]


class Desk:
    """
    Somebody who has the file of people, plans and applies.
    """

    def __init__(self, house: House, engine: Syncing, folder: Path) -> None:
        self.house, self._syncing, self._folder = house, engine, folder

    def file(self, *rows: str) -> None:
        """
        Write the file.
        """
        (self._folder / "hr.csv").write_text("\n".join(["number,mail,login,first,last,status", *rows, ""]))

    async def synchronize(self) -> dict[str, str]:
        """
        Plan and apply both mappings; return the plans by their mappings.
        """
        return {mapping: await self._applied(mapping) for mapping in MAPPINGS}

    async def undo(self, plans: dict[str, str]) -> None:
        """
        Take plans back.
        """
        for mapping, plan in plans.items():
            await self._applied(mapping, plan)

    async def _applied(self, mapping: str, undone: str | None = None) -> str:
        engine = self._syncing.engine
        async with self._syncing.opened(mapping) as ends:
            plan = await (engine.plan(ends, "anna") if undone is None else engine.undo(undone, ends, "anna"))
            await engine.approve(plan.id, plan.fingerprint or "", "anna")
            applier = self._syncing.applier(ends)
            assert await applier.apply(plan.id, plan.fingerprint or "", Watched()) is PlanState.APPLIED
        return plan.id

    @property
    def there(self) -> dict[str, tuple[bool, bool]]:
        """
        Who has both accounts, and which of the two is enabled.
        """
        world, site = self.house.sandbox.world, self.house.site.world
        users = {user.email: user for user in site.users()}
        people = [person for _, person in world.people(0) if person.email in users]
        return {each.email.partition("@")[0]: (each.active, users[each.email].is_active) for each in people}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """
    A site and an organisation that have nobody in common, and a file without anybody.
    """
    (tmp_path / "sync.toml").write_text(sync_file())
    more = '\n[sync]\nfile = "sync.toml"\n'
    async with site_house(CLOCK, tmp_path, more=more) as house, syncing(house.systems, CLOCK, inline=True) as engine:
        yield Desk(house, engine, tmp_path)


async def test_both_accounts_come_and_go(desk: Desk) -> None:
    """
    Both are made, the site mails a password of its own that passes nobody here, and a second run changes nothing. Who
    leaves is disabled in both, which can be taken back; who comes back is enabled in both.
    """
    desk.file(f"{NORA}active", f"{OTTO}active")
    before = desk.there

    await desk.synchronize()

    both = {"nora.vale": (True, True), "otto.berg": (True, True)}
    assert {**before, **both} == desk.there
    mails = {each.to: each.password for each in desk.house.site.world.mails}
    assert desk.house.user("oberg").has_password(mails["otto.berg@acme.example"])
    assert desk.house.user("oberg").must_change
    writes = desk.house.site.world.writes, desk.house.sandbox.world.writes
    await desk.synchronize()
    assert writes == (desk.house.site.world.writes, desk.house.sandbox.world.writes)

    desk.file(f"{NORA}active", f"{OTTO}left")
    plans = await desk.synchronize()
    assert {**before, **both, "otto.berg": (False, False)} == desk.there
    await desk.undo(plans)
    assert {**before, **both} == desk.there
    await desk.synchronize()
    assert {**before, **both, "otto.berg": (False, False)} == desk.there

    desk.file(f"{NORA}active", f"{OTTO}active")
    await desk.synchronize()
    assert {**before, **both} == desk.there
