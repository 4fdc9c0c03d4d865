"""
Sources from the command line: listed, and read.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from webex_connector.cli.exits import Exit

Run = Callable[..., int]

SYNC_FILE = """
[sources.hr]
type = "csv"
path = "hr.csv"
key = "number"

[sources.directory]
type = "ldap"
url = "ldaps://directory.example.com"
base = "dc=example,dc=com"
key = "entryUUID"
attributes = ["mail"]
changed = "modifyTimestamp"

[sources.ours]
type = "system"
system = "webex"

[mappings.people]
source = "hr"
target = "webex/__ACCOUNT__"
correlate = ["emails"]
attributes = { emails = "mail", displayName = "mail", lastName = "mail" }
"""


@pytest.fixture
def folder(config: Path) -> Path:
    """
    A folder with settings that name a sync file.
    """
    with config.open("a") as settings:
        settings.write('[sync]\nfile = "sync.toml"\n')
    (config.parent / "sync.toml").write_text(SYNC_FILE)
    (config.parent / "hr.csv").write_text("number,mail,initialPassword\n1,a@x,s3cret\n2,b@x,\n")
    return config.parent


@pytest.mark.usefixtures("folder")
def test_sources_are_listed(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """
    With who uses them, and how they are followed; none is asked.
    """
    assert Exit(run("sync", "sources")) is Exit.OK
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()[1:]]
    assert [tuple(map(str.strip, line)) for line in lines] == [
        ("hr", "csv", "people", "by comparison"),
        ("directory", "ldap", "", "by what is newer, and its keys"),
        ("ours", "system", "", "by its own changes"),
    ]


@pytest.mark.usefixtures("folder")
def test_a_source_is_read_and_shown(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """
    As many records as wanted, secrets masked; all of it is read, and it is told what there is.
    """
    assert Exit(run("sync", "read", "hr", "--limit", "1")) is Exit.OK
    out, err = capsys.readouterr()
    assert "a@x" in out
    assert "b@x" not in out
    assert "s3cret" not in out + err
    assert "2 records, read to the end; no key comes twice." in err
    assert "initialPassword: in 1 of them" in err


@pytest.mark.usefixtures("folder")
def test_a_system_is_read_as_any_source(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Here the very organisation that is written to.
    """
    assert Exit(run("sync", "read", "ours", "--json", "--limit", "2")) is Exit.OK
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 2
    assert all(row["attributes"]["emails"] for row in rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("number,mail\n1,a@x\n1,b@x\n", "the key 1 comes twice: "),
        ('number,mail\n1,"a@x', "as if its end were missing"),
        (None, "There is no source crm; there are: hr, directory, ours"),
    ],
)
def test_what_is_wrong_with_a_source_comes_to_light(
    run: Run, folder: Path, capsys: pytest.CaptureFixture[str], content: str | None, words: str
) -> None:
    """
    Even behind the records that are shown.
    """
    if content is not None:
        (folder / "hr.csv").write_text(content)
    assert Exit(run("sync", "read", "crm" if content is None else "hr", "--limit", "1")) is not Exit.OK
    assert words in capsys.readouterr().err
