"""
The page about classic sites: its commands run in their order, against a simulated site.
"""

import asyncio
import shlex
from pathlib import Path

import pytest

from fakes.site_doors import site_house
from webex_connector.base.clock import SystemClock
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main

# Each command has an event loop of its own, in a thread.
pytestmark = [pytest.mark.real_time, pytest.mark.usefixtures("log_as_before")]

PAGE = Path(__file__).parents[2] / "docs" / "meetings-sites.md"
PROMPT = "$ webex-connector "


async def test_the_commands_of_the_page_do_what_they_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    All of them succeed; in the end the new user is active, and has a password that the site has mailed.
    """
    lines = [line.removeprefix(PROMPT) for line in PAGE.read_text("utf-8").splitlines() if line.startswith(PROMPT)]
    assert len(lines) > 8
    async with site_house(SystemClock(), tmp_path) as house:
        for line in lines:
            end = await asyncio.to_thread(main, [*shlex.split(line), "--config", str(house.config)])
            assert Exit.OK == end, (line, capsys.readouterr().err)
        user = house.user("nvale")

        assert user.is_active
        assert "Acme" == user.field("company")
        assert user.may("recordingEditor")
        assert user.has_password(house.site.world.mails[-1].password)
