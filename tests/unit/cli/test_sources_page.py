"""
The page of sources: its file is right, and names every kind.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.app.sync_sections.sources import KINDS
from webex_connector.cli.exits import Exit

Run = Callable[..., int]

PAGE = (Path(__file__).parents[3] / "docs" / "sources.md").read_text("utf-8")
WHOLE = "\n".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))


def test_its_file_is_right(
    run: Run, config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It is checked as anybody's sync file is, and its sources are listed as the page says.
    """
    with config.open("a") as settings:
        settings.write('[sync]\nfile = "sync.toml"\n')
    (config.parent / "sync.toml").write_text(WHOLE)
    monkeypatch.setenv("DIRECTORY_PASSWORD", "a-secret")
    monkeypatch.setenv("SCIM_TOKEN", "a-secret")
    monkeypatch.setenv("PAYROLL_URL", "postgresql://reader:a-secret@host/name")
    assert Exit(run("sync", "check")) is Exit.OK, capsys.readouterr().err
    capsys.readouterr()
    assert Exit(run("sync", "sources")) is Exit.OK
    told = capsys.readouterr().out
    assert told.count("by what is newer, and its keys") == 3
    assert told.count("by comparison") == 2
    assert told.count("by its own changes") == 1


def test_it_names_every_kind_and_every_command() -> None:
    """
    None is left out.
    """
    assert set(re.findall(r'^type = "([a-z_]+)"$', PAGE, re.MULTILINE)) == {each.NAME for each in KINDS}
    assert set(re.findall(r"^\$ webex-connector sync (\w+)", PAGE, re.MULTILINE)) == {"sources", "read"}
