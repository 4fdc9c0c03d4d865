"""
Access to the doors from the command line.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from webex_connector.base.clock import SystemClock
from webex_connector.cli.exits import Exit

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]
PASSWORD = "correct horse battery"


class _Terminal(StringIO):
    """
    Somebody who types.
    """

    def isatty(self) -> bool:
        """
        Say so.
        """
        return True


def _listed(run: Run, capsys: Capture) -> list[Any]:
    capsys.readouterr()
    assert Exit.OK == run("access", "list", "--json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _refused(run: Run, capsys: Capture, code: Exit, *words: str) -> str:
    capsys.readouterr()
    assert code == run("access", *words)
    captured = capsys.readouterr()
    assert not captured.out
    return captured.err


def test_a_token_is_shown_once(run: Run, capsys: Capture) -> None:
    """
    Alone on standard output, so that it can be piped to where it is needed; the list shows how it begins.
    """
    assert Exit.OK == run("access", "add", "okta", "--role", "reader", "--system", "webex")
    captured = capsys.readouterr()
    token = captured.out.strip()
    assert token.startswith("wxc_")
    assert "The token of okta, which is not shown again:" in captured.err

    fixed, okta = _listed(run, capsys)
    assert ("idm", "in the settings") == (fixed["name"], fixed["is"])
    assert ("okta", "reader", "webex", "good") == (okta["name"], okta["role"], okta["systems"], okta["is"])
    assert f"token {token[:10]}…" == okta["shows"]


def test_a_list_for_people(run: Run, capsys: Capture) -> None:
    """
    A table with a line for each; no token in it.
    """
    run("access", "add", "okta")
    token = capsys.readouterr().out.strip()
    assert Exit.OK == run("access", "list")
    table = capsys.readouterr().out
    assert "okta\tprovisioner\tall\t\ttoken wxc_" in table
    assert token not in table


@pytest.mark.parametrize(("expires", "after"), [("90d", timedelta(days=90)), ("12h", timedelta(hours=12))])
def test_an_end_is_given_as_a_time(run: Run, capsys: Capture, expires: str, after: timedelta) -> None:
    """
    In days or hours from now.
    """
    run("access", "add", "okta", "--expires", expires)
    _, okta = _listed(run, capsys)
    ends = datetime.fromisoformat(okta["ends"]).replace(tzinfo=UTC)
    assert abs(SystemClock().now() + after - ends) < timedelta(minutes=2)


def test_an_end_is_given_as_a_moment(run: Run, capsys: Capture) -> None:
    """
    A day begins at midnight UTC.
    """
    run("access", "add", "okta", "--expires", "2999-12-31")
    assert "2999-12-31 00:00" == _listed(run, capsys)[1]["ends"]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (
            ("add", "okta", "--expires", "soon"),
            Exit.USAGE,
            "--expires: soon is no time; write 90d, 12h, 30m or",
        ),
        (("add", "okta", "--expires", "2020-01-01"), Exit.USAGE, "its end is in the past"),
        (("add", "okta", "--system", "nope"), Exit.USAGE, "There is no system nope; there are: webex"),
        (("add", "two words"), Exit.USAGE, "'two words' is no name of a client"),
        (("add", "idm"), Exit.CONFLICT, "The settings have a client idm, [clients.idm]"),
        (("rotate", "nobody"), Exit.NOT_FOUND, "There is no client nobody, or it was revoked"),
        (("rotate", "idm"), Exit.NOT_FOUND, "idm is a client of the settings, [clients.idm]: change it there"),
        (("rotate", "idm", "--keep", "long"), Exit.USAGE, "--keep: long is no time"),
        (("revoke", "nobody"), Exit.NOT_FOUND, "There is no client nobody, or it was revoked"),
    ],
)
def test_what_cannot_be_is_told(run: Run, capsys: Capture, words: Sequence[str], code: Exit, why: str) -> None:
    """
    One sentence and the exit code; nobody was let in.
    """
    assert why in _refused(run, capsys, code, *words)
    assert ["idm"] == [each["name"] for each in _listed(run, capsys)]


def test_a_second_of_a_name_is_refused(run: Run, capsys: Capture) -> None:
    """
    With what can be done instead; the first keeps its token.
    """
    run("access", "add", "okta")
    assert "There is a client okta; rotate gives it a new token" in _refused(run, capsys, Exit.CONFLICT, "add", "okta")
    assert 2 == len(_listed(run, capsys))


def test_a_password_is_typed_twice(run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Two different ones are a slip; nothing of what was typed is shown.
    """
    monkeypatch.setattr("sys.stdin", _Terminal())
    for typed, code in (((PASSWORD, f"{PASSWORD}!"), Exit.USAGE), ((PASSWORD, PASSWORD), Exit.OK)):
        answers = iter(typed)
        monkeypatch.setattr("getpass.getpass", lambda *_, answers=answers: next(answers))
        assert code == run("access", "add", "ida", "--role", "admin", "--password")
        captured = capsys.readouterr()
        assert PASSWORD not in captured.out + captured.err
    assert [("ida", "password")] == [(each["name"], each["shows"]) for each in _listed(run, capsys)[1:]]


def test_a_password_is_piped(run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    One line for a script; a rotation asks whom has a password for a new one, and prints no token.
    """
    for words in (("add", "ida", "--password"), ("rotate", "ida")):
        monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))
        assert Exit.OK == run("access", *words)
        assert not capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", StringIO("short\n"))
    assert "A password has 12 characters at least" in _refused(run, capsys, Exit.USAGE, "rotate", "ida")
    assert ["password"] == [each["shows"] for each in _listed(run, capsys)[1:]]


def test_a_rotation_and_a_revocation(run: Run, capsys: Capture) -> None:
    """
    The old token stays for the overlap; then nothing is worth anything, which the list says.
    """
    run("access", "add", "okta")
    old = capsys.readouterr().out.strip()
    assert Exit.OK == run("access", "rotate", "okta", "--keep", "24h", "--expires", "90d")
    new = capsys.readouterr().out.strip()
    assert old != new
    assert ["good", "good"] == [each["is"] for each in _listed(run, capsys)[1:]]

    assert Exit.OK == run("access", "revoke", "okta")
    assert "okta is not let in any more." in capsys.readouterr().err
    assert ["revoked", "revoked"] == [each["is"] for each in _listed(run, capsys)[1:]]


def test_an_empty_house_says_how_to_begin(run: Run, capsys: Capture, config: Path) -> None:
    """
    Without clients in settings or store the list names the command that makes one.
    """
    config.write_text(config.read_text().partition("# Who may log in")[0])
    assert Exit.OK == run("access", "list")
    assert "Nobody may use the doors: webex-connector access add NAME." in capsys.readouterr().err


def test_limits_are_given_and_listed(run: Run, capsys: Capture) -> None:
    """
    In the words that they are given in; a reader needs none of them.
    """
    words = ("--without", "delete", "--without", "disable", "--objects", "users", "--objects", "groups")
    assert Exit.OK == run("access", "add", "okta", *words)
    assert "no delete, no disable, users and groups alone" == _listed(run, capsys)[1]["limits"]
    refused = _refused(run, capsys, Exit.USAGE, "add", "other", "--objects", "cars")
    assert "There are no objects cars; there are: users, groups, teams" in refused
    assert 2 == len(_listed(run, capsys))


def test_assertions_in_place_of_a_token(run: Run, capsys: Capture, config: Path) -> None:
    """
    Nothing is shown, since nothing was made; the list says who speaks for the client.
    """
    keys = 'keys = "https://login.example.com/keys"\naudience = ["api://wx"]\n'
    config.write_text(f"{config.read_text()}\n[issuers.tenant]\n{keys}")
    capsys.readouterr()
    assert Exit.OK == run("access", "add", "entra", "--issuer", "tenant", "--subject", "8f3c")
    captured = capsys.readouterr()
    assert ("", "Assertions of tenant about 8f3c speak for entra from now on.") == (captured.out, captured.err.strip())
    line = _listed(run, capsys)[1]
    assert ("assertions of tenant about 8f3c", "good", None) == (line["shows"], line["is"], line["ends"])
    for words, code, why in (
        (("other", "--issuer", "tenant"), Exit.USAGE, "--issuer and --subject go together"),
        (("other", "--issuer", "t", "--subject", "x"), Exit.USAGE, "The settings have no issuer t, [issuers.t]"),
        (("other", "--issuer", "tenant", "--subject", "8f3c"), Exit.CONFLICT, "about 8f3c speak for entra"),
        (
            ("other", "--issuer", "tenant", "--subject", "x", "--expires", "9d"),
            Exit.USAGE,
            "Assertions end by themselves",
        ),
    ):
        assert why in _refused(run, capsys, code, "add", *words)
    assert Exit.OK == run("access", "revoke", "entra")
    assert Exit.OK == run("access", "add", "other", "--issuer", "tenant", "--subject", "8f3c")
