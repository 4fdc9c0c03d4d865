"""
`guard list` and `guard allow`.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.cli.exits import Exit
from webex_connector.sandbox.sandbox import Sandbox

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def house(config: Path) -> Path:
    """
    The settings, with no room for any destructive write.
    """
    config.write_text(f"{config.read_text()}\n[safety]\ndestructive_per_hour = 0\n")
    return config


def _deletion(run: Run, capsys: Capture) -> tuple[int, str]:
    """
    Delete the last person there is, and return the exit code and what was said.
    """
    run("list", "account", "--fields", "emails", "--json")
    uid = json.loads(capsys.readouterr().out.splitlines()[-1])["_id"]
    return run("delete", "account", uid, "--yes"), capsys.readouterr().err


def _listed(run: Run, capsys: Capture) -> list[dict[str, object]]:
    run("guard", "list", "--json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_stopped_user_goes_on_after_a_yes(house: Path, run: Run, capsys: Capture, sandbox: Sandbox) -> None:
    """
    Nobody is deleted before it, one person after a yes to one, and nobody after that.
    """
    assert house.is_file()
    before = sandbox.world.people_count
    code, said = _deletion(run, capsys)
    assert Exit.OK != code
    assert "`webex-connector guard list` shows who was stopped" in said
    (row,) = _listed(run, capsys)
    assert ("webex by command line", None) == (row["at"], row["allowed"])
    assert before == sandbox.world.people_count

    assert Exit.OK == run("guard", "allow", str(row["client"]), "--count", "1", "--for", "30m")
    assert "may delete or disable 1 objects beyond its quota within 30m." in capsys.readouterr().err
    (row,) = _listed(run, capsys)
    assert (None, 1) == (row["stopped"], row["allowed"])
    assert [True, False] == [Exit.OK == _deletion(run, capsys)[0] for _ in range(2)]
    assert before - 1 == sandbox.world.people_count


def test_what_makes_no_sense_is_told(house: Path, run: Run, capsys: Capture) -> None:
    """
    A name that is not stopped, no span, a span without a count; and nobody is listed then.
    """
    assert house.is_file()
    for words, why in (
        (("okta",), "okta is not stopped; --count lets it do more than its quota beforehand"),
        (("okta", "--count", "5", "--for", "soon"), "--for: soon is no time; write 90d, 12h or 30m"),
        (("okta", "--for", "2h"), "--for says how long a --count is good"),
    ):
        assert Exit.OK != run("guard", "allow", *words)
        assert why in capsys.readouterr().err
    assert Exit.OK == run("guard", "list")
    assert "Nobody was stopped" in capsys.readouterr().err
