"""
The commands against a simulated organisation, from the typed words to the organisation's state.
"""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webex_connector.cli import output, table
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.sandbox.records import Group
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]
NEW = "new@acme.example"


def _rows(capsys: Capture) -> list[Any]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _create(run: Run, capsys: Capture) -> None:
    assert Exit.OK == run("create", "account", "--set", f"emails={NEW}", "--set", "displayName=New One")
    capsys.readouterr()


def test_test_reads_everything_and_writes_nothing(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    All is well with a fresh organisation, and machines can read so.
    """
    assert Exit.OK == run("test", "--json")

    (report,) = _rows(capsys)
    assert report["ok"] is True
    assert "webex" == report["system"]
    assert {"people", "groups", "roles"} <= {each["subject"] for each in report["findings"]}
    assert 0 == sandbox.world.writes


def test_test_fails_without_a_scope(
    organisation: Any,
    run: Run,
    config: Path,
    capsys: Capture,
) -> None:
    """
    What does not work makes the command fail, and is named.
    """
    (config.parent / f"{config.name}.secrets" / "refresh_token").write_text("wrong")

    assert Exit.FAILED == run("test")

    assert "✗" in capsys.readouterr().out


def test_schema_names_attributes_and_operations(run: Run, capsys: Capture) -> None:
    """
    The schema is there for machines and in words, without a request.
    """
    assert Exit.OK == run("schema", "account", "--json")
    (found,) = _rows(capsys)
    assert {"REQUIRED", "MULTIVALUED"} == set(found["__ACCOUNT__"]["attributes"]["emails"]["flags"])

    assert Exit.OK == run("schema")
    assert "__GROUP__\tCREATE, DELETE, GET, SEARCH, SYNC, UPDATE\t" in capsys.readouterr().out


def test_list_writes_one_line_of_json_for_each_object(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Everybody in the organisation is a line.
    """
    assert Exit.OK == run("list", "account", "--json")

    rows = _rows(capsys)
    assert sandbox.world.people_count == len({row["_id"] for row in rows})
    assert {person.email for _, person in sandbox.world.people()} == {row["emails"][0] for row in rows}


def test_list_filters_sorts_and_limits(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Filter, fields, sort keys and limit mean what they mean over REST.
    """
    words = ("--filter", 'department eq "sales"', "--fields", "emails", "--sort", "-emails", "--limit", "2", "--json")
    assert Exit.OK == run("list", "accounts", *words)

    rows = _rows(capsys)
    expected = sorted((one.email for _, one in sandbox.world.people() if one.department == "Sales"), reverse=True)[:2]
    assert expected == [row["emails"][0] for row in rows]
    assert all({"_id", "emails"} == row.keys() for row in rows)


def test_list_without_a_terminal_is_tabbed(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Other programs get headings and columns with tabs between them.
    """
    assert Exit.OK == run("list", "roles")

    heading, *rows = capsys.readouterr().out.splitlines()
    assert "name\t_id" == heading
    assert [role.name for role in sandbox.world.roles.values()] == [row.split("\t")[0] for row in rows]


def test_list_on_a_terminal_shows_what_tells(
    run: Run,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    """
    People come with a few columns and without ids, which their addresses stand in for; groups with short ids.
    """
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    monkeypatch.setattr(table, "on_terminal", lambda: True)

    assert Exit.OK == run("list", "account", "--limit", "1")
    assert ["emails", "displayName", "department", "title", "status"] == capsys.readouterr().out.split("\n")[0].split()

    assert Exit.OK == run("list", "group", "--limit", "1")
    heading, row = capsys.readouterr().out.splitlines()
    assert ["displayName", "description", "memberSize", "_id"] == heading.split()
    assert row.split()[-1] in sandbox.world.groups


def test_list_of_nothing_is_no_failure(run: Run, capsys: Capture) -> None:
    """
    An empty result is a result; people are told, machines get no lines.
    """
    assert Exit.OK == run("list", "account", "--filter", 'emails eq "nobody@acme.example"', "--json")

    assert ("", "Nothing found.\n") == capsys.readouterr()


def test_get_takes_an_address_or_an_id(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    People are found by what they are known by.
    """
    assert Exit.OK == run("get", "account", SAMPLE.upper(), "--json")
    (by_address,) = _rows(capsys)
    assert Exit.OK == run("get", "account", by_address["_id"], "--json")

    assert [by_address] == _rows(capsys)
    assert "John Doe" == by_address["displayName"]


def test_get_takes_the_name_of_a_group(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    What is no person goes by its name, and the answer holds the id in full.
    """
    group = next(iter(sandbox.world.groups.values()))
    assert Exit.OK == run("get", "group", group.display_name, "--json")
    (by_name,) = _rows(capsys)
    assert Exit.OK == run("get", "group", group.uuid, "--json")

    assert [by_name] == _rows(capsys)


@pytest.mark.parametrize(
    ("object_class", "who", "advice"),
    [
        ("account", "john", "webex-connector list account --filter 'displayName sw \"john\"'"),
        ("account", "nobody@acme.example", "webex-connector list account"),
        ("group", "Nobody's", "webex-connector list group"),
    ],
)
def test_whoever_is_not_found_can_be_looked_for(
    run: Run,
    object_class: str,
    who: str,
    advice: str,
    capsys: Capture,
) -> None:
    """
    The message about an unknown name says how to find the right one.
    """
    assert Exit.NOT_FOUND == run("get", object_class, who)

    assert advice in capsys.readouterr().err


@pytest.mark.parametrize("who", ["nobody@acme.example", "00000000-0000-4000-8000-000000000000"])
def test_get_of_nobody_is_not_found(run: Run, who: str, capsys: Capture) -> None:
    """
    Neither an unknown address nor an unknown id is a success.
    """
    assert Exit.NOT_FOUND == run("get", "account", who)

    out, err = capsys.readouterr()
    assert "" == out
    assert 1 == len(err.splitlines())


def test_a_name_that_several_have_is_not_guessed_at(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Two groups of one name are told apart by their ids only.
    """
    for number in range(2):
        sandbox.world.put_group(Group(f"00000000-0000-4000-8000-00000000000{number}", "all@acme", 0, 0))

    assert Exit.USAGE == run("delete", "group", "all@acme", "--yes")

    assert "several __GROUP__ named all@acme; use the id" in capsys.readouterr().err
    assert 2 == sum(group.display_name == "all@acme" for group in sandbox.world.groups.values())


def test_groups_are_made_changed_and_removed(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    The same words do for groups; nothing is said of people's addresses.
    """
    assert Exit.OK == run("create", "group", "--set", "displayName=Chess", "--json")
    uid = _rows(capsys)[0]["_id"]
    assert Exit.OK == run("update", "group", uid, "--set", "description=Mondays")
    (chess,) = (group for group in sandbox.world.groups.values() if group.display_name == "Chess")
    assert "Mondays" == chess.description
    capsys.readouterr()

    assert Exit.OK == run("delete", "group", uid, "--yes")

    assert "7 days" not in capsys.readouterr().err
    assert chess.uuid not in sandbox.world.groups


def test_create_makes_one(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    The new person is in the organisation and in the answer.
    """
    words = ("--set", f"emails={NEW}", "--set", "displayName=New One", "--set", "department=Sales", "--json")
    assert Exit.OK == run("create", "account", *words)

    (result,) = _rows(capsys)
    person = sandbox.world.person_at(NEW)
    assert person is not None
    assert ("New One", "Sales") == (person.display_name, person.department)
    assert result["changed"] is True
    assert result["_id"] == result["object"]["_id"]


def test_create_reads_json_from_standard_input(
    run: Run,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A minus reads an object; assignments overrule it.
    """
    body = json.dumps({"emails": [NEW], "displayName": "From File"}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))

    assert Exit.OK == run("create", "account", "-", "--set", "title=Lead")

    person = sandbox.world.person_at(NEW)
    assert person is not None
    assert ("From File", "Lead") == (person.display_name, person.title)


def test_create_in_part_says_so(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Somebody made without an unknown licence is there, and the exit code tells that it was not everything.
    """
    words = ("--set", f"emails={NEW}", "--set", "displayName=New One", "--set", "licenses=none-such", "--json")
    assert Exit.PARTIAL == run("create", "account", *words)

    out, err = capsys.readouterr()
    assert sandbox.world.person_at(NEW) is not None
    assert ["licenses"] == [part["attribute"] for part in json.loads(out)["_warnings"]]
    assert "not applied: licenses none-such: " in err


def test_create_of_a_known_address_conflicts(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    The same address in other letters is the same address; nobody is made.
    """
    people = sandbox.world.people_count

    assert Exit.CONFLICT == run("create", "account", "--set", f"emails={SAMPLE.upper()}", "--set", "displayName=Twin")

    assert people == sandbox.world.people_count
    assert "tracking id" in capsys.readouterr().err


def test_dry_create_makes_nobody(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    A dry run tells the request that it did not send.
    """
    words = ("--set", f"emails={NEW}", "--set", "displayName=New One", "--dry-run", "--json")
    assert Exit.OK == run("create", "account", *words)

    (result,) = _rows(capsys)
    assert 0 == sandbox.world.writes
    assert (False, True) == (result["changed"], result["dryRun"])
    assert any("POST /people" in line for line in result["withheld"])


def test_update_changes_what_is_mentioned(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    One attribute is set, one cleared, all others stay.
    """
    before = sandbox.world.person_at(ADMIN)
    assert before is not None
    assert Exit.OK == run("update", "account", ADMIN, "--set", "title=Chief", "--set", "department=")

    after = sandbox.world.person_at(ADMIN)
    assert after is not None
    assert ("Chief", "") == (after.title, after.department)
    assert (before.display_name, set(before.licenses), before.roles) == (
        after.display_name,
        set(after.licenses),
        after.roles,
    )


def test_what_get_shows_can_be_sent_back(
    run: Run,
    sandbox: Sandbox,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    Read-only attributes with unchanged values are no hindrance.
    """
    run("get", "account", SAMPLE, "--json")
    (shown,) = _rows(capsys)
    body = json.dumps({**shown, "title": "Lead"}).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))

    assert Exit.OK == run("update", "account", SAMPLE, "-")

    person = sandbox.world.person_at(SAMPLE)
    assert person is not None
    assert "Lead" == person.title


@pytest.mark.parametrize("words", [("--set", "__ENABLE__=false"), ("--add", "__ENABLE__=false")])
def test_disabling_is_dry_until_yes(words: tuple[str, str], run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    The warning comes with both, however it is spelled; the change only with --yes.
    """
    assert Exit.OK == run("update", "account", SAMPLE, *words)
    assert "inactive for 30 days" in capsys.readouterr().err
    assert 0 == sandbox.world.writes

    assert Exit.OK == run("update", "account", SAMPLE, *words, "--yes")
    person = sandbox.world.person_at(SAMPLE)
    assert person is not None
    assert person.login_enabled is False


def test_enabling_needs_no_yes(run: Run, sandbox: Sandbox) -> None:
    """
    Only harm is asked about.
    """
    run("update", "account", SAMPLE, "--set", "__ENABLE__=false", "--yes")

    assert Exit.OK == run("update", "account", SAMPLE, "--set", "__ENABLE__=true")

    person = sandbox.world.person_at(SAMPLE)
    assert person is not None
    assert person.login_enabled is True


def test_delete_is_dry_until_yes(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    Without --yes the person stays and the withheld request is told; with it the person is gone.
    """
    assert Exit.OK == run("delete", "account", SAMPLE)
    out, err = capsys.readouterr()
    assert sandbox.world.person_at(SAMPLE) is not None
    assert "not sent: DELETE /people/" in err
    assert "7 days" in err
    assert SAMPLE in out

    assert Exit.OK == run("delete", "account", SAMPLE, "--yes")
    assert sandbox.world.person_at(SAMPLE) is None


def test_a_dry_run_of_an_update_says_what_would_change(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    The object is shown as it is, so what would become of it is said beside it.
    """
    assert Exit.OK == run("update", "account", SAMPLE, "--set", "title=Lead", "--set", "department=", "--dry-run")

    told = capsys.readouterr().err.splitlines()
    assert {"would change: title = Lead", "would change: department is cleared"} <= set(told)
    assert "Nothing was changed." == told[-1]
    assert 0 == sandbox.world.writes


def test_a_dry_run_wins_over_yes(run: Run, sandbox: Sandbox) -> None:
    """
    Who says both gets the harmless one.
    """
    assert Exit.OK == run("delete", "account", SAMPLE, "--yes", "--dry-run")

    assert sandbox.world.person_at(SAMPLE) is not None


def test_the_guard_stands_behind_the_command_line(run: Run, sandbox: Sandbox, config: Path, capsys: Capture) -> None:
    """
    Where no deletions are allowed, --yes does not delete.
    """
    config.write_text(config.read_text() + "\n[safety]\ndestructive_per_hour = 0\n")

    assert Exit.REFUSED == run("delete", "account", SAMPLE, "--yes")

    assert sandbox.world.person_at(SAMPLE) is not None
    assert "safety.destructive_per_hour = 0" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("list", "people"),
        ("list", "account", "--filter", "displayName xx 1"),
        ("list", "account", "--filter", 'nope eq "x"'),
        ("list", "account", "--fields", "nope"),
        ("list", "account", "--fields", "a/b"),
        ("list", "account", "--sort", "nope"),
        ("list", "account", "--limit", "0"),
        ("list", "account", "--limit", "few"),
        ("list", "account", "--nope"),
        ("list",),
        ("get", "account"),
        ("create", "account", "--set", "nope=1", "--set", f"emails={NEW}", "--set", "displayName=x"),
        ("create", "account", "--set", "displayName=x"),
        ("create", "account", "--set", "status=active", "--set", f"emails={NEW}", "--set", "displayName=x"),
        ("update", "account", SAMPLE),
        ("update", "account", SAMPLE, "--add", "title"),
        ("test", "--system", "other"),
        ("frobnicate",),
    ],
)
def test_wrong_words_are_one_message_and_change_nothing(
    words: tuple[str, ...],
    run: Run,
    sandbox: Sandbox,
    capsys: Capture,
) -> None:
    """
    Whatever is wrong with the words, the exit code is 2, standard output stays empty, and there is no traceback.
    """
    assert Exit.USAGE == run(*words)

    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith("webex-connector: ")
    assert "Traceback" not in err
    assert 0 == sandbox.world.writes


def test_read_only_object_classes_refuse(run: Run, sandbox: Sandbox) -> None:
    """
    Roles are read only, whoever asks.
    """
    assert Exit.REFUSED == run("create", "role", "--set", "__NAME__=King")


def test_missing_settings_are_a_matter_of_setup(tmp_path: Path, capsys: Capture) -> None:
    """
    The message names the file that was looked for.
    """
    assert Exit.SETUP == main(["test", "--config", str(tmp_path / "none.toml")])

    assert "There is no settings file" in capsys.readouterr().err


def test_an_organisation_out_of_reach_can_be_tried_later(config: Path, sandbox: Sandbox, run: Run) -> None:
    """
    What may work later has an exit code of its own.
    """
    text = config.read_text()
    port = text.partition("http://127.0.0.1:")[2].partition("/")[0]
    config.write_text(text.replace(port, "1"))

    assert Exit.TRY_LATER == run("list", "account")
