"""
Connector servers asked from the command line.
"""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.memory_connector import MemoryConnector
from fakes.remote_client import KEY, MemoryKind, Served, serving
from webex_connector.app.self_signed import self_signed
from webex_connector.base.clock import SystemClock
from webex_connector.cli.exits import Exit
from webex_connector.cli.main import main
from webex_connector.icf.objects import Finding, TestReport, Verdict
from webex_connector.icf.options import OperationOptions

CONNECTOR = "org.example.Connector"
RIGHT = ("-p", "clientSecret=env:SECRET")

Ask = Callable[..., int]
"""
Runs the command against a server and returns its exit code.
"""


class _Broken(MemoryConnector):
    async def test(self, options: OperationOptions) -> TestReport:
        return TestReport((Finding("dictionary", Verdict.NO, "is lost"),))


class _Serving(threading.Thread):
    """
    A connector server in a loop of its own, since commands run theirs.
    """

    served: Served

    def __init__(self, tls: ssl.SSLContext | None = None, connector: MemoryConnector | None = None) -> None:
        super().__init__(daemon=True)
        self._tls, self._connector = tls, connector or MemoryConnector()
        self._up = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()

    def run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        clock = SystemClock()
        async with serving(clock, kind=MemoryKind(clock, self._connector), tls=self._tls) as self.served:
            self._up.set()
            await self._end.wait()

    def __enter__(self) -> Served:
        self.start()
        assert self._up.wait(10)
        return self.served

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self.join()


@pytest.fixture
def served() -> Iterator[Served]:
    """
    A server of plain TCP with the in-memory connector.
    """
    with _Serving() as found:
        yield found


@pytest.fixture
def ask(served: Served, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """
    Ask it, with its key.
    """
    monkeypatch.setenv("KEY", KEY)
    monkeypatch.setenv("SECRET", "right")
    place = f"{served.platform.host}:{served.platform.port}"
    return lambda *words: main(["remote", "probe", place, "--plain", "--key", "env:KEY", *words])


def test_it_lists_what_there_is(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Each connector is a line with its name, version, bundle and properties.
    """
    assert Exit.OK == ask()

    heading, line = capsys.readouterr().out.splitlines()
    assert ["connector", "version", "bundle", "name", "properties"] == heading.split("\t")
    assert [
        CONNECTOR,
        "1.0",
        "org.example.bundle",
        "In memory",
        "system, serviceUri, clientSecret, classes, claims, pool",
    ] == line.split("\t")


def test_it_lists_properties_for_machines(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    """
    In JSON each property has its label, help, type and default, as a form would show them; a secret has no default.
    """
    assert Exit.OK == ask("--json")

    (connector,) = json.loads(capsys.readouterr().out)["connectors"]
    by_name = {each["name"]: each for each in connector["properties"]}
    assert {
        "name": "serviceUri",
        "label": "Service Uri",
        "help": "Where it's {found}.",
        "type": "String",
        "secret": False,
        "required": False,
        "default": "https://example.com",
    } == by_name["serviceUri"]
    assert (True, None) == (by_name["clientSecret"]["secret"], by_name["clientSecret"]["default"])
    assert ("String[]", "") == (by_name["classes"]["type"], by_name["classes"]["default"])
    assert ("Long", "10") == (by_name["pool"]["type"], by_name["pool"]["default"])
    assert "SearchApiOp" in connector["operations"]


def test_it_tests_a_connector(ask: Ask, served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The server is given the configuration, with secrets as secrets and numbers as numbers, and tests it.
    """
    assert Exit.OK == ask("--test", CONNECTOR, *RIGHT, "-p", "pool=3", "-p", "classes=a,b", "--json")

    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert "__ACCOUNT__" in found["objectClasses"]
    (seen,) = served.kind.seen
    assert ("right", 3, ("a", "b")) == (seen["clientSecret"].reveal(), seen["pool"], seen["classes"])  # type: ignore[attr-defined]  # a Secret


def test_it_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    A connector whose test fails is told with the reason, and ends with an exit code of its own.
    """
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "secret").write_text("right")
    with _Serving(connector=_Broken()) as served:
        place = f"{served.platform.host}:{served.platform.port}"
        words = ("--plain", "--key", f"file:{tmp_path / 'key'}", "--test", CONNECTOR)
        assert Exit.FAILED == main(["remote", "probe", place, *words, "-p", f"clientSecret=file:{tmp_path / 'secret'}"])

    assert "✗\tconnector\tno\tdictionary: is lost" in capsys.readouterr().out


WRONG = {
    "a secret in sight": (("--test", CONNECTOR, "-p", "clientSecret=right"), Exit.USAGE, "must not stand here"),
    "no such property": (("--test", CONNECTOR, "-p", "serviceUrl=x"), Exit.SETUP, "did you mean serviceUri?"),
    "no number": (("--test", CONNECTOR, *RIGHT, "-p", "pool=many"), Exit.SETUP, "pool: must be of type Long"),
    "no assignment": (("--test", CONNECTOR, "-p", "pool"), Exit.USAGE, "name=value"),
    "no connector": (("--test", "org.example.Other"), Exit.USAGE, f"there are: {CONNECTOR}"),
    "refused by the server": (("--test", CONNECTOR), Exit.SETUP, "clientSecret: is required"),
    "nothing to configure": (RIGHT, Exit.USAGE, "--test"),
    "trust without TLS": (("--fingerprint", "00"), Exit.USAGE, "--plain"),
    "no time": (("--within", "0"), Exit.USAGE, "--within"),
}


@pytest.mark.parametrize(("words", "code", "reason"), WRONG.values(), ids=WRONG)
def test_wrong_words_are_told(
    ask: Ask, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: Exit, reason: str
) -> None:
    """
    What is wrong with the words or the configuration is told in a sentence; no secret is repeated.
    """
    assert code == ask(*words)
    said = capsys.readouterr().err
    assert reason in said
    assert "right" not in said


def test_a_wrong_key_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Somebody with a wrong key hears that it is the key.
    """
    monkeypatch.setenv("KEY", "guess")
    assert Exit.SETUP == ask()
    assert "does not know this key" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["", ":8759", "host:", "host:0", "host:99999", "::1", "[::1", "host:tcp"])
def test_a_place_that_is_none_is_told(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What is no host with or without a port is refused before anybody is asked.
    """
    assert Exit.USAGE == main(["remote", "probe", place, "--plain", "--key", "file:/dev/null"])
    assert "HOST" in capsys.readouterr().err


def test_nobody_there_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Where nobody listens, the same command may work later.
    """
    monkeypatch.setenv("KEY", KEY)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert Exit.TRY_LATER == main(["remote", "probe", f"127.0.0.1:{port}", "--plain", "--key", "env:KEY"])
    assert "cannot be reached" in capsys.readouterr().err


def test_tls_where_none_is_spoken_is_told(served: Served, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """
    TLS towards a server of plain TCP ends with a sentence, soon.
    """
    key = tmp_path / "key"
    key.write_text(KEY)
    place = f"{served.platform.host}:{served.platform.port}"
    assert Exit.TRY_LATER == main(["remote", "probe", place, "--key", f"file:{key}"])
    assert place in capsys.readouterr().err


@contextmanager
def _by_tls(folder: Path) -> Iterator[tuple[list[str], str]]:
    made = self_signed(["127.0.0.1"], SystemClock().now(), timedelta(days=2))
    (folder / "both.pem").write_bytes(made.key + made.certificate)
    (folder / "server.crt").write_bytes(made.certificate)
    (folder / "key").write_text(KEY)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "both.pem")
    with _Serving(context) as served:
        place = f"{served.platform.host}:{served.platform.port}"
        yield ["remote", "probe", place, "--key", f"file:{folder / 'key'}"], made.fingerprint


def test_certificates_are_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    A certificate is trusted by a file or by its fingerprint; neither an unknown one nor another fingerprint is told the
    key.
    """
    with _by_tls(tmp_path) as (words, fingerprint):
        assert Exit.OK == main([*words, "--ca", str(tmp_path / "server.crt")])
        assert Exit.OK == main([*words, "--fingerprint", fingerprint])
        assert Exit.OK == main([*words, "--fingerprint", fingerprint.replace(":", "").lower()])
        assert 3 == capsys.readouterr().out.count(CONNECTOR)

        assert Exit.SETUP == main(words)
        assert "is not trusted" in capsys.readouterr().err
        assert Exit.SETUP == main([*words, "--fingerprint", f"00{fingerprint[2:]}"])
        assert f"fingerprint {fingerprint}" in capsys.readouterr().err
        assert Exit.USAGE == main([*words, "--fingerprint", "00"])
        assert Exit.SETUP == main([*words, "--ca", str(tmp_path / "key")])
