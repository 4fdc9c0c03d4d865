"""
The journal and the store from the command line, against a simulated organisation.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.store.opening import Store, StorePlace, opened

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]


def _place(config: Path) -> StorePlace:
    return StorePlace(config.parent / f"{config.name}.data")


def _store(config: Path) -> Store:
    return opened(_place(config), inline=True)


def _entries(run: Run, capsys: Capture, *words: str) -> list[Any]:
    capsys.readouterr()
    assert Exit.OK == run("journal", "--json", *words)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_journal_tells_of_each_write(run: Run, capsys: Capture) -> None:
    """
    Who, what and how it ended, the object as it was and as it is; reading leaves no trace.
    """
    run("get", "account", SAMPLE)
    assert Exit.OK == run("update", "account", SAMPLE, "--set", "title=Lead")

    (entry,) = _entries(run, capsys)
    assert ("webex", "__ACCOUNT__", "update", "command line", "done") == tuple(
        entry[name] for name in ("system", "objectClass", "change", "door", "outcome")
    )
    assert {"deltas": [{"name": "title", "replace": ["Lead"]}]} == entry["intent"]
    assert ["Lead"] == entry["after"]["attributes"]["title"]
    assert entry["began"] <= entry["ended"]


def test_a_refused_write_is_in_it_too(run: Run, capsys: Capture) -> None:
    """
    What Webex said stands there for people, and people see it as a table.
    """
    assert Exit.CONFLICT == run("create", "account", "--set", f"emails={SAMPLE}", "--set", "displayName=Twin")
    capsys.readouterr()

    assert Exit.OK == run("journal")

    table = capsys.readouterr().out
    assert "\tfailed\t" in table
    assert SAMPLE in table


def test_entries_are_chosen(run: Run, capsys: Capture) -> None:
    """
    By system, actor, object, outcome and moment; a choice that fits nothing shows nothing.
    """
    run("update", "account", SAMPLE, "--set", "title=Lead")
    (entry,) = _entries(run, capsys)

    for words in (("--uid", entry["uid"]), ("--outcome", "done"), ("--since", "2020-01-01"), ("--system", "webex")):
        assert [entry] == _entries(run, capsys, *words)
    for words in (("--actor", "nobody"), ("--outcome", "unfinished"), ("--since", "2999-01-01T08:00+02:00")):
        assert [] == _entries(run, capsys, *words)


@pytest.mark.parametrize("words", [("--since", "yesterday"), ("--limit", "0"), ("--outcome", "well")])
def test_words_without_meaning_are_refused(run: Run, words: tuple[str, str]) -> None:
    """
    A mistyped choice is no empty answer.
    """
    assert Exit.USAGE == run("journal", *words)


def test_a_renewed_token_is_kept_between_commands(run: Run, sandbox: Sandbox, capsys: Capture) -> None:
    """
    The second command asks the token endpoint for nothing: it has what the first one got.
    """
    assert Exit.OK == run("list", "roles")
    asked = sum(each.path.endswith("/access_token") for each in sandbox.trace.requests())
    assert Exit.OK == run("list", "roles")

    assert 1 == asked == sum(each.path.endswith("/access_token") for each in sandbox.trace.requests())


def test_the_quota_counts_over_commands(run: Run, config: Path, sandbox: Sandbox, capsys: Capture) -> None:
    """
    A new process is no new hour.
    """
    config.write_text(config.read_text() + "\n[safety]\ndestructive_per_hour = 1\n")
    addresses = [person.email for _, person in sandbox.world.people()][-2:]

    ends = [run("delete", "account", address, "--yes") for address in addresses]

    assert [Exit.OK, Exit.REFUSED] == ends


def test_a_backup_comes_back(run: Run, tmp_path: Path, capsys: Capture) -> None:
    """
    The journal is as it was when the backup was made; restoring wants a yes.
    """
    file = str(tmp_path / "b.tgz")
    run("update", "account", SAMPLE, "--set", "title=One")
    assert Exit.OK == run("store", "backup", file)
    run("update", "account", SAMPLE, "--set", "title=Two")

    assert Exit.USAGE == run("store", "restore", file)
    assert 2 == len(_entries(run, capsys))
    assert Exit.OK == run("store", "restore", file, "--yes")
    assert 1 == len(_entries(run, capsys))


def test_a_used_store_is_left_alone(run: Run, config: Path, tmp_path: Path, capsys: Capture) -> None:
    """
    While a server has it open, a backup can be made, and nothing else.
    """
    server = _store(config)
    file = str(tmp_path / "b.tgz")

    assert Exit.OK == run("store", "backup", file)
    assert Exit.SETUP == run("store", "restore", file, "--yes")
    assert Exit.SETUP == run("store", "rotate-key")
    server.close()
    assert "A server or command uses the data folder" in capsys.readouterr().err


def test_a_new_key_loses_no_token(run: Run, config: Path, sandbox: Sandbox, capsys: Capture) -> None:
    """
    The next command opens what was sealed anew.
    """
    run("list", "roles")
    key = (_place(config).folder or config) / "store.key"
    before = key.read_text()

    assert Exit.OK == run("store", "rotate-key")
    assert "Sealed 4 secrets" in capsys.readouterr().err
    assert before != key.read_text()

    asked = len(sandbox.trace.requests())
    assert Exit.OK == run("list", "roles")
    assert not any(each.path.endswith("/access_token") for each in sandbox.trace.requests()[asked:])


def test_a_folder_that_cannot_be_written_is_named(config: Path, tmp_path: Path, capsys: Capture) -> None:
    """
    It is the administrator's to change, and the message says what.
    """
    (tmp_path / "file").write_text("")
    config.write_text(config.read_text().replace(f"{config.name}.data", "file"))

    assert Exit.SETUP == main(["list", "roles", "--config", str(config)])
    assert f"Cannot make the data folder {tmp_path / 'file'}" in capsys.readouterr().err
