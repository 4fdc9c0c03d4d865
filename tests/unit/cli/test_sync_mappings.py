"""
The sync file from the command line: checked, tried, begun with a ready mapping; and what people decide.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.sandbox.sandbox import Sandbox

Run = Callable[..., int]

SYNC_FILE = """
[sources.hr]
type = "json_lines"
path = "hr.jsonl"
key = "number"

[openidm]
files = ["sync.json"]
sources = { "managed/user" = "hr" }

[mappings.people]
source = "hr"
target = "webex/__ACCOUNT__"
correlate = ["displayName"]
attributes = { emails = "mail", displayName = "name", lastName = { expression = 'upper(source["sn"])' } }
"""
SYNC_JSON = {
    "mappings": [
        {
            "name": "theirs",
            "source": "managed/user",
            "target": "system/webex/account",
            "taskThreads": 3,
            "properties": [
                {"source": "mail", "target": "emails", "transform": {"type": "text/javascript", "source": "[source]"}},
                {"source": "name", "target": "displayName"},
            ],
        }
    ]
}


@pytest.fixture
def folder(config: Path) -> Path:
    """
    A folder with settings that name a sync file, and a source with one record.
    """
    with config.open("a") as settings:
        settings.write('[sync]\nfile = "sync.toml"\n')
    (config.parent / "sync.toml").write_text(SYNC_FILE)
    (config.parent / "sync.json").write_text(json.dumps(SYNC_JSON, indent=1))
    record = {"number": "7", "mail": "anna@acme.example", "name": "Anna Lee", "sn": "Lee"}
    (config.parent / "hr.jsonl").write_text(json.dumps(record) + "\n")
    return config.parent


def test_the_sync_file_is_checked(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The mappings are listed, and it is told how those of OpenIDM were read.
    """
    code = run("sync", "check")
    out, err = capsys.readouterr()
    assert Exit(code) is Exit.OK
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["people", "theirs"]
    assert (
        f'{folder}/sync.json:12: mappings.0.properties.0.transform is a script, read as: listed(source["mail"])' in err
    )
    assert "mappings.0.taskThreads has no effect" in err
    assert "nothing is wrong" in err


@pytest.mark.usefixtures("folder")
def test_a_mapping_of_openidm_is_planned_as_any_other(
    run: Run, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Its script gives the address; nothing is written by the plan.
    """
    before = sandbox.world.writes
    assert Exit(run("sync", "plan", "theirs")) is Exit.OK
    told = capsys.readouterr().out
    assert "anna@acme.example" in told
    assert sandbox.world.writes == before


def test_everything_wrong_in_the_sync_file_is_told(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Of the file itself, its expressions, and the files of OpenIDM.
    """
    (folder / "sync.toml").write_text(SYNC_FILE.replace("upper(source", "uper(source").replace("displayName =", "x ="))
    (folder / "sync.json").write_text(json.dumps(SYNC_JSON).replace("[source]", "openidm.read(source)"))
    assert Exit(run("sync", "check")) is not Exit.OK
    told = capsys.readouterr().err
    for part in ("uper used when not defined", "has no attribute x", "`openidm` is not there"):
        assert part in told


TRIED: list[tuple[tuple[str, ...], Any]] = [
    (("upper(source['sn'])", "--record", "7"), "LEE"),
    (("source.get('none')", "--record", "7", "--source", "hr"), None),
    (("join('+', source['a'])", "--given", '{"a": ["x", "y"], "b": null, "c": {"d": 1}}'), "x+y"),
]


@pytest.mark.parametrize(("words", "wanted"), TRIED)
def test_an_expression_is_tried_for_one_record(
    words: tuple[str, ...], wanted: Any, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Of a source, or one that is given.
    """
    assert folder.exists()
    assert Exit(run("sync", "try", *words)) is Exit.OK
    assert json.loads(capsys.readouterr().out) == wanted


MISTAKEN = [
    (("upper(", "--given", "{}"), "expression, line 1, column"),
    (("source['a'].b()", "--given", '{"a": "x"}'), "For the record given it fails: AttributeError"),
    (("1",), "Say for which record"),
    (("1", "--given", "[]"), "--given is no JSON object"),
    (("1", "--record", "8"), "The source hr has no record 8"),
    (("1", "--record", "8", "--source", "rh"), "There is no source rh; there are: hr"),
]


@pytest.mark.parametrize(("words", "problem"), MISTAKEN, ids=[problem for _, problem in MISTAKEN])
def test_what_is_wrong_with_a_trial_is_told(
    words: tuple[str, ...], problem: str, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    In the expression, for this record, or in what was asked.
    """
    assert folder.exists()
    assert Exit(run("sync", "try", *words)) is not Exit.OK
    assert problem in capsys.readouterr().err


def test_a_ready_mapping_can_be_used_as_it_is_printed(
    run: Run, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Listed, printed, put behind a source of one's own, and checked.
    """
    assert Exit(main(["sync", "ready"])) is Exit.OK
    assert "okta-users" in capsys.readouterr().out
    assert Exit(main(["sync", "ready", "okta-users"])) is Exit.OK
    source = '[sources.okta]\ntype = "json_lines"\npath = "hr.jsonl"\nkey = "number"\n'
    (folder / "sync.toml").write_text(source + capsys.readouterr().out)
    assert Exit(run("sync", "check")) is Exit.OK
    assert "okta_users" in capsys.readouterr().out
    assert Exit(main(["sync", "ready", "okta"])) is not Exit.OK
    assert "There is no ready mapping okta" in capsys.readouterr().err


def lines(run: Run, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    """
    Return what a command writes as JSON lines.
    """
    capsys.readouterr()
    assert Exit(run("sync", *words, "--json")) is Exit.OK
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("folder")
def test_people_decide_which_of_two_it_is(run: Run, sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The list names both by their addresses; what was decided is shown, and can be taken back.
    """
    for address in ("anna.lee@acme.example", "lee@acme.example"):
        assert Exit(run("create", "account", "--set", f"emails={address}", "--set", "displayName=Anna Lee")) is Exit.OK
    assert sandbox.world.person_at("lee@acme.example") is not None
    assert Exit(run("sync", "worklist", "people")) is not Exit.OK
    assert "There is no plan of people yet" in capsys.readouterr().err
    assert Exit(run("sync", "plan", "people")) is Exit.OK
    waiting = lines(run, capsys, "worklist", "people")
    assert [(each["record"], each["name"]) for each in sorted(waiting, key=lambda each: str(each["name"]))] == [
        ("7", "anna.lee@acme.example"),
        ("7", "lee@acme.example"),
    ]
    (uid,) = [each["could be"] for each in waiting if each["name"] == "lee@acme.example"]
    assert Exit(run("sync", "decide", "people", "7", "nobody")) is not Exit.OK
    assert Exit(run("sync", "decide", "people", "7", uid)) is Exit.OK
    assert lines(run, capsys, "worklist", "people") == []
    (decided,) = lines(run, capsys, "worklist", "people", "--decided")
    assert (decided["record"], decided["decision"], decided["object"]) == ("7", "belongs", uid)
    assert Exit(run("sync", "decide", "people", "7", "--undecided")) is Exit.OK
    assert Exit(run("sync", "decide", "people", "7", "--undecided")) is Exit.NOT_FOUND
    assert len(lines(run, capsys, "worklist", "people")) == 2
    assert Exit(run("sync", "decide", "people", "7", "--create", "--ignore")) is not Exit.OK
    assert "Say one thing" in capsys.readouterr().err
