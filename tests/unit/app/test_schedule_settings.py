"""
`[schedules.<name>]`: which runs begin by themselves.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from webex_connector.app.connectors import KINDS
from webex_connector.app.mistakes import SettingsMistakes
from webex_connector.app.settings import Settings
from webex_connector.app.settings_file import load
from webex_connector.jobs.schedules import Missed, Schedule
from webex_connector.jobs.timing import Cron, Every


def _read(folder: Path, text: str) -> Settings:
    file = folder / "settings.toml"
    file.write_text(text)
    return load(file, {"XDG_DATA_HOME": str(folder)}, KINDS)


def test_by_cron_and_by_a_span(tmp_path: Path) -> None:
    """
    With what they are about, and what becomes of times at which nobody was there.
    """
    found = _read(
        tmp_path,
        """
[schedules.nightly]
run = "recon"
arguments = { mapping = "people" }
cron = "0 2 * * 1-5"
zone = "Europe/Oslo"
missed = "skip"
[schedules.often]
run = "recon"
every = 900
""",
    ).schedules
    cron = Cron("0 2 * * 1-5", "Europe/Oslo")
    assert Schedule("nightly", "recon", {"mapping": "people"}, cron, Missed.SKIP) == found["nightly"]
    assert Schedule("often", "recon", {}, Every(timedelta(minutes=15)), Missed.ONCE) == found["often"]


def test_without_any_nothing_begins_by_itself(tmp_path: Path) -> None:
    """
    As it always was.
    """
    assert {} == _read(tmp_path, "[serve]\nport = 0\n").schedules


def test_what_does_not_fit_is_told_all_at_once(tmp_path: Path) -> None:
    """
    Each with its line, before anything would be due.
    """
    with pytest.raises(SettingsMistakes) as caught:
        _read(
            tmp_path,
            """
[schedules.a]
run = "recon"
cron = "0 2 * *"
[schedules.b]
run = "recon"
cron = "0 2 * * *"
zone = "Europa/Oslo"
[schedules.c]
run = "recon"
cron = "0 2 * * *"
every = 60
[schedules.d]
every = 60
[schedules.e]
run = "recon"
every = 0
[schedules.f]
run = "recon"
every = 60
missed = "twice"
""",
        )
    told = [(each.line, each.problem) for each in caught.value.mistakes]
    assert [4, 8, 9, 13, 17, 21] == [line for line, _ in told]
    assert "Wrong number of fields" in told[0][1]
    assert "There is no time zone Europa/Oslo" in told[1][1]
    assert ["needs cron or every, one of them", "is required"] == [told[2][1], told[3][1]]
    assert "at least one second" in told[4][1]
    assert "must be one of: once, skip" == told[5][1]
