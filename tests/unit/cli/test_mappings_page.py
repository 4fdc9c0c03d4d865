"""
The page of mappings: its files are right, and its commands give what it says.
"""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.app import ready
from webex_connector.app.openidm.filters import expression_of as expression_of_filter
from webex_connector.app.openidm.rewriting import OBJECTS, expression_of
from webex_connector.app.openidm.syntax import statements_of
from webex_connector.app.openidm.values import value_of
from webex_connector.cli.exits import Exit

Run = Callable[..., int]

PAGE = (Path(__file__).parents[3] / "docs" / "mappings.md").read_text("utf-8")
FILES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
ANSWERED = re.findall(r"^\$ webex-connector (sync try .*)\n([^$`\n].*)$", PAGE, re.MULTILINE)
READ_AS = re.findall(r"^\| `(.*?)` \| `(.*?)` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("text", FILES)
def test_its_files_are_right(text: str, run: Run, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    They are checked as anybody's sync file is.
    """
    with config.open("a") as settings:
        settings.write('[sync]\nfile = "sync.toml"\n')
    (config.parent / "sync.toml").write_text(text)
    (config.parent / "conf").mkdir()
    for name in ("sync.json", "mapping-x.json"):
        (config.parent / "conf" / name).write_text('{"mappings": []}')
    assert Exit(run("sync", "check")) is Exit.OK, capsys.readouterr().err


@pytest.mark.parametrize(("command", "answer"), ANSWERED)
def test_its_trials_give_what_it_says(command: str, answer: str, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Each command with the line under it.
    """
    assert Exit(run(*shlex.split(command))) is Exit.OK
    assert capsys.readouterr().out.strip() == answer


def test_scripts_are_read_as_it_says() -> None:
    """
    Each row of the table: what stands there, what it is here.
    """
    value = {**OBJECTS, "source": 'source["mail"]'}
    for there, here in READ_AS:
        if there.startswith("/"):
            assert expression_of_filter(there) == here
        else:
            variables = value if there == "[source]" else OBJECTS
            assert expression_of(value_of(statements_of(there)), variables) == here
    assert len(READ_AS) == 6


def test_it_names_every_ready_mapping() -> None:
    """
    None is left out.
    """
    assert set(re.findall(r"`((?:ping|okta|one-identity)-[a-z-]+)`", PAGE)) == set(ready.names())
    assert (len(FILES), len(ANSWERED)) == (2, 2)
