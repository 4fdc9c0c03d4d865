"""
`connect`: from the redirect URI to a system that every command can use.
"""

import asyncio
import io
import json
import socket
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes.consenting import decided
from webex_connector.cli import connecting
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.icf.errors import OperationTimeout

Connect = Callable[..., int]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def bare(config: Path) -> Path:
    """
    Settings that know the organisation and the client id, and no secret; another port than everybody's for the answer.
    """
    lines = [each for each in config.read_text().splitlines() if not each.startswith(("clientSecret", "refreshToken"))]
    config.write_text("\n".join([*lines, "[connect]", f"port = {_free_port()}", ""]))
    return config


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """
    Type these lines.
    """

    def type_(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return type_


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, organisation: object) -> Callable[..., None]:
    """
    Open the consent page in a browser whose person decides so; the page leads back as it is registered.
    """

    def person(decision: str, **changed: str) -> None:
        def opened(address: str) -> bool:
            def visit() -> None:
                back = asyncio.run(decided(address, decision, **changed))
                with urllib.request.urlopen(back) as shown:  # noqa: S310 - an address of this computer
                    assert b"Go on in the terminal" in shown.read()

            threading.Thread(target=visit).start()
            return True

        monkeypatch.setattr("webbrowser.open", opened)

    return person


@pytest.fixture(autouse=True)
def registered(bare: Path, organisation: object) -> None:
    """
    Register the redirect URI of the settings' port with the sandbox's integration.
    """
    port = bare.read_text().rpartition("port = ")[2].strip()
    grants = organisation.sandbox.world.grants  # type: ignore[attr-defined]  # the fixture's own thread
    known = grants._credentials
    grants._credentials = type(known)(
        redirect_uris=(f"http://127.0.0.1:{port}/callback", "http://localhost:3000/auth/code")
    )


def test_connect_shows_the_redirect_uri_and_stores_what_consent_brings(
    bare: Path,
    typed: Callable[..., None],
    browser: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    From then on every command works, though no file holds a secret.
    """
    typed("sandbox-client-secret")
    browser("allow")

    assert Exit.OK == main(["connect", "--config", str(bare)])

    shown = capsys.readouterr()
    port = bare.read_text().rpartition("port = ")[2].strip()
    assert f"http://127.0.0.1:{port}/callback" in shown.err
    assert "Acme Example" in shown.out
    assert "Ada Admin" in shown.out
    assert Exit.OK == main(["test", "--config", str(bare)])
    assert "sandbox-client-secret" not in shown.out + shown.err
    assert "sandbox-client-secret" not in bare.read_text()


def test_details_for_machines(
    bare: Path,
    typed: Callable[..., None],
    browser: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    One JSON value, and nothing secret in it.
    """
    typed("sandbox-client-secret")
    browser("allow")

    assert Exit.OK == main(["connect", "webex", "--json", "--config", str(bare)])

    found = json.loads(capsys.readouterr().out)
    assert ("webex", True, "by itself") == (found["system"], found["ok"], found["renewed"])


@pytest.mark.parametrize(
    ("secret", "person", "code", "sentence"),
    [
        ("sandbox-client-secret", ("deny", {}), Exit.REFUSED, "Consent was denied on Webex's page. Nothing was stored"),
        ("wrong", ("allow", {}), Exit.SETUP, "Webex does not know this client id with this client secret"),
        ("sandbox-client-secret", ("allow", {"state": "other"}), Exit.USAGE, "not the answer to the question"),
        ("sandbox-client-secret", ("allow", {"code_challenge": "x" * 43}), Exit.SETUP, "PKCE"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_an_exit_code(
    bare: Path,
    typed: Callable[..., None],
    browser: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    secret: str,
    person: tuple[str, dict[str, str]],
    code: Exit,
    sentence: str,
) -> None:
    """
    Nothing is stored: the system is as little connected as before.
    """
    typed(secret)
    browser(person[0], **person[1])

    assert code == main(["connect", "--config", str(bare)])

    assert sentence in capsys.readouterr().err
    assert Exit.SETUP == main(["test", "--config", str(bare)])
    assert "The system webex is not connected yet" in capsys.readouterr().err


def test_nobody_comes_back(
    bare: Path,
    typed: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    As when Webex refuses the redirect URI on a page of its own.
    """
    typed("sandbox-client-secret")
    monkeypatch.setattr("webbrowser.open", lambda _address: True)
    monkeypatch.setattr(connecting, "PATIENCE", 0.01)

    assert Exit.TRY_LATER == main(["connect", "--config", str(bare)])
    assert "register http://127.0.0.1:" in capsys.readouterr().err
    assert OperationTimeout.verdict.value == "retry later"


def test_a_port_that_is_taken_is_named(
    bare: Path, typed: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Before anybody is sent to Webex in vain.
    """
    port = int(bare.read_text().rpartition("port = ")[2])
    typed("sandbox-client-secret")
    with socket.create_server(("127.0.0.1", port)):
        assert Exit.SETUP == main(["connect", "--config", str(bare)])

    assert f"Port {port} on 127.0.0.1 is taken" in capsys.readouterr().err


def test_the_address_may_be_pasted(
    bare: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Where no browser runs, somebody opens the address elsewhere.
    """

    class Keyboard:
        lines = 0

        def isatty(self) -> bool:
            return False

        def readline(self) -> str:
            self.lines += 1
            if self.lines == 1:
                return "sandbox-client-secret\n"
            address = next(each for each in capsys.readouterr().err.split() if "/authorize?" in each)
            found: list[str] = []
            person = threading.Thread(target=lambda: found.append(asyncio.run(decided(address))))
            person.start()
            person.join()
            return f"{found[0]}\n"

    monkeypatch.setattr("sys.stdin", Keyboard())

    assert Exit.OK == main(["connect", "--paste", "--config", str(bare)])
    assert "Acme Example" in capsys.readouterr().out


def test_a_bearer_token_is_warned_of(
    bare: Path,
    typed: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Nobody renews it.
    """
    typed("sandbox-admin-token")

    assert Exit.OK == main(["connect", "--bearer", "--config", str(bare)])

    shown = capsys.readouterr()
    assert "only a person can replace it" in shown.err
    assert "sandbox-admin-token" not in shown.out + shown.err


def test_what_was_stored_can_be_forgotten(
    bare: Path,
    typed: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Then the settings alone count again.
    """
    typed("sandbox-admin-token")
    main(["connect", "--bearer", "--config", str(bare)])

    assert Exit.OK == main(["connect", "--forget", "--config", str(bare)])
    assert Exit.SETUP == main(["test", "--config", str(bare)])
    assert "Forgot what was stored of webex" in capsys.readouterr().err


def test_nothing_typed_is_nothing_stored(
    bare: Path,
    typed: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    The person reads for what nothing was given.
    """
    typed("")

    assert Exit.USAGE == main(["connect", "--config", str(bare)])
    assert "Nothing was given for: Client secret" in capsys.readouterr().err


def test_an_unknown_system_is_told_with_those_there_are(bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Names come from the settings.
    """
    assert Exit.USAGE == main(["connect", "webx", "--config", str(bare)])
    assert "There is no system webx; there are: webex" in capsys.readouterr().err
