"""
The page about runs says what is so.
"""

import re
from pathlib import Path

from webex_connector.app.connectors import KINDS
from webex_connector.app.settings_file import load
from webex_connector.cli.commands import COMMANDS
from webex_connector.jobs.worker import Rhythm
from webex_connector.store.run_values import RunState

_PAGE = Path(__file__).parents[3] / "docs" / "runs.md"
_COMMAND = re.compile(r"webex-connector ((?:runs|schedules) \w+)")


def test_its_settings_are_settings(tmp_path: Path) -> None:
    """
    They are read without a mistake, and are the schedules of the table below them.
    """
    (text,) = re.findall(r"```toml\n(.*?)```", _PAGE.read_text(), re.DOTALL)
    file = tmp_path / "settings.toml"
    file.write_text(text)
    found = load(file, {"XDG_DATA_HOME": str(tmp_path)}, KINDS).schedules
    assert ["nightly", "often"] == list(found)
    assert f"{found['nightly'].timing}  " in _PAGE.read_text()


def test_its_commands_are_all_there_are() -> None:
    """
    Each command of the two groups is on the page, and no other.
    """
    known = {each.name for each in COMMANDS if each.name.startswith(("runs ", "schedules "))}
    assert known == set(_COMMAND.findall(_PAGE.read_text()))


def test_its_states_and_numbers_are_those_of_the_code() -> None:
    """
    Every state has its line; what it says in words is what a server goes by.
    """
    page, rhythm = _PAGE.read_text(), Rhythm()
    for state in RunState:
        assert f"`{state.value.replace('_', ' ')}`" in page
    assert (4, 10, 60, 5) == (rhythm.at_once, rhythm.stop_within, rhythm.dead_after, rhythm.most_attempts)
    for said in ("four at a time", "at most 10 seconds", "a minute after its last heartbeat", "five processes died"):
        assert said in page
