"""
`sync apply`, `sync dead-letters`, `sync replay` and `sync undo`, against a simulated organisation.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from fakes.mail_server import posted
from fakes.sync_files import SYNC_FILE
from webex_connector.cli.exits import Exit
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.sandbox.sandbox import Sandbox

Run = Any

ALWAYS = 1_000


class Desk:
    """
    Somebody at the command line.
    """

    def __init__(self, run: Run, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._run, self._folder, self._capsys = run, config.parent, capsys
        with config.open("a") as settings:
            settings.write('[sync]\nfile = "sync.toml"\n')
        (self._folder / "sync.toml").write_text(SYNC_FILE)
        self.told = ""

    def source(self, *names: str, title: str = "Post") -> None:
        """
        Let these be in the source.
        """
        lines = [f"{name},{name.lower()}@acme.example,{name},{title}," for name in names]
        (self._folder / "hr.csv").write_text("\n".join(["number,mail,first,job,boss", *lines, ""]))

    def run(self, *words: str) -> tuple[Exit, str]:
        """
        Run a command, and return how it ended and what it wrote; what it told is kept.
        """
        self._capsys.readouterr()
        code = self._run("sync", *words)
        out, self.told = self._capsys.readouterr()
        return Exit(code), out

    def plan(self) -> tuple[str, str]:
        """
        Make a plan; return its id and its fingerprint.
        """
        code, told = self.run("plan", "people", "--json")
        assert code is Exit.OK, self.told
        made = json.loads(told)
        return made["plan"], made["fingerprint"]

    def apply(self, made: tuple[str, str], *more: str) -> tuple[Exit, str]:
        """
        Apply a plan.
        """
        return self.run("apply", made[0], "--approve", made[1], *more)


@pytest.fixture
def desk(run: Run, config: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """
    The command line, with a sync file.
    """
    return Desk(run, config, capsys)


def there(sandbox: Sandbox, name: str) -> bool:
    """
    Whether somebody is in the organisation.
    """
    return sandbox.world.person_at(f"{name.lower()}@acme.example") is not None


def test_what_failed_is_told_and_done_again(desk: Desk, sandbox: Sandbox) -> None:
    """
    An address that another organisation has keeps one from being made and nobody else; once it is free, replaying
    makes that one, and the list is empty.
    """
    sandbox.world.foreign_addresses.add("bo@acme.example")
    desk.source("Ana", "Bo")
    made = desk.plan()
    assert desk.apply(made)[0] is Exit.PARTIAL
    assert (there(sandbox, "Ana"), there(sandbox, "Bo")) == (True, False)
    assert f"sync dead-letters {made[0]}" in desk.told
    letter = json.loads(desk.run("dead-letters", "--json")[1])
    assert (letter["plan"], letter["record"], letter["state"]) == (made[0], "Bo", "refused")
    assert letter["reason"]
    assert "Bo" in desk.run("dead-letters", made[0])[1]

    sandbox.world.foreign_addresses.clear()
    assert desk.run("replay", made[0], str(letter["item"]))[0] is Exit.OK
    assert there(sandbox, "Bo")
    assert desk.run("dead-letters") == (Exit.OK, "")


def test_a_plan_that_was_overtaken_is_not_replayed(desk: Desk, sandbox: Sandbox) -> None:
    """
    Nor is one applied that was made before another one was applied: the command says what to do, and nothing is asked
    of Webex.
    """
    sandbox.world.foreign_addresses.add("bo@acme.example")
    desk.source("Ana", "Bo")
    first, second = desk.plan(), desk.plan()
    assert desk.apply(second)[0] is Exit.PARTIAL
    assert desk.apply(first)[0] is Exit.CONFLICT
    assert "make a new one" in desk.told
    third = desk.plan()
    assert desk.apply(third)[0] is Exit.PARTIAL
    sandbox.world.foreign_addresses.clear()
    assert desk.run("replay", second[0])[0] is Exit.CONFLICT
    assert not there(sandbox, "Bo")


def test_machines_read_how_far_it_is(desk: Desk) -> None:
    """
    Each batch is a line of JSON, and so is the end.
    """
    desk.source(*(f"P{number:03}" for number in range(130)))
    code, told = desk.apply(desk.plan(), "--json")
    lines = [json.loads(line) for line in told.splitlines()]
    assert code is Exit.OK
    first, last, end = lines
    assert 0 < first["states"]["done"] < 130
    assert first["total"] - first["ended"] == 130 - first["states"]["done"]
    assert first["per_second"] > 0
    assert first["seconds_left"] > 0
    assert (last["states"]["done"], end["states"]["done"], end["state"]) == (130, 130, "applied")


def test_credentials_that_are_withdrawn_stop_it_until_they_are_back(desk: Desk, sandbox: Sandbox) -> None:
    """
    Nothing is given up: the command says what is wrong and how to go on, and that does the rest.
    """
    desk.source("Ana", "Bo")
    made = desk.plan()
    sandbox.faults.add(Fault(Fail(401), to="POST *", times=ALWAYS, must_fire=0))
    code, _ = desk.apply(made)
    assert code is Exit.SETUP, desk.told
    assert f"To go on, once that is mended: webex-connector sync apply {made[0]}" in desk.told
    assert desk.run("dead-letters") == (Exit.OK, "")
    sandbox.faults.clear()
    assert desk.apply(made)[0] is Exit.OK
    assert (there(sandbox, "Ana"), there(sandbox, "Bo")) == (True, True)


def test_an_address_that_is_blocked_after_a_deletion_is_refused_in_words(
    desk: Desk, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Who was deleted and is to be made anew within seven days is refused, with the reason.
    """
    monkeypatch.setattr(sandbox, "quirks", structs.replace(sandbox.quirks, address_hold_days=7))
    desk.source("Ana", "Bo")
    assert desk.apply(desk.plan())[0] is Exit.OK
    desk.source("Ana")
    assert desk.apply(desk.plan())[0] is Exit.OK
    assert not there(sandbox, "Bo")
    desk.source("Ana", "Bo")
    assert desk.apply(desk.plan())[0] is Exit.PARTIAL
    letter = json.loads(desk.run("dead-letters", "--json")[1])
    assert letter["record"] == "Bo"
    assert "deleted only recently" in letter["reason"]


def test_a_plan_is_applied_by_a_run(desk: Desk, sandbox: Sandbox, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """
    It can be looked at like any other, and tells the same as the command did; so does one that has failed.
    """
    desk.source("Ana", "Bo")
    made = desk.plan()
    end = json.loads(desk.apply(made, "--json")[1].splitlines()[-1])
    row, events = _run_of(run, capsys)
    assert (end["run"], "apply", "done") == (row["id"], row["kind"], row["state"])
    assert f"mapping people, plan {made[0]}" == row["about"]
    (step,) = [each["content"] for each in events if each["kind"] == "progress"]
    assert (2, step["total"]) == (step["states"]["done"], step["done"])

    desk.source("Ana", "Bo", "Cy")
    sandbox.faults.add(Fault(Fail(401), to="POST *", times=ALWAYS, must_fire=0))
    assert desk.apply(desk.plan())[0] is Exit.SETUP
    row, _ = _run_of(run, capsys)
    assert "failed" == row["state"]
    assert not there(sandbox, "Cy")


def test_what_a_person_should_hear_of_is_told_of_commands_too(
    desk: Desk, sandbox: Sandbox, config: Path, tmp_path: Path
) -> None:
    """
    By the ways of the settings: of a file that cannot be read, a plan that a gate stops, and a run that fails; of each
    once, and nothing of it is in a log beside what the command says.
    """
    with posted() as hook:
        config.write_text(f'{config.read_text()}\n[alerts]\nwebhook = "{hook.address}"\n')
        file = tmp_path / "sync.toml"
        file.write_text(file.read_text().replace("create_percent = -1", "create_count = 1"))
        assert desk.run("plan", "people")[0] is Exit.SETUP
        desk.source("Ana", "Bo")
        stopped = desk.plan()
        desk.source("Ana")
        made = desk.plan()
        sandbox.faults.add(Fault(Fail(401), to="POST *", times=ALWAYS, must_fire=0))
        assert [Exit.SETUP, Exit.SETUP] == [desk.apply(made)[0] for _ in range(2)]
        assert "jobs." not in desk.told
    told = [(each["event"], each["facts"]) for each in hook.bodies]
    assert [
        ("runs.failed", {"kind": "plan", "mapping": "people"}),
        ("sync.stopped", {"mapping": "people", "plan": stopped[0]}),
        ("runs.failed", {"kind": "apply", "mapping": "people"}),
    ] == [(event, {name: value for name, value in facts.items() if name != "run"}) for event, facts in told]


def _run_of(run: Run, capsys: pytest.CaptureFixture[str]) -> tuple[Any, list[Any]]:
    """
    Return the newest run, and what it told.
    """
    capsys.readouterr()
    run("runs", "list", "--json")
    row = json.loads(capsys.readouterr().out.splitlines()[0])
    run("runs", "follow", row["id"], "--json")
    return row, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_applied_plan_is_taken_back(desk: Desk, sandbox: Sandbox) -> None:
    """
    The title is as before, and so is who is there.
    """
    desk.source("Ana", title="Post 1")
    assert desk.apply(desk.plan())[0] is Exit.OK
    desk.source("Ana", title="Post 2")
    made = desk.plan()
    assert desk.apply(made)[0] is Exit.OK
    back = json.loads(desk.run("undo", made[0], "--json")[1])
    assert desk.apply((back["plan"], back["fingerprint"]))[0] is Exit.OK
    person = sandbox.world.person_at("ana@acme.example")
    assert person is not None
    assert person.title == "Post 1"
