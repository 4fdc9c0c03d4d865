"""
`changes` against a simulated organisation.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from webex_connector.cli.exits import Exit
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]


def _rows(capsys: Capture) -> list[Any]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _now(run: Run, capsys: Capture, object_class: str = "account") -> str:
    assert Exit.OK == run("changes", object_class, "--now")
    return capsys.readouterr().out.strip()


def test_everything_is_told_without_a_token(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Each person is a line, with the person and the token after it.
    """
    assert Exit.OK == run("changes", "account", "--json")

    rows = _rows(capsys)
    assert sandbox.world.people_count == len(rows)
    assert all(row["object"]["_id"] == row["_id"] and row["token"] for row in rows)
    assert {"create or update"} == {row["change"] for row in rows}


def test_changes_since_a_token_are_told(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    A change and a deletion between two commands are told by the later one, and the token of the last line goes on.
    """
    token = _now(run, capsys)
    gone = next(person for _, person in sandbox.world.people() if not person.roles and person.email != SAMPLE)
    assert Exit.OK == run("update", "account", SAMPLE, "--set", "title=Lead")
    assert Exit.OK == run("delete", "account", gone.email, "--yes")
    capsys.readouterr()

    assert Exit.OK == run("changes", "account", "--since", token, "--json")

    rows = _rows(capsys)
    assert "delete" == rows[-1]["change"]
    assert ["Lead"] == [row["object"]["title"] for row in rows[:-1] if row["object"]["emails"] == [SAMPLE]]


def test_the_token_is_shown_beside_a_table(run: Run, capsys: Capture) -> None:
    """
    People see what changed, and how to go on.
    """
    assert Exit.OK == run("changes", "group")
    told = capsys.readouterr()
    assert "change\tname\t_id" == told.out.splitlines()[0]
    assert "To go on from here: --since " in told.err


def test_a_token_of_something_else_is_refused(run: Run, capsys: Capture) -> None:
    """
    It says what to do instead.
    """
    token = _now(run, capsys, "group")

    assert Exit.USAGE == run("changes", "account", "--since", token)

    assert "Start again: without a token" in capsys.readouterr().err
