"""
The commands that stay up, as processes that are started, used and stopped.
"""

import base64
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc.jwk import RSAKey

from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.sandbox.sandbox import Sandbox

COMMAND = [sys.executable, "-m", "webex_connector.cli"]


@contextlib.contextmanager
def _started(*words: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "WEBEX_CONNECTOR__SERVE__PORT": "0"}
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def _read_until(stream: Iterator[str], word: str) -> list[str]:
    lines = []
    for line in stream:
        lines.append(line.rstrip())
        if word in line:
            return lines
    pytest.fail(f"it ended without saying {word!r}: {lines}")


def _asked(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - an address of our own
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_serve_answers_until_it_is_asked_to_stop(config: Path) -> None:
    """
    The doors are where the message says, open for the configured client alone, and closed with 0 on SIGTERM.
    """
    password = (config.parent / f"{config.name}.secrets" / "password").read_text().strip()
    with _started("serve", "--quiet", "--config", str(config)) as process:
        assert process.stderr is not None
        warning, line, *doors = _read_until(process.stderr, "Ctrl-C")
        assert "move store.key elsewhere" in warning
        root = line.split()[3].removesuffix(".")
        login = {"X-OpenIDM-Username": "idm", "X-OpenIDM-Password": password}
        url = f"{root}/webex/ROLES?_queryFilter=true"

        assert line.startswith("Serving webex at http://127.0.0.1:")
        assert 401 == _asked(url)[0]
        status, answer = _asked(url, **login)
        assert 200 == status
        assert 9 == json.loads(answer)["resultCount"]
        base = root.removesuffix("/openidm/system")
        assert [f"SCIM of webex: {base}/scim/webex/v2", f"Console: {base}/", "Ctrl-C stops."] == doors
        basic = base64.b64encode(f"idm:{password}".encode()).decode()
        assert 200 == _asked(f"{base}/scim/webex/v2/ServiceProviderConfig", Authorization=f"Basic {basic}")[0]

        process.send_signal(signal.SIGTERM)
        assert Exit.OK == process.wait(10)
        assert "" == process.stderr.read()


def test_serve_on_a_taken_port_is_a_matter_of_setup(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    The port is named, and nothing keeps running.
    """
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("WEBEX_CONNECTOR__SERVE__PORT", str(port))

        assert Exit.SETUP == main(["serve", "--config", str(config)])

    assert f"Port {port} on 127.0.0.1 is taken" in capsys.readouterr().err


def test_sandbox_is_there_for_other_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The file that it writes lets the next command in; Ctrl-C ends it well.
    """
    config = tmp_path / "wc.toml"
    words = ("sandbox", "--people", "5", "--port", "0", "--write-config", str(config), "--json")
    with _started(*words) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        facts = json.loads(process.stdout.readline())
        _read_until(process.stderr, "Ctrl-C")

        assert Exit.OK == main(["list", "account", "--json", "--config", str(config)])
        assert 5 == len(capsys.readouterr().out.splitlines())
        status, _ = _asked(f"{facts['serviceUri']}/people", Authorization=f"Bearer {facts['access_token']}")
        assert 200 == status

        process.send_signal(signal.SIGINT)
        assert Exit.OK == process.wait(10)


def test_sandbox_prints_settings_to_paste(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What is printed is a settings file that works once its variables are set.
    """
    with _started("sandbox", "--people", "5", "--port", "0") as process:
        assert process.stdout is not None
        lines = _read_until(process.stdout, 'IDM_PASSWORD"')
        printed = "\n".join(lines[next(n for n, line in enumerate(lines) if line.startswith("# webex-connector")) :])
        for line in lines:
            if line.startswith("#   export "):
                monkeypatch.setenv(*line.removeprefix("#   export ").split("=", 1))
        config = tmp_path / "wc.toml"
        config.write_text(printed)

        assert Exit.OK == main(["test", "--config", str(config)])


LOGINS: dict[str, str] = {
    "client_credentials": 'grantType = "client_credentials"\nclientId = "{client_id}"\nclientSecret = "env:SECRET"',
    "jwt_bearer": 'grantType = "jwt_bearer"\nclientId = "{client_id}"\njwtPem = "file:key.pem"',
    "JWT_TOKEN": 'authenticationMethod = "JWT_TOKEN"\njwtPem = "file:key.pem"',
    "BASIC": 'authenticationMethod = "BASIC"\nlogin = "{login}"\npassword = "env:PASSWORD"',
    "TOKEN": 'authenticationMethod = "TOKEN"\nauthToken = "env:TOKEN"',
}


def test_the_sandbox_takes_each_way_to_log_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    With the values that it prints, and the key that it was told to trust.
    """
    key = RSAKey.generate_key(2048)
    (tmp_path / "key.pem").write_bytes(key.as_pem(private=True))
    (tmp_path / "key.pub").write_bytes(key.as_pem(private=False))
    words = ("sandbox", "--people", "5", "--port", "0", "--trusted-key", str(tmp_path / "key.pub"), "--json")
    with _started(*words) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        for name, fact in (("SECRET", "client_secret"), ("PASSWORD", "password"), ("TOKEN", "access_token")):
            monkeypatch.setenv(name, facts[fact])
        for login, properties in LOGINS.items():
            config = tmp_path / f"{login}.toml"
            where = f'serviceUri = "{facts["serviceUri"]}"\ntokenEndpoint = "{facts["tokenEndpoint"]}"\n'
            system = '[systems.webex]\nconnector = "control_hub"\n[systems.webex.configuration]\n'
            config.write_text(system + where + properties.format_map(facts))

            assert Exit.OK == main(["test", "--config", str(config)]), login


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot read"),
        (b"\n", "it is empty"),
        (b"\xff", "it is no text"),
        (b"-----BEGIN PUBLIC KEY-----\nx", "it is no public key in PEM form"),
        (RSAKey.generate_key(2048).as_pem(private=True), "its public half: openssl pkey -pubout"),
    ],
)
def test_a_key_that_cannot_be_trusted_is_refused(
    content: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Before anything is served, with the file and what is wrong.
    """
    file = tmp_path / "key.pub"
    if content is not None:
        file.write_bytes(content)

    assert Exit.USAGE == main(["sandbox", "--port", "0", "--trusted-key", str(file)])

    told = " ".join(capsys.readouterr().err.split())
    assert "--trusted-key" in told
    assert said in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sandbox", "--people", "1"), "--people: an organisation has at least 2 people"),
        (("sandbox", "--people", "2", "--site-users", "2"), "--site-users: a site has at least 3 users"),
        (("demo", "--people", "0", "--once"), "--people: an organisation has at least 2 people"),
    ],
)
def test_too_few_people_are_refused(words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The smallest organisation has two people.
    """
    assert Exit.USAGE == main(words)

    assert said in capsys.readouterr().err


def test_sandbox_on_a_taken_port_is_a_matter_of_setup(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The port is named, and how to choose another.
    """
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])

        assert Exit.SETUP == main(["sandbox", "--people", "5", "--port", port])

    assert f"Cannot listen on port {port}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [(("sandbox", "--port", "99999"), Exit.USAGE), (("demo", "--once", "--port", "99999"), Exit.SETUP)],
)
def test_a_port_that_does_not_exist_is_refused(
    words: tuple[str, ...],
    code: Exit,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    It is not taken for another port.
    """
    assert code == main([*words, "--people", "5"])

    assert "is no port 99999" in capsys.readouterr().err


def test_sandbox_does_not_begin_when_its_settings_are_there_already(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Settings are not overwritten, and nothing is printed that would have to be found again.
    """
    config = tmp_path / "wc.toml"
    config.write_text("# mine")

    assert Exit.SETUP == main(["sandbox", "--people", "5", "--port", "0", "--write-config", str(config)])

    out, err = capsys.readouterr()
    assert ("", "# mine") == (out, config.read_text())
    assert "is there already; name another file" in err


def test_who_is_made_in_the_readme_is_not_there_yet() -> None:
    """
    The first steps of a newcomer succeed: nobody of the simulated organisation has an address that they give away.
    """
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    addresses = set(re.findall(r"[\w.]+@acme\.example", readme))
    world = Sandbox(people=2000, seed=7).world

    assert 2 == len(addresses)
    assert [None, None] == [world.person_at(address) for address in addresses]
