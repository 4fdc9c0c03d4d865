"""
`runs` and `schedules`, beside a server and without one.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes.server_process import ServerProcess, serving
from webex_connector.cli.exits import Exit
from webex_connector.sandbox.sandbox import Sandbox

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]

_SYNC = """
[sources.hr]
type = "csv"
path = "hr.csv"
key = "id"
[mappings.people]
source = "hr"
target = "webex/__ACCOUNT__"
correlate = ["emails"]
[mappings.people.attributes]
emails = "mail"
displayName = "name"
[mappings.people.situations]
UNASSIGNED = "IGNORE"
"""
_SCHEDULES = """
[sync]
file = "sync.toml"
[schedules.nightly]
run = "recon"
arguments = { mapping = "people" }
cron = "0 2 * * *"
zone = "Europe/Oslo"
"""


@pytest.fixture
def house(config: Path) -> Path:
    """
    The settings, with a mapping that would make one person, and a schedule of it.
    """
    (config.parent / "sync.toml").write_text(_SYNC)
    (config.parent / "hr.csv").write_text("id,mail,name\n1,nina@example.com,Nina\n")
    config.write_text(config.read_text() + _SCHEDULES)
    return config


@pytest.fixture
def server(house: Path) -> Iterator[ServerProcess]:
    """
    A server with these settings.
    """
    with serving(house) as found:
        yield found


def _rows(run: Run, capsys: Capture, *words: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert Exit.OK == run(*words, "--json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _ninas(sandbox: Sandbox) -> int:
    return sum(person.display_name == "Nina" for _, person in sandbox.world.people())


def test_a_schedule_is_run_by_hand_without_a_server(house: Path, run: Run, capsys: Capture, sandbox: Sandbox) -> None:
    """
    Here and now; the run can be looked at afterwards, and what has ended is not cancelled any more.
    """
    assert house.exists()
    assert Exit.OK == run("schedules", "run", "nightly")
    id_ = capsys.readouterr().out.strip()
    assert 1 == _ninas(sandbox)

    (row,) = _rows(run, capsys, "runs", "list")
    assert (id_, "recon", "mapping people", "done") == (row["id"], row["kind"], row["about"], row["state"])
    assert [] == _rows(run, capsys, "runs", "list", "--open")
    (shown,) = _rows(run, capsys, "runs", "show", id_)
    assert ("1 of 1", None) == (shown["progress"], shown["problem"])
    told = _rows(run, capsys, "runs", "follow", id_)
    assert ["running", "done"] == [each["content"]["state"] for each in told if each["kind"] == "state"]
    assert Exit.OK == run("runs", "cancel", id_)
    assert f"Run {id_} is done." in capsys.readouterr().err


def test_a_server_does_what_is_handed_over(server: ServerProcess, run: Run, capsys: Capture, sandbox: Sandbox) -> None:
    """
    The command does nothing itself; whoever follows sees the end, in words and by the exit code.
    """
    assert server.address
    assert Exit.OK == run("schedules", "run", "nightly")
    id_ = capsys.readouterr().out.strip()
    assert Exit.OK == run("runs", "follow", id_)
    lines = [line[10:] for line in capsys.readouterr().out.splitlines()]
    assert ["waiting, kind recon", "done"] == [lines[0].partition(", by")[0], lines[-1]]
    assert 1 == _ninas(sandbox)

    (row,) = _rows(run, capsys, "schedules", "list")
    assert ("nightly", "0 2 * * * Europe/Oslo") == (row["name"], row["times"])
    assert row["next"] is not None


def test_a_plan_is_handed_over_too(server: ServerProcess, run: Run, capsys: Capture, sandbox: Sandbox) -> None:
    """
    The server applies it; the command tells how it goes, and ends with it.
    """
    assert server.address
    (made,) = _rows(run, capsys, "sync", "plan", "people")
    assert Exit.OK == run("sync", "apply", made["plan"], "--approve", made["fingerprint"])
    captured = capsys.readouterr()
    assert ("1 done", 1) == (captured.out.splitlines()[-1], _ninas(sandbox))
    assert "1 of 1" in captured.err
    (row,) = _rows(run, capsys, "runs", "list")
    assert ("apply", "done") == (row["kind"], row["state"])


def test_a_run_that_failed_says_why(house: Path, run: Run, capsys: Capture) -> None:
    """
    By the exit code too.
    """
    (house.parent / "hr.csv").unlink()
    assert Exit.FAILED == run("schedules", "run", "nightly")
    id_ = capsys.readouterr().out.strip()
    (shown,) = _rows(run, capsys, "runs", "show", id_)
    assert "failed" == shown["state"]
    assert "hr.csv" in shown["problem"]
    assert Exit.FAILED == run("runs", "follow", id_)


def test_what_there_is_not_is_told(house: Path, run: Run, capsys: Capture) -> None:
    """
    With what there is; nothing is begun.
    """
    assert house.exists()
    for words in (("show", "nix"), ("follow", "nix"), ("cancel", "nix"), ("approve", "nix", "f1")):
        assert Exit.NOT_FOUND == run("runs", *words)
    assert Exit.NOT_FOUND == run("schedules", "run", "weekly")
    said = capsys.readouterr().err
    assert "There is no run nix; webex-connector runs list shows those there are" in said
    assert "There is no schedule weekly; there are: nightly" in said
    assert [] == _rows(run, capsys, "runs", "list")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            'run = "dance"',
            "[schedules.nightly]: There is no kind of run named dance; there are: apply, inventory, live, recon",
        ),
        ("arguments = {}", "[schedules.nightly]: A run of the kind recon needs the argument mapping"),
    ],
)
def test_a_schedule_of_what_there_is_not_is_refused(
    house: Path, run: Run, capsys: Capture, line: str, told: str
) -> None:
    """
    By the server at its start, and by the command.
    """
    name = line.partition(" =")[0]
    lines = house.read_text().splitlines()
    place = lines.index("[schedules.nightly]")
    found = next(number for number in range(place, len(lines)) if lines[number].startswith(f"{name} ="))
    lines[found] = line
    house.write_text("\n".join(lines))
    assert Exit.SETUP == run("schedules", "run", "nightly")
    assert told in capsys.readouterr().err
    assert Exit.SETUP == run("serve")
    assert told in capsys.readouterr().err
