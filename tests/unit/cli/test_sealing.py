"""
`seal` from the command line.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.cli.exits import Exit

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]
SAMPLE = Path(__file__).parents[2] / "samples" / "provisioner" / "provisioner.openicf-webex.json"


def test_a_file_is_sealed_and_named(run: Run, capsys: Capture, tmp_path: Path) -> None:
    """
    What was sealed is printed, what was left is told, and no secret is on the screen.
    """
    file = tmp_path / "provisioner.openicf-webex.json"
    file.write_text(SAMPLE.read_text("utf-8"), "utf-8")
    assert Exit.OK == run("seal", str(file))
    said = capsys.readouterr()
    assert said.out == "Sealed: clientSecret\n"
    assert said.err == "Left as they are, since they are no plain text: refreshToken\n"
    assert "plain-client-secret" not in file.read_text("utf-8")

    assert Exit.OK == run("seal", str(file), "--json")
    assert json.loads(capsys.readouterr().out) == {"sealed": [], "left": ["clientSecret", "refreshToken"]}


def test_a_file_that_is_none_is_one_message(run: Run, capsys: Capture, tmp_path: Path) -> None:
    """
    Without a file the exit code is that of a wrong configuration.
    """
    file = tmp_path / "none.json"
    assert Exit.SETUP == run("seal", str(file))
    assert f"{file}: cannot be read: No such file or directory" in capsys.readouterr().err
