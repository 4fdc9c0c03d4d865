"""
Commands beside a running server, which is a process of its own.
"""

import getpass
import json
import tarfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from fakes.server_process import ServerProcess, serving
from webex_connector.cli.exits import Exit
from webex_connector.sandbox.sandbox import Sandbox
from webex_connector.sandbox.scenarios import SAMPLE

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]
PEOPLE = "/openidm/system/webex/__ACCOUNT__"
ONE = f'{PEOPLE}?_queryFilter=emails eq "{SAMPLE}"&_fields=emails'
PASSWORD = "correct horse battery"


@pytest.fixture
def house(config: Path) -> Path:
    """
    The settings, with a second system and room for one destructive write an hour.
    """
    text = config.read_text()
    other = text[text.index("[systems.webex]") : text.index("# Who may")].replace("systems.webex", "systems.other")
    config.write_text(f"{text}\n{other}\n[safety]\ndestructive_per_hour = 1\n")
    return config


@pytest.fixture
def server(house: Path) -> Iterator[ServerProcess]:
    """
    A server with these settings.
    """
    with serving(house) as found:
        yield found


def _token(run: Run, capsys: Capture, *words: str) -> str:
    capsys.readouterr()
    assert Exit.OK == run("access", *words)
    return capsys.readouterr().out.strip()


def test_a_token_opens_its_system_at_once_and_no_other(server: ServerProcess, run: Run, capsys: Capture) -> None:
    """
    The server learns of it without being told, and of its end as well: the next request is refused.
    """
    token = _token(run, capsys, "add", "okta", "--system", "webex")

    found = server.asked("GET", ONE, token)
    other = server.asked("GET", ONE.replace("webex", "other"), token)
    assert (200, [[SAMPLE]]) == (found.status_code, [row["emails"] for row in found.json()["result"]])
    assert (403, "okta may not use other") == (other.status_code, other.json()["message"])

    run("access", "revoke", "okta")
    gone = server.asked("GET", ONE, token)
    assert 401 == gone.status_code
    assert gone.json()["message"].startswith("The token of okta was revoked on ")
    assert 'Bearer realm="webex-connector"' in gone.headers["WWW-Authenticate"]


def test_a_rotated_token_is_refused_and_the_new_one_is_not(server: ServerProcess, run: Run, capsys: Capture) -> None:
    """
    Without an overlap at once; an unknown token hears less.
    """
    old = _token(run, capsys, "add", "okta")
    new = _token(run, capsys, "rotate", "okta")

    answers = [server.asked("GET", ONE, each) for each in (old, new, f"{new}x")]
    assert [401, 200, 401] == [each.status_code for each in answers]
    assert answers[0].json()["message"].startswith("The token of okta ended on ")
    assert "Access Denied" == answers[2].json()["message"]


def test_a_reader_reads_and_a_provisioner_writes(
    server: ServerProcess, run: Run, capsys: Capture, sandbox: Sandbox
) -> None:
    """
    What a role does not allow never reaches the organisation.
    """
    reader = _token(run, capsys, "add", "viewer", "--role", "reader")
    (row,) = server.asked("GET", ONE, reader).json()["result"]
    count = sandbox.world.people_count

    refused = server.asked("DELETE", f"{PEOPLE}/{row['_id']}", reader)
    assert (403, "viewer may not delete: the role reader does not allow it") == (
        refused.status_code,
        refused.json()["message"],
    )
    assert count == sandbox.world.people_count

    writer = _token(run, capsys, "add", "okta")
    assert 200 == server.asked("DELETE", f"{PEOPLE}/{row['_id']}", writer).status_code
    assert count - 1 == sandbox.world.people_count


def test_a_quota_outlives_the_server(house: Path, run: Run, capsys: Capture, sandbox: Sandbox) -> None:
    """
    One deletion an hour, in whichever process, until an administrator says yes, which a running server knows at once.
    The journal has who did what and who said so; what was refused and the alert are in the log.
    """
    token = _token(run, capsys, "add", "okta")
    with serving(house) as one:
        rows = one.asked("GET", f"{PEOPLE}?_queryId=query-all-ids", token).json()["result"]
        first, second = (row["_id"] for row in rows[-2:])
        assert 200 == one.asked("DELETE", f"{PEOPLE}/{first}", token).status_code
    count = sandbox.world.people_count
    with serving(house) as two:
        refused = two.asked("DELETE", f"{PEOPLE}/{second}", token)
        assert (403, "Forbidden") == (refused.status_code, refused.json()["reason"])
        assert "okta may delete or disable 1 objects an hour" in refused.json()["message"]
        assert "guard allow okta" in refused.json()["message"]
        assert count == sandbox.world.people_count

        capsys.readouterr()
        run("guard", "list", "--json")
        (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert ("okta", 1, "webex by idm") == (row["client"], row["last hour"], row["at"])
        assert Exit.OK == run("guard", "allow", "okta")
        assert 200 == two.asked("DELETE", f"{PEOPLE}/{second}", token).status_code
    assert "guard.refused" in two.log
    assert 1 == two.log.count("guard.client_stopped")

    capsys.readouterr()
    run("journal", "--json")
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [("client", "create"), ("__ACCOUNT__", "delete"), ("guard", "update"), ("__ACCOUNT__", "delete")] == [
        (each["objectClass"], each["change"]) for each in entries
    ]
    assert ("okta", "done") == (entries[1]["actor"], entries[1]["outcome"])
    assert (getpass.getuser(), "command line", "okta") == tuple(entries[2][name] for name in ("actor", "door", "uid"))


def test_a_second_server_is_refused_and_commands_are_not(
    server: ServerProcess, house: Path, run: Run, capsys: Capture
) -> None:
    """
    A folder has one server; reading, testing and a backup work beside it, a restore and a change of keys do not.
    """
    assert Exit.SETUP == run("serve")
    assert f"Another server uses the data folder {house}.data; each has its own" in capsys.readouterr().err
    assert Exit.OK == run("get", "account", SAMPLE, "--system", "webex")
    backup = house.parent / "backup.tgz"
    assert Exit.OK == run("store", "backup", str(backup))
    with tarfile.open(backup) as archive:
        assert ["store.db", "store.key"] == sorted(archive.getnames())
    for words in (("store", "restore", str(backup), "--yes"), ("store", "rotate-key")):
        assert Exit.SETUP == run(*words)
        assert "A server or command uses the data folder" in capsys.readouterr().err
    assert 200 == server.asked("GET", "/healthz").status_code


def test_a_backup_brings_access_back(house: Path, run: Run, capsys: Capture) -> None:
    """
    What was given after it is gone with the restore, what was given before it is good again.
    """
    kept = _token(run, capsys, "add", "okta")
    backup = house.parent / "backup.tgz"
    run("store", "backup", str(backup))
    run("access", "revoke", "okta")
    later = _token(run, capsys, "add", "later")
    assert Exit.OK == run("store", "restore", str(backup), "--yes")
    assert Exit.OK == run("store", "rotate-key")
    with serving(house) as server:
        assert [200, 401] == [server.asked("GET", ONE, each).status_code for each in (kept, later)]


def test_nothing_of_a_token_or_password_is_left_anywhere(
    house: Path, run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Of a whole run with right and wrong ones: not in the log, in answers, on the screen, nor in any file of the store
    and its backup.
    """
    token = _token(run, capsys, "add", "okta")
    monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))
    run("access", "add", "ida", "--role", "admin", "--password")
    wrong = "wxc_" + "x" * 43
    with serving(house) as server:
        answers = [
            server.asked("GET", ONE, token),
            server.asked("GET", ONE, wrong),
            server.asked("GET", ONE, X_OpenIDM_Username="ida", X_OpenIDM_Password=PASSWORD),
            server.asked("GET", ONE, X_OpenIDM_Username="ida", X_OpenIDM_Password=f"{PASSWORD}!"),
            server.asked("GET", "/openidm/info/login", token),
        ]
        for words in (("access", "list"), ("journal", "--json"), ("access", "revoke", "okta")):
            run(*words)
        answers.append(server.asked("GET", ONE, token))
    assert [200, 401, 200, 401, 200, 401] == [each.status_code for each in answers]
    backup = house.parent / "backup.tgz"
    run("store", "backup", str(backup))
    with tarfile.open(backup) as archive:
        archive.extractall(house.parent / "unpacked", filter="data")
    captured = capsys.readouterr()
    files = [file for folder in (f"{house}.data", house.parent / "unpacked") for file in Path(folder).iterdir()]
    places = {"log": server.log, "screen": captured.out + captured.err}
    places |= {f"answer {number}": f"{each.text} {each.headers}" for number, each in enumerate(answers)}
    places |= {str(file): file.read_bytes().decode("latin-1") for file in files}
    assert len(files) >= 4
    assert "gateway.login_failed" in server.log
    for secret in (token, token.removeprefix("wxc_"), wrong, PASSWORD):
        assert [] == [place for place, text in places.items() if secret in text]
    assert [place for place in places if token[:10] in places[place]], "a hint is kept, so that this search can find"


def test_a_server_needs_somebody_to_let_in(house: Path, run: Run, capsys: Capture) -> None:
    """
    Without any client it says how to make one and does not start; one of the store is enough.
    """
    text = house.read_text()
    begin, end = text.index("# Who may log in"), text.index("[systems.other]")
    house.write_text(text[:begin] + text[end:])
    capsys.readouterr()
    assert Exit.SETUP == run("serve")
    assert "Nobody could log in: webex-connector access add NAME makes a client" in capsys.readouterr().err

    token = _token(run, capsys, "add", "okta")
    with serving(house) as server:
        assert 200 == server.asked("GET", ONE, token).status_code
