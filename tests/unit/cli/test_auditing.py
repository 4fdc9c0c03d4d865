"""
The journal as a file, and people who are forgotten, from the command line.
"""

import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.app.audit import COLUMNS
from webex_connector.cli.exits import Exit
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.store.opening import DATABASE_FILE

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]


def test_the_journal_goes_to_a_file_of_json_lines(run: Run, tmp_path: Path) -> None:
    """
    Each write is a line, with values before and after; the owner alone can read it.
    """
    file = tmp_path / "journal.jsonl"
    run("update", "account", SAMPLE, "--set", "title=Lead")
    run("create", "account", "--set", f"emails={SAMPLE}", "--set", "displayName=Twin")
    assert Exit.OK == run("audit", "export", str(file))
    done, failed = [json.loads(line) for line in file.read_text().splitlines()]
    assert COLUMNS == tuple(done)
    assert ("update", "done", ["Lead"]) == (done["change"], done["outcome"], done["after"]["attributes"]["title"])
    assert ("create", "failed", True) == (failed["change"], failed["outcome"], bool(failed["trackingId"]))
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_the_journal_goes_to_a_file_of_cells(run: Run, tmp_path: Path) -> None:
    """
    A spreadsheet can read it, and takes nothing in it for a formula.
    """
    file = tmp_path / "journal.csv"
    run("update", "account", SAMPLE, "--set", "title=Lead")
    assert Exit.OK == run("audit", "export", str(file), "--since", "2020-01-01")
    names, row = csv.reader(file.read_bytes().decode().splitlines())
    found = dict(zip(names, row, strict=True))
    assert COLUMNS == tuple(names)
    assert ("update", "") == (found["change"], found["error"])
    assert {"deltas": [{"name": "title", "replace": ["Lead"]}]} == json.loads(found["intent"])


@pytest.mark.parametrize("words", [("--until", "2020-01-01"), ("--actor", "nobody"), ("--system", "other")])
def test_a_choice_that_fits_nothing_is_an_empty_file(run: Run, tmp_path: Path, words: tuple[str, str]) -> None:
    """
    By moment, client and system.
    """
    file = tmp_path / "journal.jsonl"
    run("update", "account", SAMPLE, "--set", "title=Lead")
    assert Exit.OK == run("audit", "export", str(file), *words)
    assert b"" == file.read_bytes()


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("journal.xlsx", (), "ends in .jsonl or .csv"),
        ("there.csv", (), "is there already"),
        ("journal.csv", ("--since", "soon"), "--since: soon is no moment"),
        ("no/such/folder.csv", (), "Cannot write"),
    ],
)
def test_what_cannot_be_written_is_told(
    run: Run, capsys: Capture, tmp_path: Path, name: str, words: tuple[str, ...], says: str
) -> None:
    """
    And a file that is there stays as it is.
    """
    (tmp_path / "there.csv").write_text("mine")
    assert Exit.USAGE == run("audit", "export", str(tmp_path / name), *words)
    assert says in capsys.readouterr().err
    assert "mine" == (tmp_path / "there.csv").read_text()


def test_a_person_is_forgotten(run: Run, capsys: Capture, config: Path) -> None:
    """
    First only the names are told; with --yes nothing of them is left in the database's file; the fact is.
    """
    run("create", "account", "--set", "emails=zora@acme.example", "--set", "displayName=Zora Quill")
    capsys.readouterr()
    file = config.parent / f"{config.name}.data" / DATABASE_FILE
    assert Exit.OK == run("audit", "forget", "ZORA@acme.example")
    told = capsys.readouterr()
    assert "zora@acme.example" in told.out.splitlines()
    assert "Nothing was changed" in told.err
    assert b"Zora Quill" in _raw(file)
    assert Exit.OK == run("audit", "forget", "zora@acme.example", "--yes", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (True, 1) == (found["forgotten"], found["rows"]["journal"])
    for each in (b"Zora", b"zora@acme.example"):
        assert each not in _raw(file)
    assert Exit.OK == run("journal", "--json")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [("create", None, {"forgotten": True}), ("forget", None, {"forgotten": True})] == [
        (each["change"], each["uid"], each["intent"]) for each in rows
    ]


def _raw(file: Path) -> bytes:
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
